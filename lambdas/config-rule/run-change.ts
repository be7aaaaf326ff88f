import type { ChangeRequest } from '../../shared/live/decision.ts'
import type { Delivery } from '../../shared/sinks/security-hub/import-findings.ts'
import { comparisonWith } from './comparison.ts'
import { decide } from './decide.ts'
import { deliver, type Receivers } from './deliver.ts'
import { deliverSweep } from './deliver-sweep.ts'
import { differing } from './differing.ts'
import { groundOf, type Invocation, receiversOf } from './invocation.ts'
import { resultsFor } from './results-for.ts'
import { asShown, onceEach } from './scheduled-sweep.ts'
import type { WideDecision } from './sweep.ts'

/**
 * Judges what a change concerns and writes it: Security Hub hears the verdict on the changed resource in any case; AWS Config, and
 * whoever hears of everything else, only what differs from what AWS Config shows.
 * @throws Error when anything is left undone
 */
export async function runChange(request: ChangeRequest, invocation: Invocation): Promise<void> {
  const { selected, parts } = invocation
  const readAt = parts.now().toISOString()
  const { capturedAt } = request.resource
  const decision = await decide(request, groundOf(invocation, readAt, capturedAt))
  const receivers = receiversOf(invocation, request, capturedAt, readAt)
  const delivery =
    'summary' in decision
      ? await deliverWide(decision, request, { invocation, receivers })
      : await deliver(decision, receivers, (evaluations) => differing(evaluations, request, invocation, readAt))
  decision.delivered?.()
  parts.log().info('audited', {
    rule: selected.rule.id,
    kind: request.kind,
    findings: decision.config.length,
    securityHub: delivery.delivered,
  })
}

interface Writing {
  readonly invocation: Invocation
  readonly receivers: Receivers
}

/** Asked for after judging: a result that came in between is compared with too. */
async function deliverWide(
  { config, securityHub, summary }: WideDecision,
  request: ChangeRequest,
  { invocation, receivers }: Writing,
): Promise<Delivery> {
  const answer = await resultsFor(request, invocation, receivers.readAt)
  const before = answer.state === 'known' ? answer.value : undefined
  const told = { config: asShown(config, before), securityHub: onceEach(asShown(securityHub, before)), summary }
  const work = { accountId: invocation.own.accountId, time: receivers.orderingTime }
  const comparison = before && comparisonWith(before, work)
  return (await deliverSweep(told, receivers, { comparison, closing: 'when bad' })).securityHub
}
