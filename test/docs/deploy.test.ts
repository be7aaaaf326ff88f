import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { queueNames, ruleNamePrefix } from '../../infra/config.ts'
import { hubAlarms } from '../../infra/hub/alarms.ts'
import { deployedRolePrefixes, hubFailedInvocations, stackSetName } from '../../infra/hub-config.ts'
import { stackNames } from '../../infra/templates.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import { chosen, guardrailStack, hubStack } from '../infra/hub-synthesised.ts'
import { deployed, memberStack, ofType } from '../infra/synthesised.ts'
import { findingOf, noon, region } from '../lambdas/finding-publisher/scenario.ts'

const root = join(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const page = text('docs/deploy.md')
const hub = hubStack().template
const member = memberStack().template
const guardrail = guardrailStack().template

interface Parameter {
  readonly Default?: string
  readonly Description: string
  readonly AllowedValues?: readonly string[]
}

const parametersOf = (template: Template) => Object.entries(template.toJSON().Parameters as Record<string, Parameter>)

/** The table of a stack's parameters as the page has to show it. */
function tableOf(template: Template): string {
  const rows = parametersOf(template).map(([name, parameter]) => {
    const description = parameter.Description.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('_', '\\_')
    return `| \`${name}\` | ${description} | ${defaultOf(parameter)} |`
  })
  return ['| parameter | meaning | default |', '|---|---|---|', ...rows].join('\n')
}

function defaultOf({ Default, AllowedValues }: Parameter): string {
  if (Default === undefined) return '**required**'
  const others = AllowedValues?.filter((value) => value !== Default) ?? []
  const choice = others.length > 0 ? `; or ${others.map((value) => `\`${value}\``).join(', ')}` : ''
  return `${Default === '' ? 'empty' : `\`${Default}\``}${choice}`
}

/** The parameters that commands on the page set, of stacks made by hand and by the CDK. */
function setIn(section: string): readonly string[] {
  const start = page.indexOf(`## ${section}\n`)
  expect(start).toBeGreaterThan(0)
  const body = page.slice(start, page.indexOf('\n## ', start + 1))
  return [...body.matchAll(/(?:^|[ '"])([A-Z][A-Za-z]+)=/gm)].map(([, name = '']) => name)
}

describe('the page on deployment', () => {
  it.each([
    ['hub', hub],
    ['member', member],
    ['guardrail', guardrail],
  ])('shows every parameter of the %s template as it is', (_, template) => {
    expect(page).toContain(`\n\n${tableOf(template)}\n\n`)
  })

  it('says which parameters of members the hub leaves alone', () => {
    const set = ofType(deployed(hub, chosen), 'AWS::CloudFormation::StackSet').flatMap(({ Properties }) =>
      Properties.Parameters.map(({ ParameterKey }: { ParameterKey: string }) => ParameterKey),
    )
    const left = parametersOf(member).flatMap(([name]) => (set.includes(name) ? [] : [`\`${name}\``]))
    expect(left.length).toBeGreaterThan(2)
    expect(page).toContain(`The hub leaves these at their defaults: ${left.join(', ')}.`)
  })

  it.each([
    ['The hub with the CDK', hub],
    ['The hub without the CDK', hub],
    ['The management account', member],
    ['The guardrail', guardrail],
  ])('sets only parameters there are, and those that are required, in: %s', (section, template) => {
    const all = parametersOf(template)
    const names = setIn(section)
    expect(names.filter((name) => !all.some(([known]) => known === name))).toEqual([])
    const required = all.flatMap(([name, { Default }]) => (Default === undefined ? [name] : []))
    // The CDK brings the member template itself.
    const wanted = section.includes('with the CDK') ? required.filter((name) => name !== 'MemberTemplateUrl') : required
    expect(wanted.filter((name) => !names.includes(name))).toEqual([])
  })

  it('names what stays behind, and nothing that is not retained', () => {
    const kept = [hub, member, guardrail].flatMap((template) =>
      Object.values(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>).flatMap(
        ({ Type, DeletionPolicy }) => (DeletionPolicy?.startsWith('Retain') ? [Type] : []),
      ),
    )
    expect(kept.sort()).toEqual(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
    expect(page).toContain('the bucket, its policy and its key')
  })

  it('speaks of stacks, queues, alarms and outputs by their names', () => {
    const outputs = Object.keys(hub.toJSON().Outputs)
    const names = [
      ...Object.values(stackNames),
      ...[stackSetName, hubFailedInvocations, queueNames.failedInvocations, ...deployedRolePrefixes],
      ...[...hubAlarms.map(({ id }) => id), ...outputs],
    ]
    expect(names.filter((name) => !page.includes(name))).toEqual([])
  })

  it('refers to pages and files that are there', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path)
    const own = links.filter((path) => !path.startsWith('https://'))
    expect(own.length).toBeGreaterThan(5)
    for (const path of own) expect(() => text(join('docs', path)), path).not.toThrow()
  })

  it('is found from the project’s first page and from the list of pages', () => {
    expect(text('README.md')).toContain('](docs/deploy.md)')
    expect(text('docs/README.md')).toContain('[deploy.md](deploy.md)')
  })
})

describe('the automation rule against findings that come twice', () => {
  const rule = JSON.parse(text('examples/security-hub/suppress-aws-config-duplicates.json'))

  interface Filter {
    readonly Value: string
    readonly Comparison: 'EQUALS' | 'PREFIX'
  }

  /** Filters of a field are alternatives; all fields have to match. */
  function suppresses(finding: Readonly<Record<string, unknown>>): boolean {
    return Object.entries<readonly Filter[]>(rule.Criteria).every(([field, filters]) =>
      filters.some(({ Value, Comparison }) => {
        const value = String(finding[field])
        return Comparison === 'EQUALS' ? value === Value : value.startsWith(Value)
      }),
    )
  }

  /** What AWS Config sends, in the fields that its documentation shows. */
  const ofConfig = (ruleName: string) => ({ ProductName: 'Config', CompanyName: 'AWS', Title: ruleName })
  const ruleNames = ofType(deployed(member, { ConfigRules: 'rules' }), 'AWS::Config::ConfigRule').map(
    ({ Properties }) => Properties.ConfigRuleName as string,
  )

  it('catches AWS Config’s findings on every rule of ours, alone or in the conformance pack', () => {
    expect(ruleNames.length).toBeGreaterThan(20)
    expect(ruleNames.filter((name) => !suppresses(ofConfig(name)))).toEqual([])
    const packed = ruleNames.map((name) => `${name}-conformance-pack-a1b2c3d4e`)
    expect(packed.filter((name) => !suppresses(ofConfig(name)))).toEqual([])
    expect(rule.Criteria.Title).toEqual([{ Value: ruleNamePrefix, Comparison: 'PREFIX' }])
  })

  it('catches neither our own findings nor those on rules of others', () => {
    const ours = asffOf(findingOf('x', { title: `${ruleNamePrefix}x` }), noon, region)
    expect(ours).toMatchObject({ ProductName: 'Pullpath', Title: `${ruleNamePrefix}x` })
    expect(suppresses({ ...ours })).toBe(false)
    expect(suppresses(ofConfig('s3-bucket-level-public-access-prohibited'))).toBe(false)
    expect(suppresses({ ...ofConfig(`${ruleNamePrefix}x`), ProductName: 'Security Hub' })).toBe(false)
  })

  it('suppresses, and changes nothing else of a finding but its note', () => {
    const [action, ...more] = rule.Actions
    expect(more).toEqual([])
    expect(action.Type).toBe('FINDING_FIELDS_UPDATE')
    expect(Object.keys(action.FindingFieldsUpdate)).toEqual(['Workflow', 'Note'])
    expect(action.FindingFieldsUpdate.Workflow).toEqual({ Status: 'SUPPRESSED' })
  })
})
