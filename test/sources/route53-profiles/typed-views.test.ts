import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { known, unknown } from '../../../shared/model/fact.ts'
import { readProfiles } from '../../../shared/sources/route53-profiles/read-profiles.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import type { FakeProfiles } from '../../support/fake-aws/route53-profiles.ts'
import {
  association,
  associationType,
  endpoint,
  fillProfiles,
  profilesReader,
  resource,
  resourceType,
  zone,
} from './account.ts'

let fake: FakeAws
let profiles: FakeProfiles
beforeEach(async () => {
  fake = await startFakeAws()
  profiles = fillProfiles(fake)
})
afterEach(() => fake.close())

const here = { accountId: '111122223333', region: 'eu-central-1' }
const second = { profileId: 'rp-2', vpcIds: ['vpc-3'], resourceArns: known(['arn:aws:route53:::hostedzone/Z2']) }
const unreadOf = (id: string) => unknown(`the resources of the Route 53 Profile ${id} were not read`)

async function network() {
  const { items, coverage } = await readProfiles(profilesReader(fake))
  const live = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  const scopesSeen = [{ ...here, recordedByConfig: false }]
  const types = [associationType, resourceType]
  return buildInventory({ items: live, types, coverage, assumeRecorded: false, scopesSeen }).network
}

it('profiles read live are those of the inventory', async () => {
  const { dnsProfiles, listing } = await network()
  expect(dnsProfiles).toEqual([
    { profileId: 'rp-1', vpcIds: ['vpc-1', 'vpc-2'], resourceArns: known([zone, endpoint]) },
    second,
  ])
  expect(listing(associationType, here).state).toBe('known')
})

it('no profile is proof of none', async () => {
  profiles.associations.length = 0
  const { dnsProfiles, listing } = await network()
  expect([dnsProfiles, listing(associationType, here).state]).toEqual([[], 'absent'])
})

it('the denied listing of associations is no proof of none', async () => {
  fake.state.plan = () => ({ error: 'AccessDeniedException' })
  const { dnsProfiles, listing } = await network()
  expect([dnsProfiles, listing(associationType, here).state]).toEqual([[], 'unknown'])
})

it('the denied listing of resources leaves what profiles carry unknown', async () => {
  fake.state.plan = (operation) =>
    operation === 'ListProfileResourceAssociations' ? { error: 'AccessDeniedException' } : undefined
  expect((await network()).dnsProfiles.map(({ resourceArns }) => resourceArns)).toEqual([
    unreadOf('rp-1'),
    unreadOf('rp-2'),
  ])
})

it.each(['CREATING', 'DELETING', 'FAILED'])(
  'what answers in a VPC is unknown, and in no other, while %s',
  async (status) => {
    profiles.associations[1] = association('rpassoc-2', 'rp-1', 'vpc-2', status)
    const doubt = `unread: the association rpassoc-2 with the Route 53 Profile rp-1 is ${status}`
    expect((await network()).dnsProfiles).toEqual([
      { profileId: 'rp-1', vpcIds: ['vpc-1'], resourceArns: known([zone, endpoint]) },
      second,
      { profileId: doubt, vpcIds: ['vpc-2'], resourceArns: unreadOf(doubt) },
    ])
  },
)

it.each(['CREATING', 'DELETING', 'FAILED'])(
  'what a profile carries is unknown while a resource is %s',
  async (status) => {
    profiles.resources[1] = resource('rpr-2', 'rp-1', endpoint, status)
    expect((await network()).dnsProfiles).toEqual([
      { profileId: 'rp-1', vpcIds: ['vpc-1', 'vpc-2'], resourceArns: unreadOf('rp-1') },
      second,
    ])
  },
)
