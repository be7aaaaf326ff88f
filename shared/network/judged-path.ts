import type { Answer } from './steps/answer.ts'
import type { ReachPath, ReachStep } from './types.ts'

/** A path with what it takes for granted and what it would need to know. */
export interface JudgedPath {
  readonly path: ReachPath
  readonly assumptions: readonly string[]
  readonly missing: readonly string[]
}

/** Joins the answers along a way, in the order a packet meets them; there is at least one. `through` as in `ReachPath`. */
export function judgedPath(
  kind: ReachPath['kind'],
  via: string,
  answers: readonly [Answer, ...(readonly Answer[])],
  through?: string,
): JudgedPath {
  const steps = answers.map(({ step }) => step)
  const decidedBy = decider(steps) ?? answers[0].step
  const plain: ReachPath = { kind, via, verdict: decidedBy.verdict, steps, decidedBy }
  const path = through === undefined ? plain : { ...plain, through }
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

/** The same way with one more thing that was asked at its end. */
export function withLast({ path, assumptions, missing }: JudgedPath, last: Answer): JudgedPath {
  const steps = [...path.steps, last.step]
  const decidedBy = decider(steps) ?? last.step
  const isOpen = decidedBy.verdict !== 'blocked'
  return {
    path: { ...path, verdict: decidedBy.verdict, steps, decidedBy },
    assumptions: isOpen ? [...new Set([...assumptions, ...last.assumptions])] : assumptions,
    missing: isOpen ? [...new Set([...missing, ...last.missing])] : missing,
  }
}
