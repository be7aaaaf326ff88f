import { createHash } from 'node:crypto'
import type { Scope } from '../../shared/model/resource.ts'

/**
 * The name of a run: the same for every attempt of an execution, sorted by time, and fit for a key whatever the execution is
 * called.
 */
export function runNameOf(execution: string, startedAt: string): string {
  const time = new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${time}-${createHash('sha256').update(execution).digest('hex').slice(0, 12)}`
}

/** The keys of a run's objects. */
export interface RunKeys {
  readonly folder: string
  readonly plan: string
  readonly shards: string
  /** What a shard found, for the reports of the whole. */
  readonly result: (shard: Scope) => string
  /** The whole report on a shard, as the command line writes it. */
  readonly account: (shard: Scope) => string
  readonly report: (name: string) => string
  readonly manifest: string
}

/** The keys of a run below the prefix of reports, which ends in `/`. */
export function runKeys(reportPrefix: string, run: string): RunKeys {
  const folder = `${reportPrefix}runs/${run}/`
  return {
    folder,
    plan: `${folder}plan.json`,
    shards: `${folder}shards.json`,
    result: ({ accountId, region }) => `${folder}shards/${accountId}-${region}.json`,
    account: ({ accountId, region }) => `${folder}accounts/${accountId}-${region}.json`,
    report: (name) => `${folder}${name}`,
    manifest: `${folder}manifest.json`,
  }
}

/** Where the manifest of the newest complete run lies. */
export function latestKey(reportPrefix: string): string {
  return `${reportPrefix}latest.json`
}
