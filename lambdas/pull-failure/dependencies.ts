import type { AwsSecurityFinding, SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { ForeignRepositories } from '../../shared/live/foreign-repositories.ts'
import type { Hub } from '../../shared/live/hub.ts'
import type { Scope } from '../../shared/model/resource.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { ReadTags } from '../../shared/runtime/tag-reading.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import type { GroundClients } from './read-ground.ts'

/** Everything outside a decision: handed in, so that tests choose it. */
export interface WorkParts extends Patience {
  /** Clients of a region. */
  readonly clients: (region: string) => GroundClients & { readonly securityHub: Pick<SecurityHubClient, 'send'> }
  /** Sends findings on, to Security Hub or the queue before it. Rejects when any of them was not taken. */
  readonly publish: (own: Scope, findings: readonly AwsSecurityFinding[]) => Promise<void>
  /** What the hub publishes, where the environment names its bucket; nothing otherwise. */
  readonly hub?: Hub
  /** Repositories of other registries, where the environment names a role to look them up with. */
  readonly foreign?: (region: string) => ForeignRepositories | undefined
  /** Tags of workloads and caches, for exceptions that name a tag; those cover nothing where it is missing. */
  readonly tags?: (region: string) => ReadTags
  /** Ids of the whole catalogue: settings speak of its rules, exceptions too. */
  readonly ruleIds: readonly string[]
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  /** Made anew for each invocation. */
  readonly metrics: () => Metrics
}
