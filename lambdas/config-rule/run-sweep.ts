import { findingId } from '../../shared/engine/finding-id.ts'
import type { AuditRequest, ChangedResource } from '../../shared/events/audit-request.ts'
import { followUpOf, type LeftResource, MOST_HOPS, type SweepCursor } from '../../shared/events/sweep-follow-up.ts'
import type { Ground } from '../../shared/live/decision.ts'
import { accountRef, judgedRef } from '../../shared/live/live.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import { notEnabled } from '../../shared/sinks/security-hub/import-findings.ts'
import { isLookable } from './absences.ts'
import { type Ahead, aheadOf, known } from './ahead.ts'
import { type ComparedWork, comparisonWith } from './comparison.ts'
import { deliverSweep } from './deliver-sweep.ts'
import { givesHeartbeat } from './heartbeat-rule.ts'
import { groundOf, type Invocation, receiversOf, WRITING_TIME } from './invocation.ts'
import { jitterOf } from './jitter.ts'
import { measureSweep, tallyOf } from './measure-sweep.ts'
import { resultsFor } from './results-for.ts'
import { continuedSweep, type SweepCourse, type Swept, scheduledSweep } from './scheduled-sweep.ts'
import { tellHub } from './tell-hub.ts'

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
  refuseOtherTypes(cursor, invocation)
  if (!cursor)
    await parts.sleep(jitterOf(own.accountId, request.invocation.ruleArn, context.getRemainingTimeInMillis()))
  const readAt = parts.now().toISOString()
  const before = await resultsFor(request, invocation, readAt)
  const ground = groundOf(invocation, readAt)
  const ahead = await aheadOf(invocation, readAt)
  const course = {
    before,
    ahead,
    isTimeUp: () => signal.aborted || context.getRemainingTimeInMillis() < WRITING_TIME,
    groundAnew: () => groundNow(invocation),
  }
  const swept = cursor ? await continuedSweep(cursor, ground, course) : await scheduledSweep(ground, course)
  const beats = givesHeartbeat(invocation)
  await writeDown(swept, { request, order, invocation, ground, course, beats })
  await goOn(swept, order, ground, invocation)
  if (beats && swept.summary !== undefined) await tellHub(swept, invocation)
}

interface Writing {
  readonly request: ScheduledRequest
  readonly order: SweepOrder
  readonly invocation: Invocation
  readonly ground: Ground
  readonly course: Pick<SweepCourse, 'before' | 'ahead'>
  readonly beats: boolean
}

/** Writes what differs from the results before, and measures it. */
async function writeDown(swept: Swept, { request, order, invocation, ground, course, beats }: Writing): Promise<void> {
  const { parts, environment, selected, metrics } = invocation
  const { cursor } = order
  const { before, ahead } = course
  const { notifiedAt } = request
  const isUndeliverable = environment.securityHub && ahead.state === 'absent'
  const comparison =
    before.state === 'known'
      ? comparisonWith(before.value, workOf(ground, notifiedAt, ahead, isUndeliverable))
      : undefined
  // What earlier parts of this sweep have sent is not to be seen here.
  const closing = beats || cursor !== undefined ? 'always' : 'when due'
  const receivers = {
    ...receiversOf(invocation, request, notifiedAt, ground.view.reader.readAt),
    ...(isUndeliverable ? { undelivered: notEnabled } : {}),
    // Newer work may have found what this sweep could not read, and nothing here tells.
    ...(comparison === undefined ? { toldAt: notifiedAt } : {}),
  }
  const delivery = await deliverSweep(swept, receivers, { comparison, closing })
  parts.log().info('swept', {
    rule: selected.rule.id,
    hop: cursor?.hop ?? 0,
    findings: swept.config.length,
    evaluations: delivery.evaluations,
    compared: comparison !== undefined,
    ahead: known(ahead).size,
    left: swept.left.length,
    securityHub: delivery.securityHub.delivered,
  })
  if (comparison) measureSweep(swept.summary, tallyOf(swept, cursor), { notifiedAt, now: parts.now() }, metrics)
}

/** The sweep as it is compared. */
function workOf(ground: Ground, time: string, ahead: Ahead, isUndeliverable: boolean): ComparedWork {
  const { accountId } = ground.view.reader
  // Where the account itself is judged, its result is a verdict and says nothing of this.
  const basis = ground.selected.rule.judges === 'AWS::::Account' ? {} : { basis: ground.basis }
  const ids = new Set(known(ahead).keys())
  return { accountId, time, refreshedBy: accountFindingId(ground), ahead: ids, isUndeliverable, ...basis }
}

function accountFindingId({ selected, view }: Ground): string {
  return findingId(selected.rule.id, accountRef(view))
}

/** A reading that nothing remembered serves. */
function groundNow(invocation: Invocation): Ground {
  const now = invocation.parts.now().toISOString()
  return groundOf(invocation, now, now)
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
  const cursor = {
    hop,
    judged,
    dropped,
    note,
    ...tallyOf(swept, order.cursor),
    left: left.map((resource) => leftOf(resource, ground)),
  }
  await continueLater(invocation.context.invokedFunctionArn, followUpOf(order.configEvent as JsonObject, cursor))
}

/** A follow-up event may name resources of the types that its rule judges, and no others. @throws InputError */
function refuseOtherTypes(cursor: SweepCursor | undefined, { selected: { rule } }: Invocation): void {
  const judged: readonly string[] = judgedTypes(rule)
  const other = cursor?.left.findIndex(({ type }) => type !== undefined && !judged.includes(type)) ?? -1
  if (other >= 0) throw new InputError(`event.cursor.left.${other}.type: expected a type that the rule judges`)
}

/** As few words as name the resource. */
function leftOf({ arn, name, ...resource }: ChangedResource, ground: Ground): LeftResource {
  const { id, type } = resource
  const kind = type === ground.selected.rule.judges ? {} : { type }
  const bare = { ...resource, arn: undefined, name: undefined }
  if (isLookable(bare, ground) && (arn === undefined || judgedRef(ground.view, bare).arn === arn))
    return { id, ...kind }
  return { id, ...kind, ...(arn === undefined ? {} : { arn }), ...(name === undefined ? {} : { name }) }
}
