import type { Transience } from './fact.ts'

/** Where the proof of a decision lies: a statement of a policy, a property, a rule. All text is untrusted. */
export interface Evidence {
  /** What is quoted, for example `repository policy, statement 2 (Sid "AllowAll")`. */
  readonly source: string
  /** What it says, in one line. */
  readonly detail: string
}

/** A finding's severity, as Security Hub spells it. */
export type Severity = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'

/** What a rule decided about one resource. */
export type Verdict =
  | {
      readonly kind: 'compliant'
      readonly reason: string
      readonly evidence: readonly Evidence[]
      readonly assumptions: readonly string[]
    }
  | {
      readonly kind: 'noncompliant'
      readonly reason: string
      readonly evidence: readonly Evidence[]
      readonly assumptions: readonly string[]
      /** How to mend this very resource; the rule's general `fix` when missing. */
      readonly remediation?: string
      /** For a rule that grades: a severity other than the rule's own. */
      readonly severity?: Severity
    }
  | { readonly kind: 'notApplicable'; readonly reason: string }
  | { readonly kind: 'undetermined'; readonly missing: readonly MissingFact[]; readonly evidence: readonly Evidence[] }

/** A fact a decision needed and the inventory did not have. */
export interface MissingFact {
  readonly reason: string
  readonly transience: Transience
}

interface Proof {
  readonly evidence?: readonly Evidence[]
  readonly assumptions?: readonly string[]
}

/** The resource is as it should be, and `reason` says why we believe it. */
export function compliant(reason: string, proof: Proof = {}): Verdict {
  return { kind: 'compliant', reason, evidence: proof.evidence ?? [], assumptions: proof.assumptions ?? [] }
}

/** The resource is not as it should be. */
export function noncompliant(
  reason: string,
  proof: Proof & { readonly remediation?: string; readonly severity?: Severity } = {},
): Verdict {
  return {
    kind: 'noncompliant',
    reason,
    ...proof,
    evidence: proof.evidence ?? [],
    assumptions: proof.assumptions ?? [],
  }
}

/** The rule has nothing to say about the resource. */
export function notApplicable(reason: string): Verdict {
  return { kind: 'notApplicable', reason }
}

/** The decision needs facts that the inventory lacks; each is named. */
export function undetermined(
  missing: MissingFact | readonly MissingFact[],
  evidence: readonly Evidence[] = [],
): Verdict {
  return { kind: 'undetermined', missing: 'reason' in missing ? [missing] : missing, evidence }
}
