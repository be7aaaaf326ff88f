import type { Fact } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { SourceInterface } from '../network/types.ts'
import type { PullWorld } from './types.ts'
import type { Workload, WorkloadPuller } from './workloads.ts'

/** What tracing looks at besides the inventory. */
export interface TraceWorld extends PullWorld {
  /** `settings.network`: central endpoints a user states. */
  readonly centralEndpoints: readonly {
    readonly vpcs: readonly string[]
    readonly services: readonly string[]
    readonly note?: string
  }[]
}

/** One pull to be traced: a workload of the inventory, or one that does not exist yet. */
export interface PullToTrace {
  readonly workload: {
    readonly type: string
    readonly arn: string
    readonly name: string
    readonly scope: Scope
    readonly compute: Workload['compute']
    /** Of Fargate tasks. */
    readonly platformVersion: string | undefined
  }
  /** As written. */
  readonly image: string
  readonly interfaces: readonly SourceInterface[]
  /** Why there are no interfaces. */
  readonly unplaced: string | undefined
  readonly pullers: Fact<readonly WorkloadPuller[]>
  /** Credentials of another kind are used: a secret (`repositoryCredentials`, `imagePullSecrets`). */
  readonly credentials?: string
  /** For pods on Fargate. */
  readonly profile?: { readonly arn: string; readonly clusterName: string; readonly name: string }
}
