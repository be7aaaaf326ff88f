import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newestSnapshot } from '../../../shared/sources/config-bucket/newest-snapshot.ts'
import { readSnapshot } from '../../../shared/sources/config-bucket/read-snapshot.ts'
import type { ConfigBucketReader } from '../../../shared/sources/config-bucket/reader.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'

let s3: FakeS3
beforeEach(async () => {
  s3 = await startFakeS3('config-bucket', '777788889999')
  s3.mayList = true
})
afterEach(() => s3.close())

const accountId = '111122223333'
const region = 'us-east-1'
const reader = (more: Partial<ConfigBucketReader> = {}): ConfigBucketReader => ({
  ...{ accountId, region, readAt: '2026-03-02T06:00:00.000Z', client: s3.client(), organizationId: 'o-exampleorg1' },
  bucket: { name: 'config-bucket', ownerId: '777788889999', prefix: '' },
  ...more,
})
const folder = (day: string, prefix = '') => `${prefix}AWSLogs/${accountId}/Config/${region}/${day}/ConfigSnapshot/`
const key = (day: string, stamp: string, prefix = '', uuid = 'a') =>
  `${folder(day, prefix)}${accountId}_Config_${region}_ConfigSnapshot_${stamp}_${uuid}.json.gz`
const calls = () => s3.calls.map((call) => call.replace(/^ListObjectsV2 .*?Config\/us-east-1\//, ''))

describe('the newest snapshot of an account and region', () => {
  it('is the one with the latest time in its name, of the latest day, whose month and day have no zeros in front', async () => {
    s3.put(key('2026/3/1', '20260301T230000Z'), '')
    s3.put(key('2026/3/1', '20260301T050000Z'), '')
    s3.put(key('2026/2/28', '20260228T235959Z'), '')
    expect(await newestSnapshot(reader(), 3)).toEqual({
      state: 'known',
      value: { takenAt: '2026-03-01T23:00:00.000Z', keys: [key('2026/3/1', '20260301T230000Z')] },
    })
  })

  it('is looked for day by day, never further back than asked', async () => {
    s3.put(key('2026/2/27', '20260227T000000Z'), '')
    expect(await newestSnapshot(reader({ organizationId: undefined }), 2)).toEqual({ state: 'absent' })
    expect(calls()).toEqual(['2026/3/2/ConfigSnapshot/', '2026/3/1/ConfigSnapshot/', '2026/2/28/ConfigSnapshot/'])
    expect(await newestSnapshot(reader(), 3)).toMatchObject({ state: 'known' })
  })

  it('may lie behind a prefix and the id of the organization', async () => {
    const place = { bucket: { name: 'config-bucket', ownerId: '777788889999', prefix: 'central/' } }
    s3.put(key('2026/3/2', '20260302T010000Z', 'central/o-exampleorg1/'), '')
    s3.put(key('2026/3/2', '20260302T020000Z', 'o-exampleorg1/'), '')
    expect(await newestSnapshot(reader(place), 0)).toMatchObject({ value: { takenAt: '2026-03-02T01:00:00.000Z' } })
    expect(await newestSnapshot(reader({ ...place, organizationId: undefined }), 0)).toEqual({ state: 'absent' })
  })

  it('is all files of that time', async () => {
    for (const uuid of ['b', 'a']) s3.put(key('2026/3/2', '20260302T010000Z', '', uuid), '')
    const found = await newestSnapshot(reader(), 0)
    expect(found.state === 'known' && found.value.keys.map((one) => one.at(-9))).toEqual(['a', 'b'])
  })

  it('is nothing that AWS Config does not name so', async () => {
    const start = folder('2026/3/2')
    const names = [
      ...['ConfigWritabilityCheckFile', `${accountId}_Config_${region}_ConfigHistory_AWS::ECR::Repository_x.json.gz`],
      ...[`222233334444_Config_${region}_ConfigSnapshot_20260302T010000Z_a.json.gz`],
      ...[`${accountId}_Config_${region}_ConfigSnapshot_20261402T010000Z_a.json.gz`],
      ...[`${accountId}_Config_${region}_ConfigSnapshot_20260302T010000Z_a/../b.json.gz`],
    ]
    for (const name of names) s3.put(start + name, '')
    expect(await newestSnapshot(reader(), 0)).toEqual({ state: 'absent' })
  })

  it('is found on the last of many pages', async () => {
    s3.pageSize = 2
    for (let hour = 10; hour < 15; hour++) s3.put(key('2026/3/2', `20260302T${hour}0000Z`), '')
    expect(await newestSnapshot(reader(), 0)).toMatchObject({ value: { takenAt: '2026-03-02T14:00:00.000Z' } })
  })

  it('is unknown when a listing fails, by the name of the call', async () => {
    s3.mayList = false
    expect(await newestSnapshot(reader(), 0)).toEqual({
      ...{ state: 'unknown', reason: 's3:ListBucket failed with AccessDenied', transience: 'lasting' },
    })
    s3.mayList = true
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    expect(await newestSnapshot(reader(), 0)).toMatchObject({ state: 'unknown', transience: 'passing' })
    const stranger = { bucket: { name: 'config-bucket', ownerId: '444455556666', prefix: '' } }
    s3.plan = () => undefined
    expect(await newestSnapshot(reader(stranger), 0)).toMatchObject({ state: 'unknown', transience: 'lasting' })
  })
})

const item = (resourceType: string, resourceId: string) => ({
  ...{ awsAccountId: accountId, awsRegion: region, resourceType, resourceId, configurationItemStatus: 'OK' },
  ...{
    ARN: `arn:aws:ecr:${region}:${accountId}:repository/${resourceId}`,
    configuration: { RepositoryName: resourceId },
  },
  configurationItemCaptureTime: '2026-03-01T00:00:00.000Z',
})
const text = (...items: readonly object[]) => JSON.stringify({ fileVersion: '1.0', configurationItems: items })
const wanted = new Set(['AWS::ECR::Repository'])
const snapshotKey = key('2026/3/2', '20260302T010000Z')

describe('a snapshot in the bucket', () => {
  it('is read as it arrives, packed or not, items of wanted types only', async () => {
    const body = text(item('AWS::ECR::Repository', 'app'), item('AWS::EC2::Instance', 'i-1'))
    for (const stored of [gzipSync(body), Buffer.from(body)]) {
      s3.put(snapshotKey, stored)
      const read = await readSnapshot(reader(), [snapshotKey], wanted)
      expect(read.state === 'known' && read.value.items.map(({ resourceId }) => resourceId)).toEqual(['app'])
      expect(read.state === 'known' && [read.value.filesRead, read.value.problems]).toEqual([1, []])
    }
  })

  it('that is broken is a problem of that file, with the account and region of its key', async () => {
    const bodies = {
      'broken or truncated gzip': gzipSync(text(item('AWS::ECR::Repository', 'app'))).subarray(0, 60),
      'the JSON ends too early: the file is truncated': Buffer.from('{"configurationItems":['),
    }
    for (const [reason, body] of Object.entries(bodies)) {
      s3.put(snapshotKey, body)
      const read = await readSnapshot(reader(), [snapshotKey], wanted)
      expect(read.state === 'known' && [read.value.filesRead, read.value.problems]).toEqual([
        ...[0, [{ file: snapshotKey, reason, accountId, region }]],
      ])
    }
  })

  it('that explodes is given up, not unpacked', async () => {
    s3.put(snapshotKey, gzipSync(Buffer.alloc(64 * 2 ** 20, ' ')))
    const read = await readSnapshot(reader(), [snapshotKey], wanted)
    expect(read.state === 'known' && read.value.problems.map(({ reason }) => reason)).toEqual([
      'gzip: unpacks to more than 250 times its size',
    ])
  })

  it('that could not be fetched to its end is unknown, and worth another try', async () => {
    s3.put(snapshotKey, gzipSync(text(item('AWS::ECR::Repository', 'app'))))
    s3.plan = () => ({ cut: true })
    expect(await readSnapshot(reader(), [snapshotKey], wanted)).toMatchObject({
      state: 'unknown',
      transience: 'passing',
    })
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
    expect(await readSnapshot(reader(), [snapshotKey], wanted)).toEqual({
      ...{ state: 'unknown', reason: 's3:GetObject failed with AccessDenied', transience: 'lasting' },
    })
  })

  it('that trickles ends with all reading', async () => {
    s3.put(snapshotKey, gzipSync(text(item('AWS::ECR::Repository', 'app'))))
    s3.plan = () => ({ trickle: true })
    const before = Date.now()
    const read = await readSnapshot(reader({ signal: AbortSignal.timeout(300) }), [snapshotKey], wanted)
    expect(read).toMatchObject({ state: 'unknown', transience: 'passing' })
    expect(Date.now() - before).toBeLessThan(5_000)
  })
})
