import type { Area } from '../../shared/live/function-names.ts'
import type { RuleWatch } from '../../shared/rules/rule-watches.ts'
import type { Log } from '../../shared/runtime/log.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies {
  /** What each rule of the catalogue waits for. Which of them a deployment has the environment says. */
  readonly watches: readonly RuleWatch[]
  /** Hands the event to the function that judges the area; it rejects when the function did not get it. */
  readonly handOn: (area: Area, event: unknown, region: string) => Promise<void>
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  readonly now: () => Date
}
