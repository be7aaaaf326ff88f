import type { Context } from 'aws-lambda'
import { parseConfigRuleEvent } from '../../shared/events/config-rule-event.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { readHistoryItem } from '../../shared/sources/config-history/read-history-item.ts'
import { decide } from './decide.ts'
import { deliver } from './deliver.ts'
import type { Dependencies } from './dependencies.ts'
import { deploymentSettings } from './deployment-settings.ts'
import { assertOwn, ownScopeOf } from './own-scope.ts'
import { selectRule } from './select-rule.ts'

/** Time kept back for writing, milliseconds. */
const WRITING_TIME = 15_000

/** An AWS Config custom rule: parse, look, judge, write. Throws when anything is left undone. */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>) => {
    const now = parts.now()
    const own = ownScopeOf(context.invokedFunctionArn)
    const request = parseConfigRuleEvent(event, now)
    assertOwn(request, own)
    const environment = readEnvironment(parts.variables())
    const selected = selectRule(
      parts.rules,
      deploymentSettings(environment, parts.rules, parts.ruleIds),
      request.invocation,
    )
    const clients = parts.clients(own.region)
    const signal = AbortSignal.timeout(Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME))
    const readAt = now.toISOString()
    const decision = await decide(request, {
      selected,
      view: {
        reader: {
          ...own,
          readAt,
          signal,
          ...(environment.ownRole === undefined ? {} : { ownRole: environment.ownRole }),
          ...(request.kind === 'scheduled' ? {} : { changedAt: request.resource.capturedAt }),
        },
        sources: parts.sources(own.region),
        ...(parts.vpcs ? { vpcs: parts.vpcs(own.region) } : {}),
      },
      historyItem: ({ type, id, capturedAt }) =>
        readHistoryItem(clients.config, { resourceType: type, resourceId: id, capturedAt }, signal),
    })
    const { sleep, random } = parts
    const delivery = await deliver(decision, {
      config: { client: clients.config, resultToken: request.invocation.resultToken, sleep, random },
      ...(environment.securityHub
        ? { securityHub: { client: clients.securityHub, accountId: own.accountId, sleep, random } }
        : {}),
      region: own.region,
      undetermined: selected.settings.undetermined,
      orderingTime: request.kind === 'scheduled' ? request.notifiedAt : request.resource.capturedAt,
      readAt,
    })
    decision.delivered?.()
    parts.log().info('audited', {
      rule: selected.rule.id,
      kind: request.kind,
      findings: decision.config.length,
      securityHub: delivery.delivered,
    })
  }
}
