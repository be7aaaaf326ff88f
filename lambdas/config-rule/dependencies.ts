import type { Rule } from '../../shared/rules/define-rule.ts'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { LiveSource } from './live-source.ts'
import type { LiveVpcs } from './live-vpcs.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies {
  /** The rules this function serves. */
  readonly rules: readonly Rule[]
  /** Ids of the whole catalogue: a settings file speaks of other functions' rules too. */
  readonly ruleIds: readonly string[]
  /** What the function can see in a region. */
  readonly sources: (region: string) => readonly LiveSource[]
  /** VPCs of a region, where the function judges them. */
  readonly vpcs?: (region: string) => LiveVpcs
  readonly clients: (region: string) => AwsClients
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
}
