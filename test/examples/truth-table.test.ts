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
const rulesFolder = join(import.meta.dirname, '../../shared/rules/ecr')

interface Expected {
  readonly repositories: readonly {
    readonly accountId: string
    readonly region: string
    readonly repository: string
    readonly verdicts: Readonly<Record<string, string>>
  }[]
  readonly others: readonly {
    readonly accountId: string
    readonly region: string
    readonly resourceType: string
    readonly resourceId: string
    readonly rule: string
    readonly verdict: string
  }[]
}

describe('the truth table of the example organization', () => {
  it('agrees with the audit on every repository, registry policy and cache rule', async () => {
    const audited = await auditedVerdicts()
    const expected = expectedVerdicts()
    const cells = [...new Set([...audited.keys(), ...expected.keys()])].sort()
    const differences = cells
      .filter((cell) => audited.get(cell)?.verdict !== expected.get(cell))
      .map((cell) => {
        const { verdict, reason } = audited.get(cell) ?? { verdict: 'no verdict', reason: 'not judged' }
        return `${cell}: expected ${expected.get(cell) ?? 'no verdict'}, audited ${verdict} (${reason})`
      })
    expect(differences).toEqual([])
    expect(expected.size).toBe(46 * 8 + 9)
  })
})

function expectedVerdicts(): ReadonlyMap<string, string> {
  const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'expected.json'), 'utf8')) as Expected
  const repositories = expected.repositories.flatMap(({ accountId, region, repository, verdicts }) =>
    Object.entries(verdicts).map(([rule, verdict]): [string, string] => [
      cellOf(accountId, region, 'AWS::ECR::Repository', repository, rule),
      verdict,
    ]),
  )
  const others = expected.others.map(
    ({ accountId, region, resourceType, resourceId, rule, verdict }): [string, string] => [
      cellOf(accountId, region, resourceType, resourceId, rule),
      verdict,
    ],
  )
  return new Map([...repositories, ...others])
}

async function auditedVerdicts(): Promise<ReadonlyMap<string, { readonly verdict: string; readonly reason: string }>> {
  const catalogue = await ecrRules()
  const settings = parseSettings(readFileSync(join(folder, 'settings.yaml'), 'utf8'), 'settings.yaml', catalogue)
  const rules = selectRules(catalogue, settings)
  const snapshot = await readSnapshotFiles([join(folder, 'AWSLogs')], { wantedTypes: wantedTypes(rules) })
  expect(snapshot.problems).toEqual([])
  const inventory = buildInventory({
    ...snapshot,
    types: typesOf(rules),
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, settings)
  return new Map(
    auditInventory({ inventory, rules, settings, organization }).map(({ rule, compliance, reason, resource }) => {
      const { accountId, region, type, id } = resource
      return [cellOf(accountId, region, type, id, rule), { verdict: compliance, reason }]
    }),
  )
}

async function ecrRules(): Promise<readonly Rule[]> {
  const files = readdirSync(rulesFolder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  const modules = await Promise.all(files.map((file) => import(join(rulesFolder, file)) as Promise<{ rule: Rule }>))
  return modules.map(({ rule }) => rule)
}

/** Names one resource and one rule. */
function cellOf(...parts: readonly string[]): string {
  return parts.join(' | ')
}
