import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import type { DeadLetters } from './set-aside.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies extends Patience {
  readonly securityHub: (region: string) => Pick<SecurityHubClient, 'send'>
  /** Where what Security Hub never takes goes at once; missing: the queue sets it aside after some deliveries. */
  readonly deadLetters?: (region: string) => Promise<DeadLetters | undefined>
  readonly log: () => Log
  readonly metrics: () => Metrics
  readonly now: () => Date
}
