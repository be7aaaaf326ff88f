import type { Rule } from '../../shared/rules/define-rule.ts'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import type { Log } from '../../shared/runtime/log.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies {
  readonly rules: readonly Rule[]
  readonly clients: (region: string) => AwsClients
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
}
