import { pullEventPatterns } from '../../shared/events/pull-event-patterns.ts'
import type { EventRule } from './event-patterns.ts'

/** The EventBridge rules that lead to the function pull-failure: one per pattern, because a rule has one. */
export function pullEventRules(): readonly Pick<EventRule, 'name' | 'pattern'>[] {
  return pullEventPatterns.map((pattern, index) => ({ name: `pull-${index + 1}`, pattern: pattern as never }))
}
