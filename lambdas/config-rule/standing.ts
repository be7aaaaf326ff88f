import type { ConfigEvaluation } from '../../shared/sinks/config/evaluations.ts'
import type { PreviousResult } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { ONE_SWEEP } from './comparison.ts'

/**
 * A result as it stands, to see whether the result token is good. Ordered before itself, so that AWS Config goes on showing what it
 * shows: recorded anew, an account's result would vouch for what was written after it and may not have been sent. Shown all the same, it
 * vouches for less.
 */
export function standing({ type, id, compliance, annotation, orderedAt }: PreviousResult): ConfigEvaluation {
  return {
    ...{ ComplianceResourceType: type, ComplianceResourceId: id, ComplianceType: compliance },
    OrderingTimestamp: new Date(Date.parse(orderedAt) - ONE_SWEEP),
    ...(annotation === undefined ? {} : { Annotation: annotation }),
  }
}

/** Longer than a result stands without being written again, milliseconds. */
const YEARS = 5 * 365 * 86_400_000

/** The same where nobody knows how the result stands: ordered before whatever it may be. */
export function longBefore(evaluation: ConfigEvaluation): ConfigEvaluation {
  const { OrderingTimestamp: time } = evaluation
  return { ...evaluation, OrderingTimestamp: new Date((time?.getTime() ?? 0) - YEARS) }
}
