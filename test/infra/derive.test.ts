import { describe, expect, it } from 'vitest'
import { configRuleOf, deployableRules } from '../../infra/derive/config-rules.ts'
import { auditorStatements, statementsBeyond } from '../../infra/derive/permissions.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'

const rule = (overrides: Partial<RuleMeta> = {}): RuleMeta => ({
  id: 'ecr-example',
  area: 'ecr',
  title: 'Repositories are fine',
  severity: 'LOW',
  why: '',
  fix: '',
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: false, calls: [] },
  frameworks: {},
  defaultEnabled: true,
  url: '',
  ...overrides,
})

describe('configRuleOf', () => {
  it('asks for oversized messages whenever it asks for change messages', () => {
    expect(configRuleOf(rule())).toEqual({
      ruleId: 'ecr-example',
      area: 'ecr',
      set: 'recommended',
      name: 'pullpath-ecr-example',
      description: 'Repositories are fine',
      scope: ['AWS::ECR::Repository'],
      homeRegionOnly: false,
      triggers: [
        { messageType: 'ConfigurationItemChangeNotification' },
        { messageType: 'OversizedConfigurationItemChangeNotification' },
      ],
      inputParameters: '{"ruleId":"ecr-example"}',
    })
  })

  it('re-judges repositories when the registry policy their verdict rests on changes', () => {
    const reads = ['AWS::ECR::RegistryPolicy', 'AWS::ECR::RegistryScanningConfiguration']
    expect(configRuleOf(rule({ reads })).scope).toEqual(['AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'])
  })

  it('runs a rule on registry settings on schedule only, because AWS Config records no such item', () => {
    const triggers = { change: true, scheduled: true, calls: [] }
    const definition = configRuleOf(rule({ judges: 'AWS::::Account', triggers }))
    expect(definition.scope).toEqual([])
    expect(definition.triggers).toEqual([{ messageType: 'ScheduledNotification', frequency: 'TwentyFour_Hours' }])
  })

  it('refuses a rule that nothing would ever trigger', () => {
    const triggers = { change: false, scheduled: false, calls: [] }
    expect(() => configRuleOf(rule({ triggers }))).toThrow('ecr-example: AWS Config has no way to trigger it')
  })

  it('refuses a name that GetComplianceDetailsByConfigRule would not take', () => {
    expect(() => configRuleOf(rule({ id: 'x'.repeat(56) }))).toThrow('more than 64 characters')
    expect(configRuleOf(rule({ id: 'x'.repeat(55) })).name).toHaveLength(64)
  })

  it('cuts a description at 256 characters', () => {
    expect(configRuleOf(rule({ title: 'x'.repeat(300) })).description).toBe(`${'x'.repeat(255)}…`)
  })
})

describe('deployableRules', () => {
  it('takes the rules of the areas, those that are off by default too', () => {
    const off = rule({ id: 'ecr-off', defaultEnabled: false })
    const vpc = rule({ id: 'vpc-other', area: 'vpc' })
    expect(deployableRules([rule(), off, vpc], ['ecr'])).toEqual([rule(), off])
    expect(deployableRules([rule(), off, vpc], ['ecr']).map((one) => configRuleOf(one).set)).toEqual([
      'recommended',
      'all',
    ])
  })
})

describe('statementsBeyond', () => {
  const allow = (sid: string, actions: readonly string[]) => ({
    ...{ sid, effect: 'Allow' as const, actions, resources: ['*'] },
  })

  it('leaves what is not held, and nothing of what is', () => {
    const held = [allow('A', ['ecr:X', 'ecr:Y']), allow('B', ['ecr:Z'])]
    const all = [allow('A', ['ecr:X', 'ecr:New', 'ecr:Y']), allow('B', ['ecr:Z']), allow('C', ['iam:W'])]
    expect(statementsBeyond(held, all)).toEqual([allow('A', ['ecr:New']), allow('C', ['iam:W'])])
    expect(statementsBeyond(all, held)).toEqual([])
  })
})

describe('auditorStatements', () => {
  const sources = [
    { action: 'ecr:DescribeRepositories', resource: 'repository', reads: ['AWS::ECR::Repository'] },
    { action: 'ecr:GetRegistryPolicy', resource: '*', reads: ['AWS::ECR::RegistryPolicy'] },
  ] as const
  const read = (reads: readonly string[]) =>
    auditorStatements([rule({ reads })], sources, 'f').filter(
      ({ sid }) => sid.startsWith('Read') && sid !== 'ReadTagsForExceptions',
    )

  it('grants only the reads of the types that enabled rules need', () => {
    expect(read([]).map(({ actions }) => actions)).toEqual([['ecr:DescribeRepositories']])
    expect(read(['AWS::ECR::RegistryPolicy']).flatMap(({ actions }) => actions)).toEqual([
      'ecr:DescribeRepositories',
      'ecr:GetRegistryPolicy',
    ])
  })

  it('lets policies be read that are the account’s or AWS’s own, and no other account’s', () => {
    const reads = ['AWS::IAM::Policy']
    const policies = [{ action: 'iam:GetPolicy', resource: 'policy', reads }] as const
    const found = auditorStatements([rule({ reads })], policies, 'f').find(({ sid }) => sid === 'ReadPolicies')
    expect(found?.resources).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
      'arn:${AWS::Partition}:iam::aws:policy/*',
    ])
  })

  it('scopes repository reads to repository ARNs of the own account and region', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
    expect(read([])[0]!.resources).toEqual(['arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*'])
  })
})
