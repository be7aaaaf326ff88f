import { regionOfItem } from '../inventory/normalize-item.ts'
import { unreadPrefix } from '../inventory/policy-source.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { CoverageEntry } from '../model/resource.ts'
import { errorName, MalformedAnswer, type ReadFailure, readFailure } from './failure.ts'
import { listPages, type Page } from './list-pages.ts'

/** Where and when to read; everything about the process is handed in. A service's reader adds its client. */
export interface Reader {
  readonly accountId: string
  readonly region: string
  /** Time of reading: the capture time of the items. ISO 8601. */
  readonly readAt: string
  /** Upper bound of one call, milliseconds; default 10,000. */
  readonly callTimeout?: number
  /** Ends all reading, for example when the function's time is up. */
  readonly signal?: AbortSignal
}

/** Something that could not be read, so that verdicts resting on it are undetermined. */
export interface Gap extends ReadFailure {
  readonly resourceType: string
  /** ARN of the resource that has the gap; all resources of the type when missing. */
  readonly resourceArn?: string
}

/** Raw items in AWS Config's grammar, what was listed completely, and what could not be read. */
export interface Reading {
  readonly items: readonly JsonObject[]
  readonly coverage: readonly CoverageEntry[]
  readonly gaps: readonly Gap[]
}

/** Several readings as one. */
export function joinReadings(readings: readonly Reading[]): Reading {
  return {
    items: readings.flatMap((reading) => reading.items),
    coverage: readings.flatMap((reading) => reading.coverage),
    gaps: readings.flatMap((reading) => reading.gaps),
  }
}

/** The three outcomes of asking for one thing. */
export type Answer<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'absent' }
  | ({ readonly state: 'unknown' } & ReadFailure)

/**
 * Makes one call under its own time limit and sorts the outcome. Only an error named in `absentWhen` means "there is
 * none"; every other failure, a malformed answer included, is unknown. `take` reads the answer and throws
 * MalformedAnswer when a part is not there; the call is then made once more.
 */
export function ask<O, T>(
  reader: Reader,
  action: string,
  absentWhen: AbsentWhen,
  send: (signal: AbortSignal) => Promise<O>,
  take: (output: O) => T,
): Promise<Answer<T>> {
  return sorted(action, absentWhen, () => onceMore(async () => take(await send(callSignal(reader)))))
}

/**
 * Reads every page of a listing, each under its own time limit. One page that fails makes the whole listing unknown; a
 * malformed one is asked for once more by itself.
 */
export function askPages<T>(
  reader: Reader,
  action: string,
  absentWhen: AbsentWhen,
  readPage: (token: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): Promise<Answer<readonly T[]>> {
  return sorted(action, absentWhen, () => listPages((token) => onceMore(() => readPage(token, callSignal(reader)))))
}

/** The name of the error that means "there is none", or what tells such an error; undefined when there is no such error. */
type AbsentWhen = string | ((error: unknown) => boolean) | undefined

async function sorted<T>(action: string, absentWhen: AbsentWhen, attempt: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { state: 'known', value: await attempt() }
  } catch (error) {
    const absent = typeof absentWhen === 'function' ? absentWhen(error) : errorName(error) === absentWhen
    return absent ? { state: 'absent' } : { state: 'unknown', ...readFailure(action, error) }
  }
}

/** An answer that is not as documented may have been cut off on its way: one more try tells. */
async function onceMore<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error
    return attempt()
  }
}

/** Ends one call: at the reader's time limit, or with all reading. */
export function callSignal(reader: Reader): AbortSignal {
  const timeout = AbortSignal.timeout(reader.callTimeout ?? 10_000)
  return reader.signal ? AbortSignal.any([timeout, reader.signal]) : timeout
}

/** Visits the entries, at most `concurrency` at the same time. */
export async function forEachConcurrently<T>(
  entries: readonly T[],
  concurrency: number,
  visit: (entry: T) => Promise<void>,
): Promise<void> {
  const queue = entries.values()
  const worker = async () => {
    for (const entry of queue) await visit(entry)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, entries.length) }, worker))
}

