import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { parseSettings } from '../../shared/engine/settings.ts'
import { assembleInventory, type InventoryParts } from '../../shared/inventory/assemble.ts'
import type { ViewGroups } from '../../shared/inventory/typed-views.ts'
import { allViews, eksViews } from '../../shared/inventory/view-groups.ts'
import { viewsOf } from '../../shared/live/judge.ts'
import type { LiveSource } from '../../shared/live/live-source.ts'
import { readOnce } from '../../shared/live/read-once.ts'
import { ecrSource } from '../../shared/live/sources/ecr.ts'
import { roleSources, roleSourcesOnce } from '../../shared/live/sources/role-sources.ts'
import { serviceSight } from '../../shared/live/sources/service-sight.ts'
import { vpcSight } from '../../shared/live/sources/vpc.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { ecrRules } from '../../shared/rules/ecr-rules.ts'
import { imageRules } from '../../shared/rules/image-rules.ts'
import { rules } from '../../shared/rules/index.ts'
import { roleRules } from '../../shared/rules/role-rules.ts'
import { vpcRules } from '../../shared/rules/vpc-rules.ts'
import { awsClients } from '../../shared/runtime/aws-clients.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'

const folder = join(import.meta.dirname, '../../examples/organization')
const region = 'eu-central-1'
const now = new Date('2026-03-02T00:00:00.000Z')
const clients = { ...workloadClients(region), ...networkClients(region), ecr: awsClients(region).ecr }

const areas: readonly (readonly [string, readonly Rule[], readonly LiveSource[]])[] = [
  ['ecr', ecrRules, [ecrSource(clients.ecr)]],
  ['ecr, for an event', ecrRules, [readOnce(ecrSource(clients.ecr))]],
  ['role', roleRules, roleSources(clients)],
  ['role, for an event', roleRules, roleSourcesOnce(clients)],
  ['vpc', vpcRules, [vpcSight(clients).source]],
  ['image', imageRules, [serviceSight(clients).source]],
]

let settings: Settings
let snapshot: Omit<InventoryParts, 'types' | 'assumeRecorded'>
beforeAll(async () => {
  settings = parseSettings(readFileSync(join(folder, 'settings.yaml'), 'utf8'), 'settings.yaml', rules)
  snapshot = await readSnapshotFiles([folder], { wantedTypes: wantedTypes(rules) })
})

/** Every rule, those that are off by default among them. */
function findings(area: readonly Rule[], views: ViewGroups, parts: Partial<InventoryParts> = {}) {
  const inventory = assembleInventory({ ...snapshot, types: typesOf(area), assumeRecorded: true, ...parts }, views)
  return auditInventory({ inventory, rules: area, settings, organization: organizationOf(inventory, settings), now })
}

describe.each(areas)('the sources of area %s', (_, area, sources) => {
  it('have the views its rules ask for: every finding on the example organization is that of all views', () => {
    const found = findings(area, viewsOf({ sources }))
    expect(found.length).toBeGreaterThan(area.length)
    expect(found).toEqual(findings(area, allViews))
  })

  it('have them where nothing but the judged resources is known', () => {
    const judged = new Set(area.flatMap(({ judges, alsoJudges = [] }): readonly string[] => [judges, ...alsoJudges]))
    const items = [...snapshot.items].filter(({ resourceType }) => judged.has(resourceType))
    const parts = { items, coverage: [], assumeRecorded: false, scopesSeen: [] }
    expect(findings(area, viewsOf({ sources }), parts)).toEqual(findings(area, allViews, parts))
  })
})

it('services without a source bring all that rules on images ask for', () => {
  const { services } = serviceSight(clients)
  expect(findings(imageRules, viewsOf({ sources: [], services }))).toEqual(findings(imageRules, allViews))
})

describe('rules whose sources have not the views they ask for', () => {
  const registryOnly = () => viewsOf({ sources: [ecrSource(clients.ecr)] })

  it('fail where what they judge is such a view', () => {
    expect(() => findings(vpcRules, registryOnly())).toThrow('this inventory was built without the view "network"')
  })

  it('are undetermined, and say which, where they ask for it besides', () => {
    const nodes = roleRules.filter(({ id }) => id === 'eks-node-role-can-pull')
    const found = findings(nodes, [...registryOnly(), eksViews])
    expect(found.length).toBeGreaterThan(0)
    for (const { compliance, reason } of found) {
      expect(compliance).toBe('UNDETERMINED')
      expect(reason).toContain('this inventory was built without the view "role"')
    }
  })
})
