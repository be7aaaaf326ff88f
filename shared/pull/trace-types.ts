import type { Fact } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { CentralEndpoints } from '../model/settings.ts'
import type { SourceInterface } from '../network/types.ts'
import type { PullWorld } from './types.ts'
import type { Workload, WorkloadPuller } from './workloads.ts'

/** What tracing looks at besides the inventory. */
export interface TraceWorld extends PullWorld {
  /** `settings.network`: central endpoints a user states. */
  readonly centralEndpoints: readonly CentralEndpoints[]
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
  /** As written; empty when not known. */
  readonly image: string
  /** Why the image is not known, one clause without a full stop. */
  readonly unread?: string
  readonly interfaces: readonly SourceInterface[]
  /** Why there are no interfaces. */
  readonly unplaced: string | undefined
  readonly pullers: Fact<readonly WorkloadPuller[]>
  /** Credentials of another kind are used: a secret (`repositoryCredentials`, `imagePullSecrets`). */
  readonly credentials?: string
  /** What placing the workload took for granted: every hop rests on it. */
  readonly assumptions?: readonly string[]
  /** What the compute runs, such as `linux/arm64` (`image-platform.ts`); absent when not known. */
  readonly platform?: string | undefined
  /** Services it has to reach before its containers start, the registry aside; absent when not known. */
  readonly startNeeds?: readonly StartNeed[]
  /** For pods on Fargate. */
  readonly profile?: { readonly arn: string; readonly clusterName: string; readonly name: string }
}

/** A service without which containers do not start. */
export interface StartNeed {
  /** Last part of the name of its endpoint service: `logs`, `secretsmanager`. */
  readonly service: string
  readonly region: string
  /** `container web logs to CloudWatch Logs`, one clause without a full stop. */
  readonly because: string
}
