import { expiredExceptions } from '../../shared/engine/exceptions.ts'
import { parseConfigRuleEvent } from '../../shared/events/config-rule-event.ts'
import { parseFollowUp } from '../../shared/events/sweep-follow-up.ts'
import { isToldByBus } from '../../shared/events/told-by-bus.ts'
import { deploymentSettings } from '../../shared/live/deployment-settings.ts'
import { assertOwn, ownScopeOf } from '../../shared/live/own-scope.ts'
import { isSwitchedOff, selectRule } from '../../shared/live/select-rule.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Dependencies } from './dependencies.ts'
import { handedChanges } from './handed-changes.ts'
import { environmentOf, type HandlerContext, type Invocation, signalOf } from './invocation.ts'
import { runChange } from './run-change.ts'
import { runSweep } from './run-sweep.ts'

/**
 * Serves an AWS Config custom rule, and changes that `resource-change` hands on: parse, look, judge, write. Throws when anything is
 * left undone.
 */
export function createHandler(parts: Dependencies) {
  const ofConfig = configEvents(parts)
  const ofBus = handedChanges(parts)
  return (event: unknown, context: HandlerContext) => (isToldByBus(event) ? ofBus : ofConfig)(event, context)
}

function configEvents(parts: Dependencies) {
  return async (event: unknown, context: HandlerContext): Promise<void> => {
    const own = ownScopeOf(context.invokedFunctionArn)
    const followUp = parseFollowUp(event)
    const configEvent = followUp?.configEvent ?? event
    const request = parseConfigRuleEvent(configEvent, parts.now())
    assertOwn(request, own)
    const signal = signalOf(context)
    const environment = await environmentOf(parts, own, signal)
    const settings = deploymentSettings(environment, parts.rules, parts.ruleIds)
    const selected = selectRule(parts.rules, settings, request.invocation)
    const metrics = parts.metrics()
    const invocation = { parts, context, own, environment, selected, signal, metrics }
    try {
      if (request.kind === 'scheduled') {
        if (followUp === undefined) sayExpired(invocation)
        return await runSweep(request, { configEvent, cursor: followUp?.cursor }, invocation)
      }
      if (followUp) throw new InputError('event.configEvent.invokingEvent: expected a scheduled notification')
      if (!isSwitchedOff(selected)) return await runChange(request, invocation)
      // Every rule is swept daily, and that takes its results back.
      parts.log().info('ignored', { rule: selected.rule.id, reason: 'settings switch the rule off' })
    } finally {
      metrics.flush()
    }
  }
}

/** An exception that has run out excepts nothing any more: its owner should hear of it once a day. */
function sayExpired({ parts, selected }: Invocation): void {
  for (const { rule, owner, expires } of expiredExceptions(selected.settings, parts.now()))
    parts.log().warn('an exception has expired', { rule, owner, expires })
}
