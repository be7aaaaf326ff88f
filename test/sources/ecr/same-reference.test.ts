import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import type { Inventory } from '../../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { accountRef, judgedRef } from '../../../shared/live/live.ts'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import type { ResourceRef } from '../../../shared/model/resource.ts'
import { readRegistry } from '../../../shared/sources/ecr/registry.ts'
import { readRepository } from '../../../shared/sources/ecr/repositories.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readerOf } from './reading.ts'

let fake: FakeAws
afterEach(() => fake.close())

function inventoryOf(raws: readonly JsonObject[]): Inventory {
  const items = raws.map((raw) => {
    const normalized = normalizeItem(raw)
    if (!normalized.ok || normalized.deleted) throw new Error('not a live item')
    return normalized.item
  })
  return buildInventory({ items, types: items.map((item) => item.resourceType), assumeRecorded: false })
}

/** The same resource as a file of AWS Config spells it, without the ARN that Config need not know. */
function inFileForm(live: JsonObject): JsonObject {
  const { arn: _, accountId, ...rest } = live
  return { ...rest, awsAccountId: accountId } as JsonObject
}

describe.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
])('in %s', (region, partition) => {
  beforeEach(async () => {
    fake = await startFakeAws('111122223333', region)
    fake.state.repositories.set('team/app', undefined)
    fake.state.registryPolicy = '{"Statement":[]}'
    fake.state.cacheRules = [{ ecrRepositoryPrefix: 'team/hub', upstreamRegistryUrl: 'quay.io' }]
  })
  const base = `arn:${partition}:ecr:${region}:111122223333`
  type Refs = (inventory: Inventory) => readonly (ResourceRef | undefined)[]
  it.each<[string, string, string, Refs]>([
    [
      'AWS::ECR::Repository',
      'team/app',
      `${base}:repository/team/app`,
      (all) => all.repositories.map((one) => one.ref),
    ],
    [
      'AWS::ECR::RegistryPolicy',
      '111122223333',
      `${base}:registry/111122223333`,
      (all) => all.registryPolicies.map((one) => one.ref),
    ],
    [
      'AWS::ECR::PullThroughCacheRule',
      'team/hub',
      `${base}:pull-through-cache-rule/team/hub`,
      (all) => all.pullThroughCacheRules.map((one) => one.ref),
    ],
    ['AWS::::Account', '111122223333', `${base}:registry/111122223333`, (all) => all.registries.map((one) => one.ref)],
  ])('%s has one reference, read live, from a file or named by an event', async (type, id, arn, refs) => {
    const reader = readerOf(fake)
    const repository = await readRepository(reader, 'team/app')
    if (repository.state !== 'present') throw new Error('expected the repository')
    const live = [repository.item, ...(await readRegistry(reader)).items]
    const expected = { type, id, arn, accountId: '111122223333', region }
    expect(refs(inventoryOf(live))).toEqual([expected])
    expect(refs(inventoryOf(live.map(inFileForm)))).toEqual([expected])
    const view = { reader, sources: [ecrSource(reader.client)] }
    const changed = { type, id, arn: undefined, name: undefined, accountId: '111122223333', region, leftScope: false }
    const event = { ...changed, status: 'OK' as const, capturedAt: '2026-03-01T10:00:00.000Z' }
    expect(type === 'AWS::::Account' ? accountRef(view) : judgedRef(view, event)).toEqual(expected)
  })
})
