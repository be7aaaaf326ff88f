import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownString } from '../../../shared/model/json.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { permissions } from '../../../shared/sources/route53-profiles/permissions.ts'
import { readProfiles } from '../../../shared/sources/route53-profiles/read-profiles.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import type { FakeProfiles } from '../../support/fake-aws/route53-profiles.ts'
import { faults as allFaults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'
import {
  arnOf,
  association,
  associationType,
  endpoint,
  fillProfiles,
  profilesReader,
  resource,
  resourceArnOf,
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

// The signal that ends a call says itself why; clients of the SDK say that the call was aborted.
const faults = allFaults.map(
  ([name, fault, error, transience]) => [name, fault, 'hang' in fault ? 'TimeoutError' : error, transience] as const,
)
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const read = (fault?: Fault) => readProfiles(profilesReader(fake, fault && 'hang' in fault ? 100 : undefined))
const idsOf = ({ items }: Reading, type: string) =>
  items.flatMap((item) => (item.resourceType === type ? [ownString(item, 'resourceId')] : [])).sort()
const itemOf = ({ items }: Reading, id: string) => items.find((item) => item.resourceId === id)
const row = (type: string, reason?: string) => ({
  ...{ accountId: '111122223333', region: 'eu-central-1', resourceType: type },
  ...(reason === undefined ? { status: 'known' } : { status: 'unknown', reason }),
})

describe('reading Route 53 Profiles', () => {
  it('gives the associations with VPCs', async () => {
    const reading = await read()
    expect(idsOf(reading, associationType)).toEqual(['rpassoc-1', 'rpassoc-2', 'rpassoc-3'])
    expect(itemOf(reading, 'rpassoc-1')).toEqual({
      version: '1.3',
      accountId: '111122223333',
      configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
      configurationItemStatus: 'OK',
      arn: arnOf('rpassoc-1'),
      resourceType: associationType,
      resourceId: 'rpassoc-1',
      resourceName: 'rpassoc-1',
      awsRegion: 'eu-central-1',
      tags: {},
      relationships: [],
      configuration: { Id: 'rpassoc-1', ProfileId: 'rp-1', ResourceId: 'vpc-1', Status: 'COMPLETE' },
      supplementaryConfiguration: {},
    })
  })
  it('gives what profiles of VPCs carry, and asks once per profile and for no other profile', async () => {
    const reading = await read()
    expect(idsOf(reading, resourceType)).toEqual(['rpr-1', 'rpr-2', 'rpr-3'])
    expect(itemOf(reading, 'rpr-2')).toMatchObject({
      arn: resourceArnOf('rpr-2'),
      configuration: {
        Id: 'rpr-2',
        ProfileId: 'rp-1',
        ResourceArn: endpoint,
        ResourceType: 'VpcEndpoint',
        Status: 'COMPLETE',
      },
    })
    const asked = fake.calls.flatMap(({ body }) => (body.ProfileId === undefined ? [] : [body.ProfileId]))
    expect(asked.sort()).toEqual(['rp-1', 'rp-2'])
  })
  it('covers both types, without a gap', async () => {
    const { coverage, gaps } = await read()
    expect([coverage, gaps]).toEqual([[row(associationType), row(resourceType)], []])
  })
  it('covers both types when there is no profile, with one call', async () => {
    profiles.associations.length = 0
    expect(await read()).toEqual({ items: [], coverage: [row(associationType), row(resourceType)], gaps: [] })
    expect(fake.calls.length).toBe(1)
  })
  it('reads every page of both', async () => {
    profiles.pageSize = 2
    for (let n = 10; n < 15; n++) {
      profiles.associations.push(association(`rpassoc-${n}`, 'rp-2', `vpc-${n}`))
      profiles.resources.push(resource(`rpr-${n}`, 'rp-2', `arn:aws:route53:::hostedzone/Z${n}`))
    }
    const reading = await read()
    expect(idsOf(reading, associationType).length).toBe(8)
    expect(idsOf(reading, resourceType).length).toBe(8)
  })
  it('goes on after an empty page with a token, and refuses a token that repeats', async () => {
    const empty = (nextToken: string): Fault => ({ answer: { ProfileAssociations: [], NextToken: nextToken } })
    fake.state.plan = (operation, n) => (operation === 'ListProfileAssociations' && n === 1 ? empty('0') : undefined)
    expect(idsOf(await read(), associationType).length).toBe(3)
    failing('ListProfileAssociations', empty('again'))
    const reason = 'route53profiles:ListProfileAssociations failed with MalformedAnswer'
    expect((await read()).coverage).toEqual([row(associationType, reason), row(resourceType, reason)])
  })
  it('takes the id of a VPC out of an ARN', async () => {
    const vpcArn = 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-9'
    profiles.associations.push(association('rpassoc-9', 'rp-1', vpcArn))
    expect(itemOf(await read(), 'rpassoc-9')).toMatchObject({ configuration: { ResourceId: 'vpc-9' } })
  })
  it('states every call it makes, and no other', async () => {
    await read()
    expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
  })
})

describe('an association that is not complete', () => {
  const doubtful = [
    ['CREATING', 'is CREATING', 'passing'],
    ['DELETING', 'is DELETING', 'passing'],
    ['FAILED', 'is FAILED', 'lasting'],
    ['PAUSED', 'has a status this version does not know', 'lasting'],
    [undefined, 'has a status this version does not know', 'lasting'],
    [7, 'has a status this version does not know', 'lasting'],
  ] as const
  it.each(doubtful)('of a VPC keeps the VPC and hides the profile when it is %s', async (status, is, transience) => {
    profiles.associations[1] = association('rpassoc-2', 'rp-1', 'vpc-2', status ?? null)
    const reading = await read()
    const reason = `the association rpassoc-2 with the Route 53 Profile rp-1 ${is}`
    expect(itemOf(reading, 'rpassoc-2')).toMatchObject({
      configuration: { ProfileId: `unread: ${reason}`, ResourceId: 'vpc-2' },
    })
    expect(reading.gaps).toEqual([
      { resourceType: associationType, resourceArn: arnOf('rpassoc-2'), reason, transience },
    ])
    expect(reading.coverage).toEqual([row(associationType), row(resourceType)])
    expect(idsOf(reading, resourceType)).toEqual(['rpr-1', 'rpr-2', 'rpr-3'])
  })
  it.each(doubtful)('of a resource hides the resource when it is %s', async (status, is, transience) => {
    profiles.resources[1] = resource('rpr-2', 'rp-1', endpoint, status ?? null)
    const reading = await read()
    const reason = `the association rpr-2 of a resource with the Route 53 Profile rp-1 ${is}`
    expect(itemOf(reading, 'rpr-2')?.configuration).not.toHaveProperty('ResourceArn')
    expect(itemOf(reading, 'rpr-2')).toMatchObject({ configuration: { ProfileId: 'rp-1' } })
    expect(reading.gaps).toEqual([{ resourceType, resourceArn: resourceArnOf('rpr-2'), reason, transience }])
    expect(reading.coverage).toEqual([row(associationType), row(resourceType)])
  })
  it('is in effect while it is updated', async () => {
    profiles.associations[1] = association('rpassoc-2', 'rp-1', 'vpc-2', 'UPDATING')
    profiles.resources[1] = resource('rpr-2', 'rp-1', endpoint, 'UPDATING')
    const reading = await read()
    expect(reading.gaps).toEqual([])
    expect(itemOf(reading, 'rpassoc-2')).toMatchObject({ configuration: { ProfileId: 'rp-1', Status: 'UPDATING' } })
    expect(itemOf(reading, 'rpr-2')).toMatchObject({ configuration: { ResourceArn: endpoint, Status: 'UPDATING' } })
  })
  it('is left out when it is deleted, and its profile is not asked for', async () => {
    profiles.associations[2] = association('rpassoc-3', 'rp-2', 'vpc-3', 'DELETED')
    profiles.resources[0] = resource('rpr-1', 'rp-1', zone, 'DELETED')
    const reading = await read()
    expect([idsOf(reading, associationType), idsOf(reading, resourceType), reading.gaps]).toEqual([
      ['rpassoc-1', 'rpassoc-2'],
      ['rpr-2'],
      [],
    ])
  })
})

describe('what goes wrong', () => {
  it.each(faults)('leaves both types unknown when the listing of associations %s', async (_n, fault, error, how) => {
    failing('ListProfileAssociations', fault)
    const reading = await read(fault)
    const reason = `route53profiles:ListProfileAssociations failed with ${error}`
    expect(reading).toEqual({
      items: [],
      coverage: [row(associationType, reason), row(resourceType, reason)],
      gaps: [associationType, resourceType].map((type) => ({ resourceType: type, reason, transience: how })),
    })
  })
  it.each(faults)('leaves the resources unknown when the listing of one profile %s', async (_n, fault, error, how) => {
    fake.state.plan = (_operation, _number, body) => (body.ProfileId === 'rp-1' ? fault : undefined)
    const reading = await read(fault)
    const reason = `route53profiles:ListProfileResourceAssociations failed with ${error}`
    expect(reading.coverage).toEqual([row(associationType), row(resourceType, reason)])
    expect([idsOf(reading, associationType).length, idsOf(reading, resourceType)]).toEqual([3, ['rpr-3']])
    expect(reading.gaps).toEqual([{ resourceType, reason, transience: how }])
  })
  it('does not take a profile that is not found, although a VPC uses it, for one without resources', async () => {
    profiles.profileIds.splice(0, 1)
    const reading = await read()
    const reason = 'route53profiles:ListProfileResourceAssociations failed with ResourceNotFoundException'
    expect(reading.coverage).toEqual([row(associationType), row(resourceType, reason)])
    expect(idsOf(reading, associationType).length).toBe(3)
  })
  it.each([
    ['no list', {}],
    ['a list that is none', { ProfileAssociations: { Id: 'rpassoc-1' } }],
    ['a null', { ProfileAssociations: null }],
    ['an entry that is no object', { ProfileAssociations: ['rpassoc-1'] }],
    ['an entry that is null', { ProfileAssociations: [null] }],
    ['an entry without an id', { ProfileAssociations: [association('', 'rp-1', 'vpc-1')] }],
    ['an entry without a profile', { ProfileAssociations: [association('rpassoc-1', '', 'vpc-1')] }],
    ['an entry without a VPC', { ProfileAssociations: [association('rpassoc-1', 'rp-1', '')] }],
    ['a token that is a number', { ProfileAssociations: [], NextToken: 7 }],
    ['a list', []],
  ])('leaves both types unknown when the answer is %s', async (_what, answer) => {
    failing('ListProfileAssociations', { answer })
    const reason = 'route53profiles:ListProfileAssociations failed with MalformedAnswer'
    expect((await read()).coverage).toEqual([row(associationType, reason), row(resourceType, reason)])
  })
  it.each([
    ['another profile', resource('rpr-1', 'rp-9', zone)],
    ['no resource', resource('rpr-1', 'rp-1', '')],
    ['nothing', null],
  ])('leaves the resources unknown when an answer names %s', async (_what, entry) => {
    fake.state.plan = (_operation, _number, body) =>
      body.ProfileId === 'rp-1' ? { answer: { ProfileResourceAssociations: [entry] } } : undefined
    const reason = 'route53profiles:ListProfileResourceAssociations failed with MalformedAnswer'
    expect((await read()).coverage).toEqual([row(associationType), row(resourceType, reason)])
  })
})
