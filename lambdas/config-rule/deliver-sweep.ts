import type { Finding } from '../../shared/model/finding.ts'
import type { ConfigEvaluation } from '../../shared/sinks/config/evaluations.ts'
import type { Delivery } from '../../shared/sinks/security-hub/import-findings.ts'
import { byResource, type Comparison, notInSecurityHub, type Rendered } from './comparison.ts'
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
import { standing } from './standing.ts'
import { isBad } from './sweep.ts'

/** How much of a sweep was sent, and whether Security Hub took its part. */
export interface SweepDelivery {
  readonly evaluations: number
  readonly securityHub: Delivery
}

/** What was found, and what it says of the account itself. */
export type Told = Pick<Swept, 'config' | 'securityHub' | 'summary'>

/**
 * When the account's own result is written, which costs what any result costs. `always`: it is the heartbeat. `when due`: when it
 * differs, when its time has to vouch for something that was sent, or when it is old. `when bad`: after a change, which says of the
 * account only that it could not be listed.
 */
export type Closing = 'always' | 'when due' | 'when bad'

/** What a delivery goes by. Without a comparison everything is sent. */
export interface Manner {
  readonly comparison: Comparison | undefined
  readonly closing: Closing
}

/**
 * Writes what a sweep, or a change that concerns everything, has found, without what AWS Config shows already. What takes a result
 * away, and the account's own result, come after Security Hub: whatever fails on the way, the next attempt finds the old results and
 * knows what to send.
 * @throws Error naming what was not written
 */
export async function deliverSweep(told: Told, receivers: Receivers, manner: Manner): Promise<SweepDelivery> {
  const { comparison } = manner
  countUndetermined(receivers, [...told.config, ...(told.summary ?? [])])
  const all = rendered(told.config, receivers)
  const changed = all.filter((one) => !comparison?.isShown(one))
  const shown = byResource([...all, ...rendered(told.summary ?? [], receivers)])
  const due = dueFindings(told, shown, comparison)
  const { first, last } = inOrder(changed, comparison)
  const needsProof = first.length === 0 && due.length > 0 && receivers.publish !== undefined
  const proof = needsProof ? tokenProof(told, comparison, receivers) : []
  const rejected = await put(receivers, [...first, ...proof])
  const securityHub = await importTaken(due, rejected, receivers)
  const news = changed.length + due.filter((finding) => !comparison?.isDelivered(finding, shown)).length
  const closing = closingOf(told, { ...manner, receivers, securityHub, isNews: securityHub.delivered && news > 0 })
  const closes = closing.filter((one) => !isAmong(one, proof))
  const rejectedLast = await put(receivers, [...last, ...closes])
  failForRejected([...rejected, ...rejectedLast])
  failForPassing(findingsOf(told))
  return { evaluations: first.length + proof.length + last.length + closes.length, securityHub }
}

interface Ending extends Manner {
  readonly receivers: Receivers
  readonly securityHub: Delivery
  /** True when Security Hub has something that the account's result of before does not vouch for. */
  readonly isNews: boolean
}

/** The account's own result, where it is to be written. */
function closingOf(told: Told, { comparison, closing, receivers, securityHub, isNews }: Ending) {
  const { summary = [] } = told
  const delivery = isWhole(told) ? securityHub : notYetWhole
  const stated = rendered(
    summary.map((finding) => withDelivery(finding, delivery)),
    receivers,
  )
  if (comparison === undefined) return stated
  const differs = comparison.account === undefined || stated.some((one) => !comparison.isShown(one))
  switch (closing) {
    case 'always':
      return stated
    case 'when due':
      return differs || isNews || comparison.isAccountOld ? stated : []
    case 'when bad':
      return differs && summary.some(isBad) ? stated : []
    default:
      return closing satisfies never
  }
}

/**
 * A verdict that could not be reached yet comes with the next attempt, which is of the same sweep: until then nothing may say that
 * Security Hub has all of it.
 */
function isWhole(told: Told): boolean {
  return findingsOf(told).every(({ transience }) => transience !== 'passing')
}

function findingsOf({ config, securityHub, summary = [] }: Told): readonly Finding[] {
  return [...config, ...securityHub, ...summary]
}

const notYetWhole: Delivery = { delivered: false, reason: 'some verdicts could not be reached yet' }

function dueFindings(
  { securityHub, summary = [] }: Told,
  all: Rendered,
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
 * nothing else does, it is the account's result as it stands, or one that says what is still to come.
 */
function tokenProof(
  { summary = [] }: Told,
  comparison: Comparison | undefined,
  receivers: Receivers,
): readonly ConfigEvaluation[] {
  // Without a comparison the next attempt sends everything in any case.
  if (comparison === undefined) return rendered(summary, receivers)
  if (comparison.account) return [standing(comparison.account)]
  return rendered(
    summary.map((finding) => withDelivery(finding, { delivered: false, reason: 'not yet' })),
    receivers,
  )
}

function isAmong(evaluation: ConfigEvaluation, put: readonly ConfigEvaluation[]): boolean {
  return put.some((one) => JSON.stringify(one) === JSON.stringify(evaluation))
}

/** The account's annotation remembers it, so that the next sweep sends everything. */
function withDelivery(finding: Finding, delivery: Delivery): Finding {
  if (delivery.delivered) return finding
  return { ...finding, reason: `${notInSecurityHub} (${delivery.reason}). ${finding.reason}` }
}
