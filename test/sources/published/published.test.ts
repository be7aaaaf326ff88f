import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/model/errors.ts'
import { type Published, published } from '../../../shared/sources/published/published.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'
import { member, publishedText, smallOrganization } from './organization.ts'

const key = 'hub/organization.json'
const start = Date.parse('2026-03-01T12:00:00.000Z')
const minute = 60_000
const hour = 60 * minute

let organization: Reading
let s3: FakeS3
let hub: Published
beforeAll(async () => {
  organization = await smallOrganization()
})
beforeEach(async () => {
  s3 = await startFakeS3()
  hub = published()
})
afterEach(() => s3.close())

const readerAt = (at: number) => ({
  ...{ accountId: member, region: 'eu-central-1', readAt: new Date(at).toISOString(), callTimeout: 1_000 },
  ...{ client: s3.client(), bucket: { name: s3.bucket, ownerId: s3.ownerId }, prefix: 'hub/' },
})
const read = (at = start, maxAge = 72) => hub.organization(readerAt(at), maxAge)
const settings = (at = start, check: (text: string) => void = () => undefined) => hub.settings(readerAt(at), check)
const publish = (at: number, reading = organization) => s3.put(key, publishedText(reading, new Date(at).toISOString()))
const denied = () => {
  s3.plan = () => ({ error: 'AccessDenied', status: 403 })
}
const slow = () => {
  s3.plan = () => ({ error: 'SlowDown', status: 503 })
}
const shown = ({ items, coverage, gaps }: Reading) => ({
  items: items.length,
  rows: [...new Set(coverage.map(({ status, reason }) => [status, reason].filter(Boolean).join(': ')))],
  transience: [...new Set(gaps.map((gap) => gap.transience))],
})

describe('the published organization', () => {
  it('is a reading of the management account with every type known', async () => {
    publish(start)
    const { items, gaps } = await read()
    expect(items).toHaveLength(organization.items.length)
    expect(items).toEqual(expect.arrayContaining([...organization.items]))
    expect(gaps).toEqual([])
    const { coverage } = await read()
    expect(coverage).toHaveLength(4)
    expect(coverage).toEqual(expect.arrayContaining([...organization.coverage]))
  })

  it('is unknown, row by row, when the hub has published none', async () => {
    s3.mayList = true
    const reading = await read()
    expect(shown(reading)).toEqual({
      ...{ items: 0, rows: ['unknown: the hub has published no organization'], transience: ['lasting'] },
    })
    expect(reading.coverage.map(({ accountId, region, resourceType }) => [accountId, region, resourceType])).toEqual([
      [member, 'global', 'AWS::Organizations::Organization'],
      [member, 'global', 'AWS::Organizations::Account'],
      [member, 'global', 'AWS::Organizations::OrganizationalUnit'],
      [member, 'global', 'AWS::Organizations::Policy'],
    ])
  })

  it('is unknown to whoever may not list the bucket, as members may not, without a claim that there is none', async () => {
    expect(shown(await read())).toEqual({
      items: 0,
      rows: [
        `unknown: the published organization could not be read: s3:GetObject of ${key} failed with AccessDenied (not published yet, or not readable)`,
      ],
      transience: ['lasting'],
    })
  })

  it('is unknown for a reason that passes when S3 is busy, and for good when it refuses', async () => {
    slow()
    const busy = `s3:GetObject of ${key} failed with SlowDown`
    expect(shown(await read())).toEqual({
      ...{
        items: 0,
        rows: [`unknown: the published organization could not be read: ${busy}`],
        transience: ['passing'],
      },
    })
    denied()
    expect(shown(await read()).transience).toEqual(['lasting'])
  })

  it('is asked for once in ten minutes, and once by many at the same time', async () => {
    publish(start)
    await Promise.all([read(), read(), read()])
    await read(start + 9 * minute)
    expect(s3.calls).toHaveLength(1)
    await read(start + 10 * minute)
    expect(s3.calls).toHaveLength(2)
  })

  it('is the last good copy when the hub cannot be reached, when it is gone and when it is no good any more', async () => {
    publish(start)
    await read()
    denied()
    expect(shown(await read(start + hour))).toMatchObject({ items: organization.items.length, transience: [] })
    s3.plan = () => undefined
    s3.objects.clear()
    expect(shown(await read(start + 2 * hour)).items).toBe(organization.items.length)
    s3.put(key, '{"configurationItems":[]}')
    expect(shown(await read(start + 3 * hour)).items).toBe(organization.items.length)
    expect(s3.calls).toHaveLength(4)
  })

  it('asks again a minute after an attempt that failed', async () => {
    publish(start)
    await read()
    slow()
    await read(start + hour)
    await read(start + hour + 59_000)
    expect(s3.calls).toHaveLength(2)
    await read(start + hour + minute)
    expect(s3.calls).toHaveLength(3)
  })

  it('is unknown with its age when it is older than the settings allow, to the millisecond', async () => {
    publish(start)
    expect(shown(await read(start + 72 * hour)).items).toBe(organization.items.length)
    hub = published()
    expect(shown(await read(start + 72 * hour + 1))).toEqual({
      items: 0,
      rows: ['unknown: the published organization is 72 hours old, older than the 72 hours in settings'],
      transience: ['lasting'],
    })
    expect(shown(await read(start + 72 * hour + 1, 73)).items).toBe(organization.items.length)
  })

  it('says why there is no newer copy, which may pass', async () => {
    publish(start)
    await read()
    slow()
    expect(shown(await read(start + 80 * hour))).toEqual({
      items: 0,
      rows: [
        `unknown: the published organization is 80 hours old, older than the 72 hours in settings (s3:GetObject of ${key} failed with SlowDown)`,
      ],
      transience: ['passing'],
    })
  })

  it('never goes back to an older copy', async () => {
    publish(start)
    await read()
    publish(start - hour, { ...organization, items: organization.items.filter((one) => one.resourceId !== member) })
    expect(shown(await read(start + hour)).items).toBe(organization.items.length)
    publish(start + hour, { ...organization, items: organization.items.filter((one) => one.resourceId !== member) })
    expect(shown(await read(start + 2 * hour)).items).toBe(organization.items.length - 1)
  })

  it('is refused when it is ten megabytes, and the memory stays bounded', async () => {
    s3.put(key, publishedText(organization).replace('"1"', `"${'x'.repeat(10 * 2 ** 20)}"`))
    expect(shown(await read())).toEqual({
      items: 0,
      rows: [`unknown: the published organization could not be read: ${key} is larger than 8388608 bytes`],
      transience: ['lasting'],
    })
  })

  it('is unknown in one line, whatever the file holds', async () => {
    s3.put(key, '{"pullpath":"\\n\\u001b[31m","configurationItems":[]}')
    expect(shown(await read()).rows).toEqual([
      `unknown: the published organization could not be read: ${key}: pullpath: expected an object`,
    ])
  })

  it('D9 hands out the same to every invocation of a warm process, and nothing of one shows in another', async () => {
    publish(start)
    const first = JSON.stringify(await read())
    for (let n = 1; n <= 100; n++) {
      s3.plan = () => (n % 3 === 0 ? { error: 'SlowDown', status: 503 } : undefined)
      expect(JSON.stringify(await read(start + n * 11 * minute))).toBe(first)
    }
    const other = published()
    s3.objects.clear()
    s3.plan = () => undefined
    expect(shown(await other.organization(readerAt(start), 72)).items).toBe(0)
  })
})

