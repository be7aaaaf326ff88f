import type { Organization } from '../../model/organization.ts'
import type { AccessGrant, DeadPart, StatementRef } from '../access-types.ts'
import type { Policy } from '../policy/policy.ts'

/** A policy that decides about the resource. */
export interface PolicyDocument {
  readonly document: StatementRef['document']
  readonly policy: Policy
  /** Registry policies of scope V1 decide about a few actions only. */
  readonly appliesTo: 'all-actions' | readonly string[]
}

/** The question `accessTo` answers. */
export interface AccessInput {
  /** ARN of the repository; with `*` in it, of all repositories it matches. */
  readonly resourceArn: string
  readonly resourceAccountId: string
  readonly region: string
  readonly documents: readonly PolicyDocument[]
  readonly organization: Organization
  /** All tags of the repository; left out where nobody read them, and where the ARN is a pattern. */
  readonly resourceTags?: ReadonlyMap<string, string>
  /** The time to judge aws:CurrentTime by; without it any time is possible. */
  readonly now?: Date
}

/** Its answer. */
export interface Access {
  readonly grants: readonly AccessGrant[]
  readonly dead: readonly DeadPart[]
  /** Remarks for a person: what was skipped and why. Untrusted text. */
  readonly notes: readonly string[]
}
