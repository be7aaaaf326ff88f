import { expiredExceptions } from '../../shared/engine/exceptions.ts'
import type { AuditRequest } from '../../shared/events/audit-request.ts'
import { parseConfigRuleEvent } from '../../shared/events/config-rule-event.ts'
import { parseFollowUp } from '../../shared/events/sweep-follow-up.ts'
import { deploymentSettings } from '../../shared/live/deployment-settings.ts'
import { assertOwn, ownScopeOf } from '../../shared/live/own-scope.ts'
import { selectRule } from '../../shared/live/select-rule.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import { decide } from './decide.ts'
import { deliver } from './deliver.ts'
import type { Dependencies } from './dependencies.ts'
import { groundOf, type HandlerContext, type Invocation, receiversOf, WRITING_TIME } from './invocation.ts'
import { runSweep } from './run-sweep.ts'

/** An AWS Config custom rule: parse, look, judge, write. Throws when anything is left undone. */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: HandlerContext) => {
    const own = ownScopeOf(context.invokedFunctionArn)
    const followUp = parseFollowUp(event)
    const configEvent = followUp?.configEvent ?? event
    const request = parseConfigRuleEvent(configEvent, parts.now())
    assertOwn(request, own)
    const signal = AbortSignal.timeout(Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME))
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
      return await runChange(request, invocation)
    } finally {
      metrics.flush()
    }
  }
}

/** The deployment's environment, with the settings of the hub where there is one. */
async function environmentOf(parts: Dependencies, own: Scope, signal: AbortSignal): Promise<Environment> {
  const environment = readEnvironment(parts.variables())
  const reader = { ...own, readAt: parts.now().toISOString(), signal }
  return parts.hub === undefined ? environment : parts.hub.settled(environment, reader, parts.rules, parts.ruleIds)
}

/** An exception that has run out excepts nothing any more: its owner should hear of it once a day. */
function sayExpired({ parts, selected }: Invocation): void {
  for (const { rule, owner, expires } of expiredExceptions(selected.settings, parts.now()))
    parts.log().warn('an exception has expired', { rule, owner, expires })
}

async function runChange(request: Exclude<AuditRequest, { kind: 'scheduled' }>, invocation: Invocation): Promise<void> {
  const { selected, parts } = invocation
  const readAt = parts.now().toISOString()
  const { capturedAt } = request.resource
  const decision = await decide(request, groundOf(invocation, readAt, capturedAt))
  const delivery = await deliver(decision, receiversOf(invocation, request, capturedAt, readAt))
  decision.delivered?.()
  parts.log().info('audited', {
    rule: selected.rule.id,
    kind: request.kind,
    findings: decision.config.length,
    securityHub: delivery.delivered,
  })
}
