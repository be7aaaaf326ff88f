/** Names one AWS resource in the words of AWS Config. `region` is `global` for IAM and Organizations. */
export interface ResourceRef {
  readonly type: string
  readonly id: string
  readonly arn: string
  readonly accountId: string
  readonly region: string
}

/** An account and region: the unit in which a listing is complete or not. */
export interface Scope {
  readonly accountId: string
  readonly region: string
}

/**
 * One row of the coverage ledger: whether all resources of a type were looked at in a scope. `*` as type stands for every type
 * of the scope, and as region for every region of the account (`global` included): nothing of it was looked at.
 */
export interface CoverageEntry extends Scope {
  readonly resourceType: string
  readonly status: 'known' | 'unknown'
  readonly reason?: string
  /** The row speaks of this resource alone, part of which could not be read; the listing of its type stands. */
  readonly resourceArn?: string
}
