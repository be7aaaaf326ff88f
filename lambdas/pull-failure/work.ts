import type { Scope } from '../../shared/model/resource.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import { decide } from './decide.ts'
import type { WorkParts } from './dependencies.ts'
import { deployment } from './environment.ts'
import type { TimedFinding } from './finding.ts'
import type { PullEvent } from './pull-event.ts'
import { NotReadYet } from './view.ts'

/** An event that may change something, and whose time limit it is looked into under. */
export interface Job {
  readonly event: PullEvent
  readonly own: Scope
  readonly now: Date
  /** Ends all reading. */
  readonly signal: AbortSignal
}

/** Looks into an event: reads, traces, writes. */
export type Work = (job: Job) => Promise<void>

/**
 * The work of this function. It rejects when anything is left undone, after everything else was written, so that the event is
 * tried again.
 */
export function workWith(parts: WorkParts): Work {
  return async ({ event, own, now, signal }) => {
    const { organization, securityHub } = deployment(parts.variables())
    const reader = { ...own, readAt: now.toISOString(), signal }
    const decided = await decide({ clients: parts.clients(own.region), reader, organization, securityHub }, event)
    if (decided.length === 0) return
    const rendered = decided.flatMap(({ finding, at }) => asffOf(finding, at, own.region) ?? [])
    if (securityHub && rendered.length > 0) await parts.publish(own, rendered)
    parts.log().info('looked into', { kind: event.kind, findings: rendered.length, securityHub })
    measureUndetermined(decided, parts.metrics())
    failForPassing(decided)
  }
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
