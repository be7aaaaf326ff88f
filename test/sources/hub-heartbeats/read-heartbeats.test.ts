import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HeartbeatQuestion, readHeartbeats } from '../../../shared/sources/hub-heartbeats/read-heartbeats.ts'
import { heartbeatKey } from '../../../shared/sources/published/names.ts'
import type { PublishedReader } from '../../../shared/sources/published/published.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'

const hub = '999999999999'
const member = '111122223333'
const region = 'eu-central-1'
const hour = 3_600_000
const now = '2026-03-02T06:00:00.000Z'

let s3: FakeS3
beforeEach(async () => {
  s3 = await startFakeS3('hub-bucket', hub)
  s3.mayList = true
})
afterEach(() => s3.close())

const reader = (more: Partial<PublishedReader> = {}): PublishedReader => ({
  ...{ accountId: hub, region, readAt: now, client: s3.client(), prefix: 'published/' },
  bucket: { name: 'hub-bucket', ownerId: hub },
  ...more,
})
const asked: HeartbeatQuestion = {
  accountId: member,
  region,
  areas: ['ecr', 'role', 'vpc', 'image'],
  maxAge: 26 * hour,
}

/** Leaves signs, each so many hours before now. */
function leave(hours: Readonly<Record<string, number>>, accountId = member, where = region): void {
  for (const [area, age] of Object.entries(hours)) {
    s3.now = () => Date.parse(now) - age * hour
    s3.put(`published/${heartbeatKey(accountId, where, area)}`, '{}')
  }
}

describe('the heartbeats of an account and region', () => {
  it('are seen when every area that is deployed has left one in time, at the time of the oldest', async () => {
    leave({ ecr: 1, role: 25, vpc: 2, image: 0 })
    expect(await readHeartbeats(reader(), asked)).toEqual({ state: 'seen', at: '2026-03-01T05:00:00.000Z' })
    expect(s3.calls).toEqual([`ListObjectsV2 published/heartbeats/${member}/${region}/`])
  })

  it('count to the second', async () => {
    leave({ ecr: 26 })
    expect((await readHeartbeats(reader(), { ...asked, areas: ['ecr'] })).state).toBe('seen')
    leave({ ecr: 26 + 1 / 3_600 })
    expect((await readHeartbeats(reader(), { ...asked, areas: ['ecr'] })).state).toBe('missing')
  })

  it('are missing of the areas that left none or an old one, each with its last', async () => {
    leave({ ecr: 1, vpc: 48 })
    expect(await readHeartbeats(reader(), asked)).toEqual({
      state: 'missing',
      reason: 'no sign of role, vpc since 2026-02-28T06:00:00.000Z, image',
      silent: [
        { area: 'role', since: undefined },
        { area: 'vpc', since: '2026-02-28T06:00:00.000Z' },
        { area: 'image', since: undefined },
      ],
    })
  })

  it('are those of the account and region, not of others whose names begin alike', async () => {
    leave({ ecr: 1, role: 1, vpc: 1, image: 1 }, '444455556666')
    leave({ ecr: 1, role: 1, vpc: 1, image: 1 }, member, 'eu-central-2')
    leave({ ecr: 1, role: 1, vpc: 1, image: 1 }, member, `${region}0`)
    expect(await readHeartbeats(reader(), asked)).toMatchObject({
      reason: 'no sign of ecr, role, vpc, image',
      silent: [{ area: 'ecr' }, { area: 'role' }, { area: 'vpc' }, { area: 'image' }],
    })
  })

  it('are found on whatever page they are, past anything else that lies there', async () => {
    s3.pageSize = 3
    leave(Object.fromEntries([...Array(20).keys()].map((n) => [`a${n}`, 1])))
    leave({ ecr: 1, role: 1, vpc: 1, image: 3, 'ecr.json': 90, 'ecr/x': 90 })
    expect(await readHeartbeats(reader(), asked)).toEqual({ state: 'seen', at: '2026-03-02T03:00:00.000Z' })
    expect(s3.calls).toHaveLength(9)
  })

  it.each([
    ['denied', { error: 'AccessDenied', status: 403 }, 's3:ListBucket failed with AccessDenied'],
    ['throttled', { error: 'SlowDown', status: 503 }, 's3:ListBucket failed with SlowDown'],
  ])('are unknown, not missing, when the listing is %s on any page', async (_, fault, reason) => {
    s3.pageSize = 2
    leave({ ecr: 1, role: 1, vpc: 1, image: 1 })
    s3.plan = (_operation, n) => (n === 2 ? fault : undefined)
    expect(await readHeartbeats(reader(), asked)).toEqual({ state: 'unknown', reason })
  })

  it('are unknown when the bucket is not the account’s own', async () => {
    leave({ ecr: 1, role: 1, vpc: 1, image: 1 })
    const strange = reader({ bucket: { name: 'hub-bucket', ownerId: member } })
    expect(await readHeartbeats(strange, asked)).toEqual({
      ...{ state: 'unknown', reason: 's3:ListBucket failed with AccessDenied' },
    })
    const gone = reader({ bucket: { name: 'no-bucket', ownerId: hub } })
    expect(await readHeartbeats(gone, asked)).toEqual({
      ...{ state: 'unknown', reason: 's3:ListBucket failed with NoSuchBucket' },
    })
  })

  it.each([
    ['without times', [{ Key: `published/heartbeats/${member}/${region}/ecr.json` }]],
    ['of other keys', [{ Key: 'published/heartbeats/x', LastModified: new Date(now) }]],
  ])('are unknown when the answer is a list %s', async (_, Contents) => {
    const send = async () => ({ KeyCount: 1, Contents })
    const client = { send } as unknown as PublishedReader['client']
    const found = await readHeartbeats(reader({ client }), asked)
    expect(found).toEqual({ state: 'unknown', reason: 's3:ListBucket failed with MalformedAnswer' })
  })
})
