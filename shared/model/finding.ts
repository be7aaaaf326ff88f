import type { FindingException } from './exception.ts'
import type { Transience } from './fact.ts'
import type { ResourceRef } from './resource.ts'
import type { Evidence, Severity } from './verdict.ts'

/** How a finding stands, in the spelling of the JSON report. */
export type Compliance = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE' | 'UNDETERMINED'

/** One rule's verdict on one resource: what every sink renders. */
export interface Finding {
  /** Stable hash of rule, account, region and resource ARN. */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly compliance: Compliance
  readonly resource: ResourceRef
  readonly title: string
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly assumptions: readonly string[]
  readonly remediation: { readonly text: string; readonly url?: string }
  /** Only for UNDETERMINED: whether trying again may help. `passing` when any missing fact is passing. */
  readonly transience?: Transience
  /** Time of the newest fact about the resource (Config capture time), ISO 8601, when known. */
  readonly observedAt?: string
  /** Only for NON_COMPLIANT: the failure is accepted for a time. `compliance` keeps the truth, receivers are told it passed. */
  readonly exception?: FindingException
}

/** A noncompliant finding that an exception covers. */
export type ExceptedFinding = Finding & { readonly exception: FindingException }

/**
 * Field of a published finding that says `yes` when AWS Config does not know of it: a change was handed on and judged, and no result
 * was written. Always there, so that the next update, which AWS Config knows of, takes it back.
 */
export const aheadOfConfig = 'pullpath/ahead-of-config'

/** Whether a failure is accepted for now: receivers are told it passed, reports list it apart. No other verdict is ever excepted. */
export function isExcepted(finding: Finding): finding is ExceptedFinding {
  return finding.compliance === 'NON_COMPLIANT' && finding.exception !== undefined
}
