import type { Finding } from '../../shared/model/finding.ts'
import { type ConfigEvaluation, configResourceOf } from '../../shared/sinks/config/evaluations.ts'
import {
  type PreviousResult,
  type PreviousResults,
  resultKey,
} from '../../shared/sources/config-compliance/evaluation-result.ts'

/** Days after which findings that have not changed are sent again: Security Hub forgets them after 90. */
const REFRESH = 30
/** Days after which the account's result is written again although it is the same. */
const MARK_AGE = 7
const DAY = 86_400_000
/** Results whose ordering times are less than so many milliseconds apart are of the same sweep. */
export const ONE_SWEEP = 1_000
const accountType = 'AWS::::Account'

/** Stands in the account's annotation as long as Security Hub did not get what AWS Config got. */
export const notInSecurityHub = 'Findings are not in Security Hub'
/** How an account's result says that its sweep knew nothing of the results before. */
export const uncompared = 'Not compared with the results before'

/** How the annotation of a verdict begins that could not be reached. */
const notReached = 'Undetermined: '

/** Evaluations by the key of their resource. */
export type Rendered = ReadonlyMap<string, ConfigEvaluation>

/** What a sweep need not send again, because AWS Config shows it and Security Hub has it. */
export interface Comparison {
  /** True when AWS Config shows this result, or would have nothing to take back. */
  readonly isShown: (evaluation: ConfigEvaluation) => boolean
  /** True when Security Hub has what AWS Config shows of the finding; `rendered` are the evaluations of the whole decision. */
  readonly isDelivered: (finding: Finding, rendered: Rendered) => boolean
  /** True when the finding is to be sent to Security Hub: also what it has, when it may have forgotten. */
  readonly isDue: (finding: Finding, rendered: Rendered) => boolean
  /** The account's own result as it is shown. */
  readonly account: PreviousResult | undefined
  /** True when there is none, or it is so old that it should be written again. */
  readonly isAccountOld: boolean
}

/** The sweep, or the change, that is compared. */
export interface ComparedWork {
  readonly accountId: string
  /** ISO 8601. */
  readonly time: string
  /** Of a sweep the id of the account's finding, which says on which days everything is sent again. */
  readonly refreshedBy?: string
  /** Ids of findings that tell more than AWS Config knows: what it shows says nothing of what Security Hub has. */
  readonly ahead?: ReadonlySet<string>
  /** What the findings rest on besides the account: what was sent on another basis is sent again. */
  readonly basis?: string
  /** True where Security Hub is not enabled: nothing is delivered, and what AWS Config shows need not be sent to nobody every day. */
  readonly isUndeliverable?: boolean
}

/** Evaluations of a decision, of which no two are on one resource. */
export function byResource(evaluations: readonly ConfigEvaluation[]): Rendered {
  return new Map(evaluations.map((evaluation) => [evaluationKey(evaluation), evaluation]))
}

function evaluationKey({ ComplianceResourceType: type = '', ComplianceResourceId: id = '' }: ConfigEvaluation): string {
  return resultKey(type, id)
}

/** Compares with what AWS Config showed before. */
export function comparisonWith(before: PreviousResults, work: ComparedWork): Comparison {
  const { accountId, time, refreshedBy, ahead, isUndeliverable = false } = work
  const account = before.get(resultKey(accountType, accountId))
  const mark = account && isMark(account, work.basis ?? '') ? account : undefined
  // All findings of a rule on one day: each day with any of them costs an evaluation that shows that the token is good.
  const refreshes = refreshedBy !== undefined && isRefreshDay(refreshedBy, time)
  const isShown = (evaluation: ConfigEvaluation) => shows(before, evaluation)
  const isDelivered: Comparison['isDelivered'] = (finding, rendered) => {
    if (ahead?.has(finding.id)) return false
    const { type, id } = configResourceOf(finding.resource)
    const key = resultKey(type, id)
    // Its result says itself that nothing is delivered, and differs from its finding only in that.
    if (isUndeliverable && type === accountType) return true
    const evaluation = rendered.get(key)
    if (evaluation === undefined || !isShown(evaluation)) return false
    if (isUndeliverable) return true
    const previous = before.get(key)
    return mark !== undefined && (previous === undefined || wasDelivered(previous, mark))
  }
  return {
    isShown,
    isDelivered,
    isDue: (finding, rendered) => {
      if (isOutdated(finding, before, time)) return false
      // Several findings share one result: it does not tell whether this one has changed.
      const shared = configResourceOf(finding.resource).member !== undefined
      return !isDelivered(finding, rendered) || ((shared || refreshes) && !isUndeliverable)
    },
    account,
    isAccountOld: account === undefined || Date.parse(time) - Date.parse(account.orderedAt) > MARK_AGE * DAY,
  }
}

/**
 * AWS Config keeps the newer result that it shows. Security Hub, which goes by when something was read, has to be kept from an open
 * verdict of older work: the next sweep would find on AWS Config that nothing has changed.
 */
function isOutdated({ compliance, resource }: Finding, before: PreviousResults, time: string): boolean {
  const { type, id } = configResourceOf(resource)
  const previous = before.get(resultKey(type, id))
  return compliance === 'UNDETERMINED' && previous !== undefined && Date.parse(previous.orderedAt) > Date.parse(time)
}

/**
 * Whether the account's result says that Security Hub has everything as it would be sent now: a listing that could not be read says
 * it of nothing.
 */
function isMark({ annotation = '' }: PreviousResult, basis: string): boolean {
  const isOpen = annotation.includes(notInSecurityHub) || annotation.startsWith(notReached)
  // Nobody knows what an attempt before it has written and not delivered.
  return !isOpen && annotation.includes(basis) && !annotation.includes(uncompared)
}

/** True when AWS Config shows this result already, or would have nothing to take back. */
export function shows(before: PreviousResults, evaluation: ConfigEvaluation): boolean {
  const previous = before.get(evaluationKey(evaluation))
  if (previous === undefined) return evaluation.ComplianceType === 'NOT_APPLICABLE'
  return previous.compliance === evaluation.ComplianceType && previous.annotation === evaluation.Annotation
}

/**
 * The account's result is written when Security Hub has taken everything: results of that sweep that it followed, and older ones, are
 * there. Any later one may have failed half-way, also one of the same sweep, whose event may come again.
 */
function wasDelivered({ orderedAt, recordedAt }: PreviousResult, mark: PreviousResult): boolean {
  const ofThatSweep = Math.abs(Date.parse(orderedAt) - Date.parse(mark.orderedAt)) < ONE_SWEEP
  const wasBefore = Date.parse(recordedAt) <= Date.parse(mark.recordedAt)
  return (ofThatSweep && wasBefore) || Date.parse(recordedAt) <= Date.parse(mark.orderedAt)
}

/** One day in thirty, another one for each id of a finding, which is a hash already. */
export function isRefreshDay(findingId: string, time: string): boolean {
  const day = Math.floor(Date.parse(time) / DAY)
  return Number.parseInt(findingId.slice(0, 8), 16) % REFRESH === day % REFRESH
}
