import { sweptRules } from '../../shared/live/swept-rules.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { type Heartbeats, readHeartbeats } from '../../shared/sources/hub-heartbeats/read-heartbeats.ts'
import { homeRegionOf, type Run, shelfOf } from './run.ts'
import type { Shard } from './task.ts'

/** Members sweep daily; two hours are for AWS Config to begin, and for the sweep. Milliseconds. */
export const heartbeatAge = 26 * 3_600_000

/** Stands in the coverage in the place of a resource type where functions gave no sign. */
export const heartbeatType = 'Pullpath::Heartbeat'

/** Whether the functions of an account and region work. */
export type Heartbeat =
  | Heartbeats
  /** Nothing has to be there: the account is new, or not deployed to, or there are no rules. */
  | { readonly state: 'not-expected'; readonly reason: string }

/** Whether the functions of an account and region have swept within 26 hours, every area that has rules there. */
export async function heartbeatOf(run: Run, { accountId, region, withoutSign }: Shard): Promise<Heartbeat> {
  if (withoutSign !== undefined) return { state: 'not-expected', reason: withoutSign }
  const areas = areasIn(run, region)
  if (areas.length === 0) return { state: 'not-expected', reason: 'no rules are deployed' }
  return readHeartbeats(shelfOf(run), { accountId, region, areas, maxAge: heartbeatAge })
}

/** The areas with rules that are deployed and swept in a region. */
function areasIn(run: Run, region: string): readonly string[] {
  const { parts, environment } = run
  const ids = parts.rules.map(({ id }) => id)
  const variables = { PULLPATH_RULE_SETS: environment.ruleSets }
  const swept = sweptRules(parts.rules, { variables, ids, isHome: region === homeRegionOf(run) })
  return [...new Set(swept.map(({ area }) => area))].sort()
}

/** A row of the coverage for each area that gave no sign. */
export function silenceRows({ accountId, region }: Shard, heartbeat: Heartbeat): readonly CoverageEntry[] {
  if (heartbeat.state !== 'missing') return []
  return heartbeat.silent.map(({ area, since }) => ({
    ...{ accountId, region, resourceType: heartbeatType, status: 'unknown' },
    reason: `the functions of area ${area} gave no sign ${since === undefined ? 'yet' : `since ${since}`}`,
  }))
}
