import type { Finding } from '../../shared/model/finding.ts'
import { type ConfigEvaluation, configResourceOf } from '../../shared/sinks/config/evaluations.ts'
import {
  type PreviousResult,
  type PreviousResults,
  resultKey,
} from '../../shared/sources/config-compliance/previous-results.ts'

/** Days after which a finding that has not changed is sent again: Security Hub forgets it after 90. */
const REFRESH = 30
const DAY = 86_400_000
const accountType = 'AWS::::Account'

/** Stands in the account's annotation as long as Security Hub did not get what AWS Config got. */
export const notInSecurityHub = 'Findings are not in Security Hub'

/** What a sweep need not send again, because AWS Config shows it and Security Hub has it. */
export interface Comparison {
  /** True when AWS Config shows this result, or would have nothing to take back. */
  readonly isShown: (evaluation: ConfigEvaluation) => boolean
  /** True when the finding is to be sent to Security Hub; `rendered` are the evaluations of the whole decision. */
  readonly isDue: (finding: Finding, rendered: readonly ConfigEvaluation[]) => boolean
  /** The account's own result as it is shown. */
  readonly account: PreviousResult | undefined
}

/** Compares with what AWS Config showed before a sweep of the given time (ISO 8601). */
export function comparisonWith(before: PreviousResults, accountId: string, sweptAt: string): Comparison {
  const account = before.get(resultKey(accountType, accountId))
  const delivered = account?.annotation?.includes(notInSecurityHub) ? undefined : account?.orderedAt
  const isShown = (evaluation: ConfigEvaluation) => shows(before, evaluation)
  return {
    isShown,
    isDue: (finding, rendered) => {
      const { type, id, member } = configResourceOf(finding.resource)
      // Several findings share one result: it does not tell whether this one has changed.
      if (member !== undefined || delivered === undefined || isRefreshDay(finding.id, sweptAt)) return true
      const evaluation = rendered.find((one) => one.ComplianceResourceType === type && one.ComplianceResourceId === id)
      if (evaluation === undefined || !isShown(evaluation)) return true
      const previous = before.get(resultKey(type, id))
      return previous !== undefined && !wasDelivered(previous, delivered)
    },
    account,
  }
}

function shows(before: PreviousResults, evaluation: ConfigEvaluation): boolean {
  const previous = before.get(resultKey(evaluation.ComplianceResourceType ?? '', evaluation.ComplianceResourceId ?? ''))
  if (previous === undefined) return evaluation.ComplianceType === 'NOT_APPLICABLE'
  return previous.compliance === evaluation.ComplianceType && previous.annotation === evaluation.Annotation
}

/**
 * The account's result is written when Security Hub has taken everything: results of that sweep, and older ones, are there.
 * Any later one may have failed half-way.
 */
function wasDelivered({ orderedAt, recordedAt }: PreviousResult, delivered: string): boolean {
  const ofThatSweep = Math.abs(Date.parse(orderedAt) - Date.parse(delivered)) < 1_000
  return ofThatSweep || Date.parse(recordedAt) <= Date.parse(delivered)
}

/** One day in thirty, another one for each finding. Its id is a hash already. */
export function isRefreshDay(findingId: string, time: string): boolean {
  const day = Math.floor(Date.parse(time) / DAY)
  return Number.parseInt(findingId.slice(0, 8), 16) % REFRESH === day % REFRESH
}
