import type { ReachStep } from '../types.ts'
import { type Answer, dependsOn, passes } from './answer.ts'

/**
 * One answer for all network interfaces that traffic may take; `holder` has them. When only some can be used, whether a pull
 * works depends on which one is taken.
 */
export function agreement(step: ReachStep['step'], holder: string, answers: readonly Answer[]): Answer {
  const [first] = answers
  if (first === undefined) return passes(step, 'nothing-crosses', 'No subnet border is crossed')
  const differing = answers.find(({ step: { verdict } }) => verdict !== first.step.verdict)
  const assumptions = [...new Set(answers.flatMap((answer) => answer.assumptions))]
  if (differing === undefined) return { ...first, assumptions }
  const missing = [...new Set(answers.flatMap((answer) => answer.missing))]
  const culprit = answers.find(({ step: { verdict } }) => verdict !== 'reachable') ?? first
  const which = `which network interface of ${holder} is taken`
  const reason = `${culprit.step.reason}, while other interfaces can be used`
  return dependsOn(step, 'some-interfaces', reason, [which, ...missing], { assumptions })
}
