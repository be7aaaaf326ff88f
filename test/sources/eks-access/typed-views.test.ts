import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { readEksAccess } from '../../../shared/sources/eks-access/read-eks-access.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { addonType, associationType, base, eksReader, entryType, fillEksAccess, pulls } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEksAccess(fake)
})
afterEach(() => fake.close())

const here = { accountId: '111122223333', region: 'eu-central-1' }

async function inventory() {
  const { items, coverage } = await readEksAccess(eksReader(fake))
  const live = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  const types = [associationType, entryType, addonType]
  const scopesSeen = [{ ...here, recordedByConfig: false }]
  return buildInventory({ items: live, types, coverage, assumeRecorded: false, scopesSeen })
}

it('pod identity associations read live are those of the inventory, and all of them', async () => {
  const { podIdentityAssociations, listing } = await inventory()
  const arn = `${base}:podidentityassociation/prod/a-1`
  expect(podIdentityAssociations).toEqual([
    {
      ref: { type: associationType, id: arn, arn, ...here },
      observedAt: '2026-03-01T12:00:00.000Z',
      clusterName: 'prod',
      namespace: 'shop',
      serviceAccount: 'app',
      roleArn: pulls,
    },
  ])
  expect(listing(associationType, here).state).toBe('known')
})

it('no pod identity association is proof of none only when all clusters were listed', async () => {
  fake.state.services.clear()
  fake.state.eks.clusters.length = 0
  const empty = await inventory()
  expect([empty.podIdentityAssociations, empty.listing(associationType, here).state]).toEqual([[], 'absent'])
  fake.state.plan = (operation) => (operation === 'ListClusters' ? { error: 'AccessDeniedException' } : undefined)
  expect((await inventory()).listing(associationType, here)).toMatchObject({ state: 'unknown' })
})

it.each([
  ['ListPodIdentityAssociations', associationType],
  ['DescribePodIdentityAssociation', associationType],
  ['ListAccessEntries', entryType],
  ['DescribeAccessEntry', entryType],
  ['ListAddons', addonType],
  ['DescribeAddon', addonType],
])('the denied %s leaves the listing of %s alone unknown', async (operation, type) => {
  fake.state.plan = (called) => (called === operation ? { error: 'AccessDeniedException', status: 403 } : undefined)
  const { listing } = await inventory()
  for (const one of [associationType, entryType, addonType]) {
    expect([one, listing(one, here).state]).toEqual([one, one === type ? 'unknown' : 'known'])
  }
})
