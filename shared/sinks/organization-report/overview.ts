import type { ExceptionReview } from '../../model/exception.ts'
import type { Finding } from '../../model/finding.ts'
import type { Scope } from '../../model/resource.ts'
import type { Summary } from '../report/report.ts'

/** Verdicts of one rule or one account. */
export interface Counts {
  readonly noncompliant: number
  readonly undetermined: number
  readonly excepted: number
  readonly compliant: number
  readonly notApplicable: number
}

/** One account of an organization. */
export interface AccountCounts extends Counts {
  readonly accountId: string
  readonly accountName: string
  readonly regions: number
  /** Regions of which nothing could be judged. */
  readonly notCovered: number
}

/** Something about an account and region, in one line. */
export interface PlaceNote extends Scope {
  readonly accountName: string
  readonly note: string
}

/** A run in few words, whatever the size of the organization. */
export interface Overview {
  readonly run: string
  /** ISO 8601. */
  readonly startedAt: string
  /** When the last account and region was judged, ISO 8601: not when this was put together. */
  readonly endedAt: string
  readonly expected: { readonly accounts: number; readonly regions: number; readonly places: number }
  /** Accounts and regions that were judged. */
  readonly covered: number
  readonly summary: Summary
  /** Those with something to mend first. */
  readonly rules: readonly (Counts & { readonly rule: string })[]
  readonly accounts: readonly AccountCounts[]
  /** The worst findings, bounded. */
  readonly worst: readonly Finding[]
  /** Of how many the worst are taken. */
  readonly open: number
  readonly notCovered: readonly PlaceNote[]
  readonly heartbeats: {
    readonly seen: number
    readonly unknown: number
    readonly missing: readonly PlaceNote[]
  }
  readonly exceptions: readonly ExceptionReview[]
}
