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

// vpc-endpoint-policy-restricted is off by default and stays off here.
const ruleIds = [
  'vpc-ecr-endpoints-cover-zones',
  'vpc-ecr-endpoints-present',
  'vpc-ecr-endpoints-private-dns',
  'vpc-ecr-endpoints-reachable',
  'vpc-endpoint-policy-allows-pull',
  'vpc-image-pulls-private',
  'vpc-s3-gateway-routes',
] as const

interface Judged {
  readonly accountId: string
  readonly vpc: string
  readonly arn: string
  readonly shows: string
  readonly verdicts: Readonly<Record<string, string>>
  readonly why: Readonly<Record<string, string>>
}

interface Expected {
  readonly now: string
  readonly vpcs: readonly Judged[]
  readonly revised: readonly { readonly arn: string; readonly rule: string; readonly before: string }[]
}

const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'expected-networks.json'), 'utf8')) as Expected

describe('the table of the network rules', () => {
  it('has a verdict of every rule for every VPC, and a reason for every verdict that is not COMPLIANT', () => {
    for (const { verdicts, why } of expected.vpcs) {
      expect(Object.keys(verdicts).sort()).toEqual(ruleIds)
      expect(ruleIds).toEqual(expect.arrayContaining(Object.keys(why)))
      const judged = Object.entries(verdicts).filter(
        ([, verdict]) => !['COMPLIANT', 'NOT_APPLICABLE'].includes(verdict),
      )
      expect(Object.keys(why)).toEqual(expect.arrayContaining(judged.map(([rule]) => rule)))
      for (const verdict of Object.values(verdicts)) {
        expect(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED']).toContain(verdict)
      }
    }
    expect(expectedVerdicts().size).toBe(18 * 7)
  })

  it('names exactly the VPCs of the files', async () => {
    const types = ['AWS::EC2::VPC']
    const snapshot = await readSnapshotFiles([folder], { wantedTypes: new Set(types) })
    const inventory = buildInventory({ ...snapshot, types, assumeRecorded: true, capturedPolicy: awsManagedPolicy })
    const found = inventory.items('AWS::EC2::VPC').map(({ arn }) => arn)
    expect(expected.vpcs.map(({ arn }) => arn).sort()).toEqual([...found].sort())
  })

  it('agrees with the audit on every cell', async () => {
    const audited = await auditedVerdicts()
    const table = expectedVerdicts()
    const differences = [...new Set([...audited.keys(), ...table.keys()])]
      .sort()
      .filter((cell) => audited.get(cell)?.verdict !== table.get(cell))
      .map((cell) => {
        const { verdict, reason } = audited.get(cell) ?? { verdict: 'no verdict', reason: 'not judged' }
        return `${cell}: expected ${table.get(cell) ?? 'no verdict'}, audited ${verdict} (${reason})`
      })
    expect(differences).toEqual([])
  })

  it('lists as revised only what it holds with another verdict', () => {
    const table = expectedVerdicts()
    for (const { arn, rule, before } of expected.revised) {
      expect(table.get(cellOf(arn, rule))).not.toBe(before)
      expect(table.has(cellOf(arn, rule))).toBe(true)
    }
  })
})

function expectedVerdicts(): ReadonlyMap<string, string> {
  return new Map(
    expected.vpcs.flatMap(({ arn, verdicts }) =>
      Object.entries(verdicts).map(([rule, verdict]): [string, string] => [cellOf(arn, rule), verdict]),
    ),
  )
}

async function auditedVerdicts(): Promise<ReadonlyMap<string, { readonly verdict: string; readonly reason: string }>> {
  // The settings speak of rules of other areas too.
  const catalogue = [...(await rulesOf('ecr')), ...(await rulesOf('role')), ...(await rulesOf('vpc'))]
  const settings = parseSettings(readFileSync(join(folder, 'settings.yaml'), 'utf8'), 'settings.yaml', catalogue)
  const rules = selectRules(catalogue, settings).filter(({ area }) => area === 'vpc')
  expect(rules.map(({ id }) => id).sort()).toEqual(ruleIds)
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

async function rulesOf(area: 'ecr' | 'role' | 'vpc'): Promise<readonly Rule[]> {
  const areaFolder = join(rulesFolder, area)
  const files = readdirSync(areaFolder).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(files.map((file) => import(join(areaFolder, file)) as Promise<{ rule?: Rule }>))
  return modules.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
}

/** Names one VPC, by its ARN, and one rule. */
function cellOf(arn: string, rule: string): string {
  return `${arn} | ${rule}`
}
