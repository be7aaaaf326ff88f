import type { AuditRequest, ChangedResource } from '../../shared/events/audit-request.ts'
import { followUpOf, type LeftResource, MOST_HOPS, type SweepCursor } from '../../shared/events/sweep-follow-up.ts'
import type { Ground } from '../../shared/live/decision.ts'
import { judgedRef } from '../../shared/live/live.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { type PreviousResults, previousResults } from '../../shared/sources/config-compliance/previous-results.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import { isLookable } from './absences.ts'
import { comparisonWith } from './comparison.ts'
import { deliverSweep } from './deliver-sweep.ts'
import { groundOf, type Invocation, receiversOf, WRITING_TIME } from './invocation.ts'
import { jitterOf } from './jitter.ts'
import { measureSweep } from './measure-sweep.ts'
import { continuedSweep, type Swept, scheduledSweep } from './scheduled-sweep.ts'

type ScheduledRequest = Extract<AuditRequest, { kind: 'scheduled' }>

/** The event of AWS Config as it came, and where to go on when this is a follow-up. */
interface SweepOrder {
  readonly configEvent: unknown
  readonly cursor: SweepCursor | undefined
}

/**
 * Sweeps, writes what differs from the results before, and sends itself what there was no time for.
 * @throws Error when anything is left undone that no follow-up event takes care of
 */
export async function runSweep(request: ScheduledRequest, order: SweepOrder, invocation: Invocation): Promise<void> {
  const { parts, own, context, signal } = invocation
  const { cursor } = order
  if (!cursor)
    await parts.sleep(jitterOf(own.accountId, request.invocation.ruleArn, context.getRemainingTimeInMillis()))
  const readAt = parts.now().toISOString()
  const before = await resultsBefore(request, invocation, readAt)
  const ground = groundOf(invocation, readAt)
  const course = {
    before,
    isTimeUp: () => signal.aborted || context.getRemainingTimeInMillis() < WRITING_TIME,
    groundAnew: () => groundNow(invocation),
  }
  const swept = cursor ? await continuedSweep(cursor, ground, course) : await scheduledSweep(ground, course)
  const comparison =
    before.state === 'known' ? comparisonWith(before.value, own.accountId, request.notifiedAt) : undefined
  const receivers = receiversOf(invocation, request, request.notifiedAt, readAt)
  const delivery = await deliverSweep(swept, receivers, comparison)
  parts.log().info('swept', {
    rule: invocation.selected.rule.id,
    hop: cursor?.hop ?? 0,
    findings: swept.config.length,
    evaluations: delivery.evaluations,
    compared: comparison !== undefined,
    left: swept.left.length,
    securityHub: delivery.securityHub.delivered,
  })
  if (comparison) measureSweep(swept, comparison.account, parts.now(), invocation.metrics)
  await goOn(swept, order, ground, invocation)
}

/** A reading that nothing remembered serves. */
function groundNow(invocation: Invocation): Ground {
  const now = invocation.parts.now().toISOString()
  return groundOf(invocation, now, now)
}

async function resultsBefore(
  { invocation: { ruleName } }: ScheduledRequest,
  { parts, own, signal, selected }: Invocation,
  readAt: string,
): Promise<Answer<PreviousResults>> {
  const { config } = parts.clients(own.region)
  const answer: Answer<PreviousResults> =
    ruleName === undefined
      ? { state: 'unknown', reason: 'the event does not name its Config rule', transience: 'lasting' }
      : await previousResults({ ...own, readAt, signal, client: config }, ruleName)
  if (answer.state === 'unknown') {
    parts.log().warn('not compared with the results before', { rule: selected.rule.id, reason: answer.reason })
  }
  return answer
}

/** Sends the rest of a sweep to the function itself. */
async function goOn(swept: Swept, order: SweepOrder, ground: Ground, invocation: Invocation): Promise<void> {
  const { left, dropped, judged, note } = swept
  if (left.length === 0) {
    if (dropped > 0) throw new Error(`${dropped} resource(s) were not judged in this sweep`)
    return
  }
  const hop = (order.cursor?.hop ?? 0) + 1
  const { continueLater } = invocation.parts
  if (hop > MOST_HOPS || continueLater === undefined) {
    throw new Error(
      `${left.length} resource(s) are left, and nothing continues the sweep after ${hop - 1} follow-up(s)`,
    )
  }
  const cursor = { hop, judged, dropped, note, left: left.map((resource) => leftOf(resource, ground)) }
  await continueLater(invocation.context.invokedFunctionArn, followUpOf(order.configEvent as JsonObject, cursor))
}

/** As few words as name the resource. */
function leftOf({ arn, name, ...resource }: ChangedResource, ground: Ground): LeftResource {
  const { id } = resource
  const bare = { ...resource, arn: undefined, name: undefined }
  if (isLookable(bare, ground) && (arn === undefined || judgedRef(ground.view, bare).arn === arn)) return { id }
  return { id, ...(arn === undefined ? {} : { arn }), ...(name === undefined ? {} : { name }) }
}
