import type { Context } from 'aws-lambda'
import { parseResourceEvent } from '../../shared/events/resource-event.ts'
import type { LiveReader } from '../../shared/live/live-source.ts'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Reader } from '../../shared/sources/reading.ts'
import type { Dependencies, Sight } from './dependencies.ts'
import { enabledRules } from './enabled-rules.ts'
import { judgeChange } from './judge-change.ts'
import { ownChange } from './own-change.ts'

/** Time kept back for publishing, milliseconds. */
const WRITING_TIME = 20_000

/**
 * A change that EventBridge tells of: parse, look, judge, publish. Rejects when anything is left undone, after publishing what
 * was decided.
 */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>) => {
    const now = parts.now()
    const own = ownScopeOf(context.invokedFunctionArn)
    const variables = parts.variables()
    const asked = ownChange(parseResourceEvent(event, now), own, variables.PULLPATH_HOME_REGION ?? '')
    if (asked.kind === 'ignored') {
      parts.log().info('ignored', { reason: asked.reason })
      return
    }
    const { change } = asked
    const readAt = now.toISOString()
    const signal = AbortSignal.timeout(Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME))
    const environment = await environmentOf(parts, { ...own, readAt, signal })
    const reader: LiveReader = {
      ...{ ...own, readAt, signal, changedAt: change.origin.time },
      ...(environment.ownRole === undefined ? {} : { ownRole: environment.ownRole }),
    }
    const rules = enabledRules(parts.rules, environment, variables)
    const { findings, delivered, undone } = await judgeChange(change, rules, sightOf(parts, own.region), reader)
    if (findings.length > 0) await parts.publish(findings, { ...own, readAt, toldAt: change.origin.time })
    delivered()
    parts.log().info('judged', { call: change.call, findings: findings.length, undone: undone.length })
    measureUndetermined(findings, undone, parts.metrics())
    const [first] = undone
    if (first !== undefined) throw new Error(`${undone.length} verdict(s) could not be reached yet: ${first}`)
  }
}

/** The deployment's environment, with the settings of the hub where there is one. */
async function environmentOf({ variables, hub, rules }: Dependencies, reader: Reader): Promise<Environment> {
  const environment = readEnvironment(variables())
  const ids = rules.map(({ id }) => id)
  return hub === undefined ? environment : hub.settled(environment, reader, rules, ids)
}

/** What the function sees of its region, and what the hub says of the organization. */
function sightOf({ sight, hub }: Dependencies, region: string): Sight {
  const own = sight(region)
  return { ...own, sources: () => [...(hub?.sources() ?? []), ...own.sources()] }
}

/** A metric that is written costs: none of nothing. */
function measureUndetermined(findings: readonly Finding[], undone: readonly string[], metrics: Metrics): void {
  const count = findings.filter(({ compliance }) => compliance === 'UNDETERMINED').length + undone.length
  if (count > 0) metrics.count('Undetermined', count)
  metrics.flush()
}
