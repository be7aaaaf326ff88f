import type { Scope } from '../../shared/model/resource.ts'
import type { BucketSink } from '../../shared/sinks/bucket/put-text.ts'
import type { PublishedReader } from '../../shared/sources/published/published.ts'
import type { Dependencies } from './dependencies.ts'
import type { Environment } from './environment.ts'
import { type RunKeys, runKeys } from './run-keys.ts'

/** One invocation: its parts, its place, and the run it belongs to. */
export interface Run {
  readonly parts: Dependencies
  /** The hub account, and the region of the function. */
  readonly own: Scope
  readonly environment: Environment
  /** When the execution started, ISO 8601. All tasks of a run take it for the time of the audit. */
  readonly startedAt: string
  readonly name: string
  readonly keys: RunKeys
  /** Ends all reading when the function's time is up. */
  readonly signal: AbortSignal
}

/** What a run is made from. */
export type RunBase = Omit<Run, 'keys'>

/** A run with the keys of its objects. */
export function runOf(base: RunBase): Run {
  return { ...base, keys: runKeys(base.environment.reportPrefix, base.name) }
}

/** Region whose AWS Config records what belongs to the account. */
export function homeRegionOf({ environment, own }: Pick<Run, 'environment' | 'own'>): string {
  return environment.homeRegion ?? own.region
}

/** Longest time one call may take, milliseconds: files are large. */
export const callTimeout = 30_000

/** The hub's bucket, to read from. What the hub publishes may be younger than the run: its age is measured by the clock. */
export function shelfOf({ parts, own, environment, signal }: Run): PublishedReader {
  const bucket = { name: environment.bucket, ownerId: own.accountId }
  const [client, readAt] = [parts.s3(own.region), parts.now().toISOString()]
  return { ...own, readAt, signal, bucket, prefix: environment.prefix, client, callTimeout }
}

/** The hub's bucket, to write to. */
export function sinkOf({ parts, own, environment }: Run): BucketSink {
  const { sleep, random } = parts
  const bucket = { name: environment.bucket, ownerId: own.accountId }
  return { client: parts.s3(own.region), bucket, sleep, random }
}
