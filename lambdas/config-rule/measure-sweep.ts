import type { SweepCursor } from '../../shared/events/sweep-follow-up.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Swept } from './scheduled-sweep.ts'

/** When AWS Config asked for a sweep (ISO 8601), and when it was done. */
export interface SweepTimes {
  readonly notifiedAt: string
  readonly now: Date
}

/** Verdicts of a sweep, and how many of them could not be reached. */
export type Tally = Pick<SweepCursor, 'verdicts' | 'undetermined'>

/** The verdicts of this part of a sweep and of those before it. */
export function tallyOf({ config }: Pick<Swept, 'config'>, before: Tally | undefined): Tally {
  const undetermined = config.filter(isUndetermined).length
  return {
    verdicts: (before?.verdicts ?? 0) + config.length,
    undetermined: (before?.undetermined ?? 0) + undetermined,
  }
}

/**
 * The heartbeat of a sweep that is done: the seconds since AWS Config asked for it, attempts that failed included; and the share of
 * the judged that is known. A sweep that goes on elsewhere measures nothing, so silence says that none has come to its end.
 */
export function measureSweep(
  summary: readonly Finding[] | undefined,
  tally: Tally,
  { notifiedAt, now }: SweepTimes,
  metrics: Pick<Metrics, 'count'>,
): void {
  if (summary === undefined) return
  metrics.count('HeartbeatAge', Math.max(0, Math.round((now.getTime() - Date.parse(notifiedAt)) / 1_000)))
  metrics.count('Coverage', coverageOf(tally, summary))
}

/** Percent. Nothing is known of a listing when the account's own result says so. */
function coverageOf({ verdicts, undetermined }: Tally, summary: readonly Finding[]): number {
  if (summary.some(isUndetermined)) return 0
  const all = verdicts + summary.length
  return all === 0 ? 100 : Math.floor((100 * (all - undetermined)) / all)
}

function isUndetermined({ compliance }: Finding): boolean {
  return compliance === 'UNDETERMINED'
}
