import type { EstateChoice } from '../../shared/sources/estate/reader.ts'

/** The role to enter the accounts of an organization with, and which of them. */
export interface OrganizationScope {
  readonly kind: 'organization'
  /** Name of the role in every account; may have a path. */
  readonly roleName: string
  readonly externalId?: string
  /** Only these accounts; all active ones when missing. */
  readonly accounts?: readonly string[]
  /** Only accounts at or below these organizational units (or the root). */
  readonly ous?: readonly string[]
}

/** What to read. */
export interface CollectPlan {
  readonly scope: { readonly kind: 'account' } | OrganizationScope
  readonly regions: { readonly kind: 'named'; readonly names: readonly string[] } | { readonly kind: 'all' }
  readonly choice: EstateChoice
  /** Read through this AWS Config aggregator instead of through every account. */
  readonly aggregator?: string
}
