import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { Scope } from '../../model/resource.ts'
import { MalformedAnswer } from '../failure.ts'
import { heartbeatFolder, heartbeatKey } from '../published/names.ts'
import type { PublishedReader } from '../published/published.ts'
import { type Answer, askPages, failureOf, needText } from '../reading.ts'

/** An area whose function has given no sign lately. */
export interface SilentArea {
  readonly area: string
  /** Its last sign, ISO 8601; undefined when the bucket holds none. */
  readonly since: string | undefined
}

/** Whether the functions of an account and region have swept lately. */
export type Heartbeats =
  /** All of them have. `at`: when the one did that is silent for longest, ISO 8601. */
  | { readonly state: 'seen'; readonly at: string }
  | { readonly state: 'missing'; readonly reason: string; readonly silent: readonly SilentArea[] }
  | { readonly state: 'unknown'; readonly reason: string }

/** What is asked of an account and region. */
export interface HeartbeatQuestion extends Scope {
  /** The areas whose functions are deployed there, one at least. */
  readonly areas: readonly string[]
  /** Milliseconds after which a sign counts for nothing. */
  readonly maxAge: number
}

/** Looks for the signs that functions of an account and region have left in the hub's bucket. What cannot be listed is unknown. */
export async function readHeartbeats(reader: PublishedReader, question: HeartbeatQuestion): Promise<Heartbeats> {
  const listed = await timesOf(reader, question)
  if (listed.state !== 'known') return { state: 'unknown', reason: failureOf(listed).reason }
  const oldest = Date.parse(reader.readAt) - question.maxAge
  const times = new Map(listed.value)
  const signs = question.areas.map((area) => ({ area, time: times.get(area) }))
  const silent = signs.filter(({ time }) => time === undefined || time < oldest)
  if (silent.length > 0)
    return missing(silent.map(({ area, time }) => ({ area, since: time === undefined ? time : isoOf(time) })))
  return { state: 'seen', at: isoOf(Math.min(...signs.flatMap(({ time }) => time ?? []))) }
}

function missing(silent: readonly SilentArea[]): Heartbeats {
  return { state: 'missing', reason: `no sign of ${silent.map(silenceOf).join(', ')}`, silent }
}

/** In words: the area, and since when. */
function silenceOf({ area, since }: SilentArea): string {
  return since === undefined ? area : `${area} since ${since}`
}

/** When S3 took the newest sign of each area that was asked for. Whatever else lies there is passed over. */
function timesOf(
  reader: PublishedReader,
  { accountId, region, areas }: HeartbeatQuestion,
): Promise<Answer<readonly (readonly [area: string, time: number])[]>> {
  const { bucket, prefix, client } = reader
  const folder = `${prefix}${heartbeatFolder}${accountId}/${region}/`
  const wanted = new Map(areas.map((area) => [prefix + heartbeatKey(accountId, region, area), area]))
  return askPages(reader, 's3:ListBucket', undefined, async (ContinuationToken, abortSignal) => {
    const input = { Bucket: bucket.name, ExpectedBucketOwner: bucket.ownerId, Prefix: folder, ContinuationToken }
    const output = await client.send(new ListObjectsV2Command(input), { abortSignal })
    if (typeof output.KeyCount !== 'number') throw new MalformedAnswer('answer without KeyCount')
    const entries = (output.Contents ?? []).flatMap(({ Key, LastModified }) => {
      const key = needText(Key, 'Key')
      if (!key.startsWith(folder)) throw new MalformedAnswer('a key that was not asked for')
      const area = wanted.get(key)
      return area === undefined ? [] : [[area, needTime(LastModified)] as const]
    })
    return { entries, nextToken: output.NextContinuationToken }
  })
}

function needTime(value: unknown): number {
  const time = value instanceof Date ? value.getTime() : Number.NaN
  if (Number.isNaN(time)) throw new MalformedAnswer('answer without LastModified')
  return time
}

function isoOf(time: number): string {
  return new Date(time).toISOString()
}
