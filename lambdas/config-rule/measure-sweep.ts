import type { Finding } from '../../shared/model/finding.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Swept } from './scheduled-sweep.ts'

/** When AWS Config asked for a sweep (ISO 8601), and when it was done. */
export interface SweepTimes {
  readonly notifiedAt: string
  readonly now: Date
}

/**
 * The heartbeat of a sweep that is done: the seconds since AWS Config asked for it, attempts that failed included; and the share of
 * the judged that is known. A sweep that goes on elsewhere measures nothing, so silence says that none has come to its end.
 */
export function measureSweep(
  { config, summary }: Swept,
  { notifiedAt, now }: SweepTimes,
  metrics: Pick<Metrics, 'count'>,
): void {
  if (summary === undefined) return
  metrics.count('HeartbeatAge', Math.max(0, Math.round((now.getTime() - Date.parse(notifiedAt)) / 1_000)))
  metrics.count('Coverage', coverageOf([...config, ...summary], summary))
}

/** Percent. Nothing is known of a listing when the account's own result says so. */
function coverageOf(all: readonly Finding[], summary: readonly Finding[]): number {
  if (summary.some(isUndetermined)) return 0
  const known = all.filter((finding) => !isUndetermined(finding)).length
  return all.length === 0 ? 100 : Math.floor((100 * known) / all.length)
}

function isUndetermined({ compliance }: Finding): boolean {
  return compliance === 'UNDETERMINED'
}
