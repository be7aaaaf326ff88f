import type { ECRClient } from '@aws-sdk/client-ecr'
import { partitionOf } from '../../model/arn.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { errorName, MalformedAnswer, type ReadFailure, readFailure } from './failure.ts'

/** Where and with what to read; everything about the process is handed in. */
export interface EcrReader {
  readonly client: Pick<ECRClient, 'send'>
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
export interface EcrReading {
  readonly items: readonly JsonObject[]
  readonly coverage: readonly CoverageEntry[]
  readonly gaps: readonly Gap[]
}

/** The three outcomes of asking for one thing. */
export type Answer<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'absent' }
  | ({ readonly state: 'unknown' } & ReadFailure)

/**
 * Makes one call under its own time limit and sorts the outcome. Only an error named in `absentWhen` means "there is
 * none"; every other failure, a malformed answer included, is unknown. `take` reads the answer and throws
 * MalformedAnswer when a part is not there.
 */
export async function ask<O, T>(
  reader: EcrReader,
  action: string,
  absentWhen: string | undefined,
  send: (signal: AbortSignal) => Promise<O>,
  take: (output: O) => T,
): Promise<Answer<T>> {
  try {
    return { state: 'known', value: take(await send(callSignal(reader))) }
  } catch (error) {
    if (absentWhen !== undefined && errorName(error) === absentWhen) return { state: 'absent' }
    return { state: 'unknown', ...readFailure(action, error) }
  }
}

function callSignal(reader: EcrReader): AbortSignal {
  const timeout = AbortSignal.timeout(reader.callTimeout ?? 10_000)
  return reader.signal ? AbortSignal.any([timeout, reader.signal]) : timeout
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
  reader: EcrReader,
  resourceType: string,
  identity: { readonly id: string; readonly arn: string },
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
    resourceName: identity.id,
    awsRegion: reader.region,
    tags: {},
    relationships: [],
    configuration,
    supplementaryConfiguration,
  }
}

/** The ARN of an ECR resource of the reader's registry, `resource` being what follows the account id. */
export function ecrArn(reader: Pick<EcrReader, 'accountId' | 'region'>, resource: string): string {
  return `arn:${partitionOf(reader.region)}:ecr:${reader.region}:${reader.accountId}:${resource}`
}

/** A coverage row for the reader's scope. */
export function covered(reader: EcrReader, resourceType: string, unknown?: ReadFailure): CoverageEntry {
  const scope = { accountId: reader.accountId, region: reader.region, resourceType }
  return unknown ? { ...scope, status: 'unknown', reason: unknown.reason } : { ...scope, status: 'known' }
}

/** Drops properties without a value, so that absence stays absence. */
export function present(properties: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as JsonObject
}
