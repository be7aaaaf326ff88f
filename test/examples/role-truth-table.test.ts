import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { selectRules, typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { parseSettings } from '../../shared/engine/settings.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'

const folder = join(import.meta.dirname, '../../examples/organization')
const rulesFolder = join(import.meta.dirname, '../../shared/rules')

const ruleIds = {
  'AWS::IAM::Role': [
    'ecs-execution-role-least-privilege',
    'role-authorization-token-scoped',
    'role-ci-trust-scoped',
    'role-registry-admin-restricted',
    'role-web-identity-trust-scoped',
  ],
  'AWS::ECS::TaskDefinition': [
    'ecs-execution-role-can-pull',
    'ecs-execution-role-present',
    'ecs-roles-separate',
    'ecs-task-role-without-registry-access',
  ],
  'AWS::EKS::Nodegroup': ['eks-node-role-can-pull', 'eks-node-role-least-privilege'],
  'AWS::EKS::FargateProfile': ['eks-fargate-role-can-pull'],
} as const

interface Judged {
  readonly accountId: string
  readonly arn: string
  readonly verdicts: Readonly<Record<string, string>>
  readonly why?: Readonly<Record<string, string>>
}

interface Expected {
  readonly now: string
  readonly roles: readonly Judged[]
  readonly taskDefinitions: readonly Judged[]
  readonly nodegroups: readonly Judged[]
  readonly fargateProfiles: readonly Judged[]
  readonly superseded: readonly { readonly accountId: string; readonly arn: string }[]
}

const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'expected-roles.json'), 'utf8')) as Expected
const groups = [
  ['AWS::IAM::Role', expected.roles],
  ['AWS::ECS::TaskDefinition', expected.taskDefinitions],
  ['AWS::EKS::Nodegroup', expected.nodegroups],
  ['AWS::EKS::FargateProfile', expected.fargateProfiles],
] as const

describe('the table of the role rules', () => {
  it('has a verdict of every rule for every judged resource, and gives reasons for those rules only', () => {
    for (const [type, judged] of groups) {
      for (const { verdicts, why = {} } of judged) {
        expect(Object.keys(verdicts).sort()).toEqual(ruleIds[type])
        expect(ruleIds[type]).toEqual(expect.arrayContaining(Object.keys(why)))
        for (const verdict of Object.values(verdicts)) {
          expect(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED']).toContain(verdict)
        }
      }
    }
    expect(expectedVerdicts().size).toBe(86 * 5 + 54 * 4 + 11 * 2 + 6)
  })

  it('names exactly the roles, task definitions, node groups and Fargate profiles of the files', async () => {
    const types = Object.keys(ruleIds)
    const snapshot = await readSnapshotFiles([folder], { wantedTypes: new Set(types) })
    const inventory = buildInventory({ ...snapshot, types, assumeRecorded: true, capturedPolicy: awsManagedPolicy })
    for (const [type, judged] of groups) {
      const listed = judged.map(({ arn }) => arn)
      const passedOver = type === 'AWS::ECS::TaskDefinition' ? expected.superseded.map(({ arn }) => arn) : []
      const found = inventory.items(type).map(({ arn }) => arn)
      expect([...listed, ...passedOver].sort()).toEqual([...found].sort())
    }
  })

  it('agrees with the audit on every cell, and finds nothing to say about superseded task definitions', async () => {
    const audited = await auditedVerdicts()
    const table = expectedVerdicts()
    const superseded = new Set(expected.superseded.map(({ arn }) => arn))
    const cells = [...new Set([...audited.keys(), ...table.keys()])].sort()
    const differences = cells
      .filter((cell) => {
        const verdict = audited.get(cell)?.verdict
        const passedOver = superseded.has(cell.split(' | ')[0]!) && verdict === 'NOT_APPLICABLE'
        return !passedOver && verdict !== table.get(cell)
      })
      .map((cell) => {
        const { verdict, reason } = audited.get(cell) ?? { verdict: 'no verdict', reason: 'not judged' }
        return `${cell}: expected ${table.get(cell) ?? 'no verdict'}, audited ${verdict} (${reason})`
      })
    expect(differences).toEqual([])
  })
})

describe('what was read from the APIs of the example organization', () => {
  const collected = join(folder, 'collected')
  const files = readdirSync(collected)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(collected, name), 'utf8'))

  it('is pretty-printed, and every file says what it covers', () => {
    expect(files).toHaveLength(16)
    for (const text of files) {
      const content = JSON.parse(text) as { pullpath: { coverage: readonly { status: string }[] } }
      expect(text).toBe(`${JSON.stringify(content, null, 2)}\n`)
      expect(new Set(content.pullpath.coverage.map(({ status }) => status))).toEqual(new Set(['known']))
    }
  })

  it('lists each resource once per file, with items in order', () => {
    for (const text of files) {
      const { configurationItems } = JSON.parse(text) as { configurationItems: readonly Record<string, string>[] }
      const keys = configurationItems.map((item) => `${item.awsRegion}\n${item.resourceType}\n${item.ARN}`)
      expect(keys).toEqual([...new Set(keys)].sort())
    }
  })
})

function expectedVerdicts(): ReadonlyMap<string, string> {
  return new Map(
    groups.flatMap(([, judged]) =>
      judged.flatMap(({ arn, verdicts }) =>
        Object.entries(verdicts).map(([rule, verdict]): [string, string] => [cellOf(arn, rule), verdict]),
      ),
    ),
  )
}

async function auditedVerdicts(): Promise<ReadonlyMap<string, { readonly verdict: string; readonly reason: string }>> {
  // The settings speak of rules of other areas too.
  const catalogue = [...(await rulesOf('ecr')), ...(await rulesOf('role'))]
  const settings = parseSettings(readFileSync(join(folder, 'settings.yaml'), 'utf8'), 'settings.yaml', catalogue)
  const rules = selectRules(catalogue, settings).filter(({ area }) => area === 'role')
  expect(rules.map(({ id }) => id).sort()).toEqual(Object.values(ruleIds).flat().sort())
  const snapshot = await readSnapshotFiles([folder], { wantedTypes: wantedTypes(rules) })
  expect(snapshot.problems).toEqual([])
  const inventory = buildInventory({
    ...snapshot,
    types: typesOf(rules),
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, settings)
  const now = new Date(expected.now)
  return new Map(
    auditInventory({ inventory, rules, settings, organization, now }).map(({ rule, compliance, reason, resource }) => [
      cellOf(resource.arn, rule),
      { verdict: compliance, reason },
    ]),
  )
}

async function rulesOf(area: 'ecr' | 'role'): Promise<readonly Rule[]> {
  const areaFolder = join(rulesFolder, area)
  const files = readdirSync(areaFolder).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(files.map((file) => import(join(areaFolder, file)) as Promise<{ rule?: Rule }>))
  return modules.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
}

/** Names one resource, by its ARN, and one rule. */
function cellOf(arn: string, rule: string): string {
  return `${arn} | ${rule}`
}