describe('the published settings', () => {
  const path = 'hub/settings.json'
  const refuseBad = (text: string) => {
    if (text.includes('bad')) throw new InputError('settings.yaml:1: rules: expected\nan object')
  }

  it('are the text of the file', async () => {
    s3.put(path, 'rules: {}\n')
    expect(await settings()).toEqual({ state: 'known', value: 'rules: {}\n' })
  })

  it('are absent when there are none', async () => {
    s3.mayList = true
    expect(await settings()).toEqual({ state: 'absent' })
  })

  it('are unknown when there are none, to whoever may not list the bucket', async () => {
    expect(await settings()).toEqual({
      ...{ state: 'unknown', transience: 'lasting' },
      reason: `s3:GetObject of ${path} failed with AccessDenied (not published yet, or not readable)`,
    })
  })

  it('stay the last good ones when new ones are not valid', async () => {
    s3.now = () => start
    s3.put(path, 'good: 1\n')
    await settings(start, refuseBad)
    s3.put(path, 'bad: 1\n')
    expect(await settings(start + hour, refuseBad)).toEqual({
      ...{ state: 'known', value: 'good: 1\n' },
      failure: { reason: `${path}: settings.yaml:1: rules: expected an object`, transience: 'lasting' },
    })
  })

  it('are unknown when the first ones are not valid, or S3 does not hand them over', async () => {
    s3.put(path, 'bad: 1\n')
    expect(await settings(start, refuseBad)).toMatchObject({ state: 'unknown', transience: 'lasting' })
    slow()
    expect(await settings(start, refuseBad)).toEqual({
      ...{ state: 'unknown', reason: `s3:GetObject of ${path} failed with SlowDown`, transience: 'passing' },
    })
  })

  it('do not hide that a check is broken', async () => {
    s3.put(path, 'good: 1\n')
    const broken = () => {
      throw new TypeError('a bug')
    }
    await expect(settings(start, broken)).rejects.toThrow('a bug')
  })
})
