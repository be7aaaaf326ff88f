import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies extends Patience {
  readonly securityHub: (region: string) => Pick<SecurityHubClient, 'send'>
  readonly log: () => Log
  readonly metrics: () => Metrics
  readonly now: () => Date
}
