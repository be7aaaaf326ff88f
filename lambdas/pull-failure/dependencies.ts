import type { AwsSecurityFinding, SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { Scope } from '../../shared/model/resource.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { GroundClients } from './read-ground.ts'

/** Everything outside a decision: handed in, so that tests choose it. */
export interface WorkParts {
  /** Clients of a region. */
  readonly clients: (region: string) => GroundClients & { readonly securityHub: Pick<SecurityHubClient, 'send'> }
  /** Sends findings on, to Security Hub or the queue before it. Rejects when any of them was not taken. */
  readonly publish: (own: Scope, findings: readonly AwsSecurityFinding[]) => Promise<void>
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  /** Made anew for each invocation. */
  readonly metrics: () => Metrics
}
