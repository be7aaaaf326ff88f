import type { Context } from 'aws-lambda'
import type { AuditRequest } from '../../shared/events/audit-request.ts'
import type { Ground } from '../../shared/live/decision.ts'
import type { SelectedRule } from '../../shared/live/select-rule.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import { publisherOf } from '../../shared/sinks/publish-findings.ts'
import { readHistoryItem } from '../../shared/sources/config-history/read-history-item.ts'
import { basisOf } from './basis.ts'
import type { Receivers } from './deliver.ts'
import type { Dependencies } from './dependencies.ts'

/** Time kept back for writing: no new work begins in it. Milliseconds. */
export const WRITING_TIME = 20_000

/** What the handler uses of Lambda's context. */
export type HandlerContext = Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>

/** One invocation: who asks, as whom, with what. */
export interface Invocation {
  readonly parts: Dependencies
  readonly context: HandlerContext
  readonly own: Scope
  readonly environment: Environment
  readonly selected: SelectedRule
  readonly signal: AbortSignal
  readonly metrics: Metrics
}

/** Ends all reading when it is time to write. */
export function signalOf(context: HandlerContext): AbortSignal {
  return AbortSignal.timeout(Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME))
}

/** The deployment's environment, with the settings of the hub where there is one. */
export async function environmentOf(parts: Dependencies, own: Scope, signal: AbortSignal): Promise<Environment> {
  const environment = readEnvironment(parts.variables())
  const reader = { ...own, readAt: parts.now().toISOString(), signal }
  return parts.hub === undefined ? environment : parts.hub.settled(environment, reader, parts.rules, parts.ruleIds)
}

/** What deciding needs. What was read before `changedAt` (ISO 8601) does not serve. */
export function groundOf(
  invocation: Pick<Invocation, 'parts' | 'own' | 'environment' | 'selected' | 'signal'>,
  readAt: string,
  changedAt?: string,
): Ground {
  const { parts, own, environment, selected, signal } = invocation
  const { config } = parts.clients(own.region)
  const foreign = parts.foreign?.(own.region)
  return {
    selected,
    basis: basisOf(environment),
    view: {
      reader: {
        ...own,
        readAt,
        signal,
        ...(environment.ownRole === undefined ? {} : { ownRole: environment.ownRole }),
        ...(changedAt === undefined ? {} : { changedAt }),
      },
      sources: [...(parts.hub?.sources() ?? []), ...parts.sources(own.region)],
      ...(foreign === undefined ? {} : { foreign }),
      ...(parts.vpcs ? { vpcs: parts.vpcs(own.region) } : {}),
      ...(parts.tags ? { tags: parts.tags(own.region) } : {}),
      ...(parts.services ? { services: parts.services(own.region) } : {}),
    },
    historyItem: ({ type, id, capturedAt }) =>
      readHistoryItem(config, { resourceType: type, resourceId: id, capturedAt }, signal),
  }
}

/** Where an invocation writes; the times are ISO 8601. */
export function receiversOf(
  { parts, own, environment, selected, metrics }: Invocation,
  { invocation, kind }: AuditRequest,
  orderingTime: string,
  readAt: string,
): Receivers {
  const { sleep, random, sqs, variables, clients } = parts
  const { config, securityHub } = clients(own.region)
  const publish = publisherOf({ sqs, securityHub: () => securityHub, variables, sleep, random })
  return {
    config: { client: config, resultToken: invocation.resultToken, sleep, random },
    ...(environment.securityHub ? { publish: (findings) => publish(own, findings) } : {}),
    metrics,
    region: own.region,
    undetermined: selected.settings.undetermined,
    orderingTime,
    readAt,
    ...(kind === 'scheduled' ? {} : { toldAt: orderingTime }),
  }
}
