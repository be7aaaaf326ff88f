import { deploymentSettings } from '../../shared/live/deployment-settings.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import type { Reader } from '../../shared/sources/reading.ts'
import { withAccepted } from './accepted.ts'
import { decide } from './decide.ts'
import type { WorkParts } from './dependencies.ts'
import type { TimedFinding } from './finding.ts'
import type { PullEvent } from './pull-event.ts'
import { NotReadYet } from './view.ts'

/** An event that may change something, and whose time limit it is looked into under. */
export interface Job {
  readonly event: PullEvent
  readonly own: Scope
  readonly now: Date
  /** Time there is for reading, milliseconds. */
  readonly forReading: number
  /** Ends all reading, after that time. */
  readonly signal: AbortSignal
}

/** Looks into an event: reads, traces, writes. */
export type Work = (job: Job) => Promise<void>

/**
 * The work of this function. It rejects when anything is left undone, after everything else was written, so that the event is
 * tried again.
 */
export function workWith(parts: WorkParts): Work {
  return async ({ event, own, now, forReading, signal }) => {
    if (event.kind === 'pullThrough' && event.outcome === 'unknown') {
      return parts.log().info('ignored', { reason: 'a sync status that is not known', status: event.status })
    }
    const reader = { ...own, readAt: now.toISOString(), signal }
    const environment = await environmentOf(parts, reader)
    const { securityHub } = environment
    const settings = deploymentSettings(environment, rules, parts.ruleIds)
    const foreign = parts.foreign?.(own.region)
    const view = {
      ...{ clients: parts.clients(own.region), reader, settings, securityHub },
      published: parts.hub?.sources() ?? [],
      waiting: { sleep: parts.sleep, random: parts.random, budget: forReading, signal },
      ...(foreign === undefined ? {} : { foreign }),
    }
    const decided = await decide(view, event)
    if (decided.length === 0) return
    // Replication is on no way of a pull: no exception of a rule speaks of it.
    const tags = parts.tags?.(own.region)
    const tagView = { reader, ...(tags === undefined ? {} : { tags }) }
    const accepted = event.kind === 'replication' ? decided : await withAccepted(decided, settings, tagView)
    const rendered = accepted.flatMap(({ finding, at }) => asffOf(finding, at, own.region) ?? [])
    if (securityHub && rendered.length > 0) await parts.publish(own, rendered)
    parts.log().info('looked into', { kind: event.kind, findings: rendered.length, securityHub })
    measureUndetermined(accepted, parts.metrics())
    failForPassing(accepted)
  }
}

/** None: no rule is judged here, so what settings say of rules is checked by those who judge them. */
const rules = [] as const

/** The deployment's environment, with the settings of the hub where there is one. Rejects when those cannot be read. */
async function environmentOf({ variables, hub, ruleIds }: WorkParts, reader: Reader): Promise<Environment> {
  const environment = readEnvironment(variables())
  return hub === undefined ? environment : hub.settled(environment, reader, rules, ruleIds)
}

/** A metric that is written costs: none of nothing. */
function measureUndetermined(decided: readonly TimedFinding[], metrics: Metrics): void {
  const count = decided.filter(({ finding }) => finding.compliance === 'UNDETERMINED').length
  if (count > 0) metrics.count('Undetermined', count)
  metrics.flush()
}

function failForPassing(decided: readonly TimedFinding[]): void {
  const passing = decided.find(({ finding }) => finding.transience === 'passing')
  if (passing) throw new NotReadYet(`${passing.finding.resource.arn}: ${passing.finding.reason}`)
}
