import type { Evidence } from '../../model/verdict.ts'
import type { ReachStep, ReachVerdict } from '../types.ts'

/** A step with what it takes for granted and what it would need to know. */
export interface Answer {
  readonly step: ReachStep
  readonly assumptions: readonly string[]
  readonly missing: readonly string[]
}

type StepName = ReachStep['step']

interface Grounds {
  readonly evidence?: readonly Evidence[]
  readonly assumptions?: readonly string[]
}

/** The step lets the request through. */
export function passes(step: StepName, code: string, reason: string, grounds: Grounds = {}): Answer {
  return answer('reachable', step, code, reason, grounds)
}

/** The step stops the request; `fix` is the exact change that would open it. */
export function stops(
  step: StepName,
  code: string,
  reason: string,
  grounds: Grounds & { readonly fix?: string } = {},
): Answer {
  const { fix } = grounds
  const stopped = answer('blocked', step, code, reason, grounds)
  return fix === undefined ? stopped : { ...stopped, step: { ...stopped.step, fix } }
}

/** The step depends on facts that are not there. */
export function dependsOn(
  step: StepName,
  code: string,
  reason: string,
  missing: readonly string[],
  grounds: Grounds = {},
): Answer {
  return { ...answer('unknown', step, code, reason, grounds), missing }
}

/** The same answer for the same step under another name. */
export function asStep(given: Answer, step: StepName): Answer {
  return { ...given, step: { ...given.step, step } }
}

function answer(verdict: ReachVerdict, step: StepName, code: string, reason: string, grounds: Grounds): Answer {
  return {
    step: { step, verdict, code, reason, evidence: grounds.evidence ?? [] },
    assumptions: grounds.assumptions ?? [],
    missing: [],
  }
}
