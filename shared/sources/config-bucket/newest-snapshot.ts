import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, failureOf, needText } from '../reading.ts'
import type { ConfigBucketReader } from './reader.ts'

const DAY = 86_400_000

/** One delivery of a snapshot. */
export interface DeliveredSnapshot {
  /** When AWS Config wrote it, ISO 8601. */
  readonly takenAt: string
  /** As a rule one. */
  readonly keys: readonly string[]
}

/**
 * Finds the newest snapshot of the reader's account and region: day by day back from the time of reading, `days` days. Absent:
 * these days hold none.
 */
export async function newestSnapshot(reader: ConfigBucketReader, days: number): Promise<Answer<DeliveredSnapshot>> {
  const today = Date.parse(reader.readAt)
  for (let back = 0; back <= days; back++) {
    const found = await snapshotsOf(reader, new Date(today - back * DAY))
    if (found.state !== 'known') return { state: 'unknown', ...failureOf(found) }
    const newest = found.value.toSorted((a, b) => (a.takenAt < b.takenAt ? 1 : -1))[0]
    if (newest !== undefined) {
      const keys = found.value.filter(({ takenAt }) => takenAt === newest.takenAt).map(({ key }) => key)
      return { state: 'known', value: { takenAt: newest.takenAt, keys: keys.sort() } }
    }
  }
  return { state: 'absent' }
}

interface SnapshotKey {
  readonly key: string
  readonly takenAt: string
}

/** The snapshots of a day in UTC, in every place where they may lie. */
async function snapshotsOf(reader: ConfigBucketReader, day: Date): Promise<Answer<readonly SnapshotKey[]>> {
  const found: SnapshotKey[] = []
  for (const place of placesOf(reader)) {
    const listed = await listedUnder(reader, `${place}${folderOf(reader, day)}`)
    if (listed.state !== 'known') return listed
    found.push(...listed.value)
  }
  return { state: 'known', value: found }
}

function placesOf({ bucket, organizationId }: ConfigBucketReader): readonly string[] {
  return organizationId === undefined ? [bucket.prefix] : [bucket.prefix, `${bucket.prefix}${organizationId}/`]
}

/** Months and days are not zero padded. */
function folderOf({ accountId, region }: ConfigBucketReader, day: Date): string {
  const date = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()].join('/')
  return `AWSLogs/${accountId}/Config/${region}/${date}/ConfigSnapshot/`
}

function listedUnder(reader: ConfigBucketReader, folder: string): Promise<Answer<readonly SnapshotKey[]>> {
  return askPages(reader, 's3:ListBucket', undefined, async (ContinuationToken, abortSignal) => {
    const { name: Bucket, ownerId: ExpectedBucketOwner } = reader.bucket
    const input = { Bucket, ExpectedBucketOwner, Prefix: folder, ContinuationToken }
    const output = await reader.client.send(new ListObjectsV2Command(input), { abortSignal })
    if (typeof output.KeyCount !== 'number') throw new MalformedAnswer('answer without KeyCount')
    const keys = (output.Contents ?? []).map(({ Key }) => needText(Key, 'Key'))
    return {
      entries: keys.flatMap((key) => snapshotKey(reader, folder, key) ?? []),
      nextToken: output.NextContinuationToken,
    }
  })
}

/** Undefined for everything that AWS Config does not name a snapshot. */
function snapshotKey({ accountId, region }: ConfigBucketReader, folder: string, key: string): SnapshotKey | undefined {
  const start = `${folder}${accountId}_Config_${region}_ConfigSnapshot_`
  if (!key.startsWith(folder)) throw new MalformedAnswer('a key that was not asked for')
  if (!key.startsWith(start)) return undefined
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_[\w-]+\.json(?:\.gz)?$/.exec(key.slice(start.length))
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`)
  return Number.isNaN(time.getTime()) ? undefined : { key, takenAt: time.toISOString() }
}
