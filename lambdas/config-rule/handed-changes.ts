import { parseResourceEvent } from '../../shared/events/resource-event.ts'
import { judgeChange } from '../../shared/live/changes/judge-change.ts'
import { ownChange } from '../../shared/live/changes/own-change.ts'
import { enabledRules } from '../../shared/live/enabled-rules.ts'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import { readOnce } from '../../shared/live/read-once.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Dependencies } from './dependencies.ts'
import { environmentOf, groundOf, type HandlerContext, signalOf } from './invocation.ts'
import { type PublishFindings, publisher } from './publish.ts'

/**
 * Judges a change that EventBridge told of and `resource-change` handed on, by the enabled rules of this function: parse, look,
 * judge, publish. AWS Config is not written, because only an invocation by AWS Config may. Rejects when anything is left undone,
 * after publishing what was decided.
 */
export function handedChanges(parts: Dependencies, publish: PublishFindings = publisher(publishing(parts))) {
  return async (event: unknown, context: HandlerContext): Promise<void> => {
    const now = parts.now()
    const own = ownScopeOf(context.invokedFunctionArn)
    const variables = parts.variables()
    const asked = ownChange(parseResourceEvent(event, now), own, variables.PULLPATH_HOME_REGION ?? '')
    if (asked.kind === 'ignored') {
      parts.log().info('ignored', { reason: asked.reason })
      return
    }
    const { change } = asked
    const { time } = change.origin
    const readAt = now.toISOString()
    const signal = signalOf(context)
    const environment = await environmentOf(parts, own, signal)
    const rules = enabledRules(parts.rules, parts.ruleIds, environment, variables)
    const once = sourcesOnce(parts, own.region)
    const looking = { parts: { ...parts, sources: () => once }, own, environment, signal }
    const outcome = await judgeChange(change, rules, (selected) => groundOf({ ...looking, selected }, readAt, time))
    const { findings, delivered, undone, left } = outcome
    for (const reason of left) parts.log().warn('left to AWS Config', { call: change.call, reason })
    if (findings.length > 0) await publish(findings, { ...own, readAt, toldAt: time, isAheadOfConfig: true })
    delivered()
    parts.log().info('judged', { call: change.call, findings: findings.length, undone: undone.length })
    measureUndetermined(findings, undone, parts.metrics())
    const [first] = undone
    if (first !== undefined) throw new Error(`${undone.length} verdict(s) could not be reached yet: ${first}`)
  }
}

function publishing({ sqs, clients, variables, sleep, random }: Dependencies) {
  return { sqs, securityHub: (region: string) => clients(region).securityHub, variables, sleep, random }
}

/** One reading serves all rules of an event. */
function sourcesOnce({ sources, sourcesOnce: once }: Dependencies, region: string) {
  return once?.(region) ?? sources(region).map(readOnce)
}

/** A metric that is written costs: none of nothing. */
function measureUndetermined(findings: readonly Finding[], undone: readonly string[], metrics: Metrics): void {
  const count = findings.filter(({ compliance }) => compliance === 'UNDETERMINED').length + undone.length
  if (count > 0) metrics.count('Undetermined', count)
  metrics.flush()
}
