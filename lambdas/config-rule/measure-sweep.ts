import type { Finding } from '../../shared/model/finding.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { PreviousResult } from '../../shared/sources/config-compliance/previous-results.ts'
import type { Swept } from './scheduled-sweep.ts'

/**
 * The heartbeat of a sweep that is done: the seconds since the one before (`account` is the result it left; the first sweep has
 * none before it and says 0), and the share of the judged that is known. A sweep that goes on elsewhere measures nothing.
 */
export function measureSweep(
  { config, summary }: Swept,
  account: PreviousResult | undefined,
  now: Date,
  metrics: Pick<Metrics, 'count'>,
): void {
  if (summary === undefined) return
  const before = account === undefined ? Number.NaN : Date.parse(account.orderedAt)
  metrics.count('HeartbeatAge', Number.isNaN(before) ? 0 : Math.max(0, Math.round((now.getTime() - before) / 1_000)))
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