/** The text, or a MalformedAnswer that names what should have been there. */
export function needText(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new MalformedAnswer(`answer without ${what}`)
  return value
}

/** The list, or a MalformedAnswer that names what should have been there. */
export function needList<T>(value: readonly T[] | undefined, what: string): readonly T[] {
  if (!Array.isArray(value)) throw new MalformedAnswer(`answer without ${what}`)
  return value
}

/** A raw configuration item as AWS Config would spell it. */
export function rawItem(
  reader: Reader,
  resourceType: string,
  identity: { readonly id: string; readonly arn: string; readonly name?: string },
  configuration: JsonObject,
  supplementaryConfiguration: JsonObject = {},
): JsonObject {
  return {
    version: '1.3',
    accountId: reader.accountId,
    configurationItemCaptureTime: reader.readAt,
    configurationItemStatus: 'OK',
    arn: identity.arn,
    resourceType,
    resourceId: identity.id,
    resourceName: identity.name ?? identity.id,
    awsRegion: itemRegion(reader, resourceType),
    tags: {},
    relationships: [],
    configuration,
    supplementaryConfiguration,
  }
}

/** A coverage row for the reader's scope; types that belong to no region have the scope `global`. */
export function covered(reader: Reader, resourceType: string, unknown?: ReadFailure): CoverageEntry {
  const scope = { accountId: reader.accountId, region: itemRegion(reader, resourceType), resourceType }
  return unknown ? { ...scope, status: 'unknown', reason: unknown.reason } : { ...scope, status: 'known' }
}

/** Rows for types of which single resources were read: the others are unknown, not absent. */
export function notListed(reader: Reader, types: readonly string[]): readonly CoverageEntry[] {
  return types.map((type) =>
    covered(reader, type, { reason: `${type} was read one by one, not listed`, transience: 'lasting' }),
  )
}

function itemRegion(reader: Reader, resourceType: string): string {
  return regionOfItem(resourceType, reader.region) ?? reader.region
}

/** A reading that says of the types only that they could not be listed, and why. */
export function unlisted(reader: Reader, types: readonly string[], { reason, transience }: ReadFailure): Reading {
  return {
    items: [],
    coverage: types.map((type) => covered(reader, type, { reason, transience })),
    gaps: types.map((resourceType) => ({ resourceType, reason, transience })),
  }
}

/** Why an answer is not known; a listing that is "not found" says nothing about what is in it. */
export function failureOf(answer: Exclude<Answer<unknown>, { readonly state: 'known' }>): ReadFailure {
  if (answer.state === 'absent') return { reason: 'a listing was not found', transience: 'passing' }
  return { reason: answer.reason, transience: answer.transience }
}

/** The gap of an answer that is unknown; none otherwise. */
export function gapsOf(answer: Answer<unknown>, resourceType: string, resourceArn?: string): readonly Gap[] {
  if (answer.state !== 'unknown') return []
  const { reason, transience } = answer
  return [{ resourceType, ...(resourceArn === undefined ? {} : { resourceArn }), reason, transience }]
}

/** Stands where a value could not be read: a text that is no policy and no list, so no reader takes it for "none". */
export function unread({ reason }: ReadFailure): string {
  return `${unreadPrefix}${reason}`
}

/** Drops properties without a value, so that absence stays absence. */
export function present(properties: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as JsonObject
}

/** The coverage of a reading: its rows, and one for each resource of which a part could not be read. */
export function coverageOf(
  { coverage, gaps }: Reading,
  place: Pick<Reader, 'accountId' | 'region'>,
): readonly CoverageEntry[] {
  const partly = gaps.flatMap(({ resourceType, resourceArn, reason }) =>
    resourceArn === undefined
      ? []
      : [
          {
            accountId: place.accountId,
            region: regionOfItem(resourceType, place.region) ?? place.region,
            ...{ resourceType, resourceArn, reason },
            status: 'unknown' as const,
          },
        ],
  )
  return [...coverage, ...partly]
}
