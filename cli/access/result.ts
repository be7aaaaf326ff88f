import type { Decision, LayerOutcome, Missing } from '../../shared/iam/evaluate/types.ts'

/** How a decision is written in the output. */
export const decisionWords = {
  allowed: 'Allowed',
  explicitlyDenied: 'ExplicitlyDenied',
  implicitlyDenied: 'ImplicitlyDenied',
  unknown: 'Unknown',
} as const satisfies Record<Decision['decision'], string>

/** One element of the JSON output. */
export interface AccessResult {
  readonly name: string
  readonly decision: (typeof decisionWords)[keyof typeof decisionWords]
  readonly decidedBy: LayerOutcome
  readonly missing: readonly Missing[]
}

/** The output of one decided case. */
export function accessResult(name: string, decision: Decision): AccessResult {
  const { decidedBy, missing } = decision
  return { name, decision: decisionWords[decision.decision], decidedBy, missing }
}
