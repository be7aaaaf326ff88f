import type { Answer } from './steps/answer.ts'
import type { ReachPath, ReachStep } from './types.ts'

/** A path with what it takes for granted and what it would need to know. */
export interface JudgedPath {
  readonly path: ReachPath
  readonly assumptions: readonly string[]
  readonly missing: readonly string[]
}

/** Joins the answers along a way, in the order a packet meets them; there is at least one. */
export function judgedPath(
  kind: ReachPath['kind'],
  via: string,
  answers: readonly [Answer, ...(readonly Answer[])],
): JudgedPath {
  const steps = answers.map(({ step }) => step)
  const decidedBy = decider(steps) ?? answers[0].step
  const path: ReachPath = { kind, via, verdict: decidedBy.verdict, steps, decidedBy }
  // A blocked step blocks whatever the other steps take for granted.
  const telling = path.verdict === 'blocked' ? answers.filter(({ step }) => step === decidedBy) : answers
  return {
    path,
    assumptions: [...new Set(telling.flatMap(({ assumptions }) => assumptions))],
    missing: [...new Set(telling.flatMap(({ missing }) => missing))],
  }
}

function decider(steps: readonly ReachStep[]): ReachStep | undefined {
  return (
    steps.find(({ verdict }) => verdict === 'blocked') ??
    steps.find(({ verdict }) => verdict === 'unknown') ??
    steps.at(-1)
  )
}
