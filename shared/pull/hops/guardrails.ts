import type { LayerName } from '../../iam/evaluate/types.ts'
import { clip } from '../../model/quote.ts'
import type { Evidence } from '../../model/verdict.ts'
import type { PullStep } from '../types.ts'
import { distinct, type HopAnswer } from './hop-answer.ts'
import { hopOfParts, type RoleGrounds } from './permission-parts.ts'
import type { Part, SplitDecision } from './split-decision.ts'

/** Whether boundary, service and resource control policies and the registry policy leave what the other policies grant. */
export function guardrailsHop(splits: readonly SplitDecision[], grounds: RoleGrounds): HopAnswer {
  const parts = splits.map(({ guard }) => guard)
  const answer = hopOfParts(parts, grounds, {
    pass: 'no-guardrail-denies',
    unknown: 'guardrails-undecided',
    fail: codeOf,
    good: 'No boundary, control policy or registry policy stands in the way',
  })
  return answer.status === 'pass' ? { ...answer, evidence: evidenceOf(parts) } : answer
}

/** What was asked and let the requests pass. */
function evidenceOf(parts: readonly Part[]): readonly Evidence[] {
  const layers = parts.flatMap(({ step }) => step.decision.layers).filter(({ result }) => result === 'allowed')
  const reasons = distinct(layers.map(({ reason }) => clip(reason)))
  return reasons.length === 0
    ? [{ source: 'guardrails', detail: 'no boundary and no control policy is known to bind the role' }]
    : reasons.map((detail) => ({ source: 'guardrails', detail }))
}

const codes: Readonly<Partial<Record<LayerName, string>>> = {
  boundary: 'boundary-denies',
  scp: 'scp-denies',
  rcp: 'rcp-denies',
  resource: 'registry-policy-denies',
}

function codeOf([first]: readonly PullStep[]): string {
  return (first && codes[first.decision.decidedBy.layer]) ?? 'guardrail-denies'
}
