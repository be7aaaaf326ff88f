import type { Context } from 'aws-lambda'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import { pullErrorIn } from './pull-error.ts'
import { type PullEvent, pullEvent } from './pull-event.ts'
import type { Work } from './work.ts'

/** Time kept back for writing, milliseconds. */
const WRITING_TIME = 15_000

/** What a handler is made of. */
export interface HandlerParts {
  readonly now: () => Date
  /** Loads everything that looks and writes: most events need none of it, and a cold start should not wait for it. */
  readonly load: () => Promise<Work>
}

/**
 * Handles events of failed and of successful pulls. Throws when the event is not ours or not as expected, and when anything is
 * left undone.
 */
export function createHandler({ now, load }: HandlerParts) {
  return async (event: unknown, context: Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>) => {
    const time = now()
    const own = ownScopeOf(context.invokedFunctionArn)
    const hint = pullEvent(event, time, own)
    if (!mayMatter(hint)) return
    const work = await load()
    const forReading = Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME)
    await work({ event: hint, own, now: time, forReading, signal: AbortSignal.timeout(forReading) })
  }
}

const telling: ReadonlySet<string> = new Set(['SERVICE_TASK_START_IMPAIRED', 'SERVICE_STEADY_STATE'])

/** Whether an event can change a finding: what it says decides what is looked at, and nothing more. */
function mayMatter(event: PullEvent): boolean {
  switch (event.kind) {
    case 'task':
      if (event.lastStatus === 'RUNNING') return true
      return event.lastStatus === 'STOPPED' && pullErrorIn(event.reasons).length > 0
    case 'service':
      return telling.has(event.eventName)
    case 'pullThrough':
    case 'replication':
      return true
    default:
      return event satisfies never
  }
}
