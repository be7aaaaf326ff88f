import type { Evidence } from './verdict.ts'

/** The hops of a pull in the order a pull meets them. */
export const hopNames = [
  'image',
  'principal',
  'source',
  'dns',
  'ecr-api',
  'ecr-dkr',
  's3-layers',
  'endpoint-policy',
  'security',
  'token',
  'pull-actions',
  'guardrails',
  'image-state',
  'ancillary',
] as const
/** One of `hopNames`. */
export type HopName = (typeof hopNames)[number]

/** `skipped`: does not apply, or cannot be asked because an earlier hop left nothing to ask about. */
export type HopStatus = 'pass' | 'fail' | 'unknown' | 'skipped'

/** What one hop of a pull says. All text may hold text of an account. */
export interface Hop {
  readonly hop: HopName
  readonly status: HopStatus
  /** Stable, machine readable, kebab-case: `no-private-dns`, `missing-batch-get-image`. */
  readonly code: string
  /** One sentence without a full stop; when subnets disagree it names the failing ones. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly assumptions: readonly string[]
  /** The exact change that mends it; of failing hops. */
  readonly fix?: string
  /** Subnets in which it has this status, when subnets disagree. */
  readonly subnets?: readonly string[]
}

/** Privacy: A endpoint in the VPC, B central endpoint, C NAT, D internet gateway. Least privilege: A repositories and pull actions only, B PullOnly, C wider reads, D more. */
export type Grade = 'A' | 'B' | 'C' | 'D'

/** Whether a workload can pull one image, with the whole way there. */
export interface PullTrace {
  readonly workload: {
    readonly type: string
    readonly arn: string
    readonly name: string
    readonly accountId: string
    readonly region: string
  }
  /** As the workload names it. */
  readonly image: string
  readonly subnets: readonly string[]
  /** ARNs or names of the roles that may pull. */
  readonly principals: readonly string[]
  readonly verdict: 'pass' | 'fail' | 'unknown'
  /** The first failing hop: the root cause. */
  readonly firstBrokenHop: HopName | undefined
  /** Every hop, in order. */
  readonly hops: readonly Hop[]
  /** Failing hops after the first. */
  readonly nextFailures: readonly Hop[]
  /** Subnets from which the pull fails while it works, or may work, from others. */
  readonly intermittent: readonly string[]
  readonly grades: { readonly privacy: Grade | undefined; readonly leastPrivilege: Grade | undefined }
  /** What would decide an unknown verdict, shortest first. */
  readonly missing: readonly string[]
}
