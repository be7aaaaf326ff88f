import type { Finding } from '../../shared/model/finding.ts'
import type { ConfigEvaluation } from '../../shared/sinks/config/evaluations.ts'
import type { Delivery } from '../../shared/sinks/security-hub/import-findings.ts'
import type { PreviousResult } from '../../shared/sources/config-compliance/previous-results.ts'
import { type Comparison, notInSecurityHub } from './comparison.ts'
import {
  countUndetermined,
  failForPassing,
  failForRejected,
  importTaken,
  put,
  type Receivers,
  rendered,
} from './deliver.ts'
import type { Swept } from './scheduled-sweep.ts'

/** How much of a sweep was sent, and whether Security Hub took its part. */
export interface SweepDelivery {
  readonly evaluations: number
  readonly securityHub: Delivery
}

/**
 * Writes what a sweep has found, without what AWS Config shows already. What takes a result away, and the account's own
 * result, come after Security Hub: whatever fails on the way, the next attempt finds the old results and knows what to send.
 * @throws Error naming what was not written
 */
export async function deliverSweep(
  swept: Swept,
  receivers: Receivers,
  comparison: Comparison | undefined,
): Promise<SweepDelivery> {
  countUndetermined(receivers, [...swept.config, ...(swept.summary ?? [])])
  const all = rendered(swept.config, receivers)
  const changed = all.filter((one) => !comparison?.isShown(one))
  const summary = rendered(swept.summary ?? [], receivers)
  const due = dueFindings(swept, [...all, ...summary], comparison)
  const { first, last } = inOrder(changed, comparison)
  const needsProof = first.length === 0 && due.length > 0 && receivers.publish !== undefined
  const proof = needsProof ? tokenProof(swept, comparison, receivers) : []
  const rejected = await put(receivers, [...first, ...proof])
  const securityHub = await importTaken(due, rejected, receivers)
  const closing = rendered(
    (swept.summary ?? []).map((finding) => withDelivery(finding, isWhole(swept) ? securityHub : notYetWhole)),
    receivers,
  )
  const rejectedLast = await put(receivers, [...last, ...closing.filter((one) => !isAmong(one, proof))])
  failForRejected([...rejected, ...rejectedLast])
  failForPassing(findingsOf(swept))
  return { evaluations: first.length + last.length + closing.length, securityHub }
}

/**
 * A verdict that could not be reached yet comes with the next attempt, which is of the same sweep: until then nothing may say that
 * Security Hub has all of it.
 */
function isWhole(swept: Swept): boolean {
  return findingsOf(swept).every(({ transience }) => transience !== 'passing')
}

function findingsOf({ config, securityHub, summary = [] }: Swept): readonly Finding[] {
  return [...config, ...securityHub, ...summary]
}

const notYetWhole: Delivery = { delivered: false, reason: 'some verdicts could not be reached yet' }

function dueFindings(
  { securityHub, summary = [] }: Swept,
  all: readonly ConfigEvaluation[],
  comparison: Comparison | undefined,
): readonly Finding[] {
  const findings = [...securityHub, ...summary]
  return comparison ? findings.filter((finding) => comparison.isDue(finding, all)) : findings
}

/** What goes to AWS Config before Security Hub, and what after it. */
function inOrder(changed: readonly ConfigEvaluation[], comparison: Comparison | undefined) {
  // Without a comparison the next attempt sends everything in any case.
  const last = comparison ? changed.filter((one) => one.ComplianceType === 'NOT_APPLICABLE') : []
  return { first: changed.filter((one) => !last.includes(one)), last }
}

/**
 * Something goes to AWS Config before Security Hub in any case, because only that shows whether the result token is good. When
 * nothing else does, it is the account's result exactly as it stands, or one that says what is still to come.
 */
function tokenProof(
  { summary = [] }: Swept,
  comparison: Comparison | undefined,
  receivers: Receivers,
): readonly ConfigEvaluation[] {
  // Without a comparison the next attempt sends everything in any case.
  if (comparison === undefined) return rendered(summary, receivers)
  if (comparison.account) return standing(comparison.account)
  return rendered(
    summary.map((finding) => withDelivery(finding, { delivered: false, reason: 'not yet' })),
    receivers,
  )
}

function standing({ type, id, compliance, annotation, orderedAt }: PreviousResult): readonly ConfigEvaluation[] {
  return [
    {
      ...{ ComplianceResourceType: type, ComplianceResourceId: id, ComplianceType: compliance },
      OrderingTimestamp: new Date(orderedAt),
      ...(annotation === undefined ? {} : { Annotation: annotation }),
    },
  ]
}

function isAmong(evaluation: ConfigEvaluation, put: readonly ConfigEvaluation[]): boolean {
  return put.some((one) => JSON.stringify(one) === JSON.stringify(evaluation))
}

/** The account's annotation remembers it, so that the next sweep sends everything. */
function withDelivery(finding: Finding, delivery: Delivery): Finding {
  if (delivery.delivered) return finding
  return { ...finding, reason: `${notInSecurityHub} (${delivery.reason}). ${finding.reason}` }
}
