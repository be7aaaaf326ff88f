import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import type { Decision } from '../../shared/live/decision.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import {
  type ConfigEvaluation,
  configResourceOf,
  evaluationsOf,
  type UndeterminedPolicy,
} from '../../shared/sinks/config/evaluations.ts'
import { type ConfigSink, putEvaluations, RejectedEvaluations } from '../../shared/sinks/config/put-evaluations.ts'
import type { Delivery } from '../../shared/sinks/security-hub/import-findings.ts'
import { type Rendering, renderFindings } from '../../shared/sinks/security-hub/render-findings.ts'
import type { PreviousResult } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { longBefore, standing } from './standing.ts'

/** The receivers and the times to write with. */
export interface Receivers extends Rendering {
  readonly config: ConfigSink
  /**
   * Hands findings on to Security Hub, through the queue where there is one; rejects when one was not taken. Missing where the
   * deployment sends findings to AWS Config only.
   */
  readonly publish?: (findings: readonly AwsSecurityFinding[]) => Promise<Delivery>
  /** Why nothing that is handed on arrives, where that is known beforehand. */
  readonly undelivered?: Delivery
  readonly metrics: Pick<Metrics, 'count'>
  readonly undetermined: UndeterminedPolicy
  /** OrderingTimestamp of the evaluations, ISO 8601. */
  readonly orderingTime: string
}

/** An evaluation that AWS Config does not show already; `before` is the result it takes back, where that is known. */
export interface Difference {
  readonly evaluation: ConfigEvaluation
  readonly before?: PreviousResult
}

/** Those of some evaluations that AWS Config does not show already. */
export type Differing = (evaluations: readonly ConfigEvaluation[]) => Promise<readonly Difference[]>

/**
 * Writes a decision: AWS Config first, Security Hub only what Config took or shows already. Findings are sent whatever it shows: an
 * attempt before may have ended between the two. What takes a result away comes after Security Hub: taken away, no sweep would look for
 * the finding any more. Everything that can be written is, then what could not be makes the invocation fail, so that it is tried again.
 * @throws Error naming what was not written
 */
export async function deliver(decision: Decision, receivers: Receivers, differing: Differing): Promise<Delivery> {
  countUndetermined(receivers, decision.config)
  const { first, last } = inOrder(await differing(rendered(decision.config, receivers)), decision, receivers)
  const rejected = await put(receivers, first)
  const delivery = await importTaken(decision.securityHub, rejected, receivers)
  const rejectedLast = await put(receivers, last)
  failForRejected([...rejected, ...rejectedLast])
  failForPassing([...decision.config, ...decision.securityHub])
  return delivery
}

/** What goes to AWS Config before Security Hub, which is something in any case that may be refused, and what after it. */
function inOrder(differences: readonly Difference[], { securityHub }: Decision, { publish }: Receivers) {
  const publishes = publish !== undefined && securityHub.length > 0
  const isLast = ({ evaluation }: Difference) => publishes && evaluation.ComplianceType === 'NOT_APPLICABLE'
  const last = differences.filter(isLast)
  const first = differences.filter((one) => !isLast(one)).map(({ evaluation }) => evaluation)
  const proof = first.length > 0 ? [] : last.slice(0, 1).map(proofOf)
  return { first: [...first, ...proof], last: last.map(({ evaluation }) => evaluation) }
}

/** What shows that the result token is good, and changes nothing that is shown. */
function proofOf({ evaluation, before }: Difference): ConfigEvaluation {
  return before ? standing(before) : longBefore(evaluation)
}

/** Findings as AWS Config takes them. */
export function rendered(
  findings: readonly Finding[],
  { orderingTime, undetermined }: Receivers,
): readonly ConfigEvaluation[] {
  return evaluationsOf(findings, orderingTime, undetermined)
}

/** Writes evaluations; returns those AWS Config did not take. @throws Error when it took none */
export async function put(
  { config, metrics }: Receivers,
  evaluations: readonly ConfigEvaluation[],
): Promise<readonly ConfigEvaluation[]> {
  const rejected = await rejectedOf(config, evaluations)
  const accepted = evaluations.length - rejected.length
  if (accepted > 0) metrics.count('Evaluations', accepted)
  return rejected
}

async function rejectedOf(
  config: ConfigSink,
  evaluations: readonly ConfigEvaluation[],
): Promise<readonly ConfigEvaluation[]> {
  try {
    await putEvaluations(config, evaluations)
    return []
  } catch (error) {
    if (error instanceof RejectedEvaluations) return error.rejected
    throw error
  }
}

/** A metric that is written costs: none of nothing. */
export function countUndetermined({ metrics }: Receivers, findings: readonly Finding[]): void {
  const count = findings.filter(({ compliance }) => compliance === 'UNDETERMINED').length
  if (count > 0) metrics.count('Undetermined', count)
}

/** Sends Security Hub, or the queue before it, the findings whose evaluation is not among the rejected ones. */
export async function importTaken(
  findings: readonly Finding[],
  rejected: readonly ConfigEvaluation[],
  receivers: Receivers,
): Promise<Delivery> {
  if (!receivers.publish) return { delivered: false, reason: 'Security Hub is switched off in this deployment' }
  const taken = findings.filter((finding) => !isAmong(finding, rejected))
  const delivery = await receivers.publish(renderFindings(taken, receivers))
  return receivers.undelivered ?? delivery
}

function isAmong(finding: Finding, rejected: readonly ConfigEvaluation[]): boolean {
  const { type, id } = configResourceOf(finding.resource)
  return rejected.some((one) => one.ComplianceResourceType === type && one.ComplianceResourceId === id)
}

/** @throws RejectedEvaluations when there are any */
export function failForRejected(rejected: readonly ConfigEvaluation[]): void {
  if (rejected.length > 0) throw new RejectedEvaluations(rejected)
}

/** @throws Error when a verdict could not be reached yet: the invocation has to be tried again */
export function failForPassing(findings: readonly Finding[]): void {
  const passing = [...new Set(findings)].filter((finding) => finding.transience === 'passing')
  const [first] = passing
  if (first)
    throw new Error(`${passing.length} verdict(s) could not be reached yet: ${first.resource.arn}: ${first.reason}`)
}
