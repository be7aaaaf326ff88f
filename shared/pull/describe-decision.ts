import type { Decision, Missing, StatementOutcome } from '../iam/evaluate/types.ts'
import { clip } from '../model/quote.ts'
import type { Evidence, MissingFact } from '../model/verdict.ts'
import type { PullAnswer, PullStep } from './types.ts'

const mostEvidence = 20

/** One step as a sentence without a full stop: what was asked, what the answer is, and which statement or layer decided. */
export function describeStep(step: PullStep): string {
  return `${describeAnswer(step)}: ${clip(step.decision.decidedBy.reason)}`
}

function describeAnswer({ kind, action, resource, decision }: PullStep): string {
  const subject = kind === 'trust' ? `assuming ${clip(resource)}` : `${action} on ${clip(resource)}`
  return `${subject} is ${wordsFor(decision.decision)}`
}

/** The steps that are denied. */
export function brokenSteps({ steps }: PullAnswer): readonly PullStep[] {
  return steps.filter(
    ({ decision }) => decision.decision === 'explicitlyDenied' || decision.decision === 'implicitlyDenied',
  )
}

/** Every step as a line of evidence, the broken ones first. */
export function evidenceOfPull(answer: PullAnswer): readonly Evidence[] {
  const broken = brokenSteps(answer)
  const others = answer.steps.filter((step) => !broken.includes(step))
  const lines = [...broken, ...others].map(evidenceOfStep)
  const more = lines.length - mostEvidence
  return [
    ...lines.slice(0, mostEvidence),
    ...(more > 0 ? [{ source: 'steps', detail: `${more} more steps were decided` }] : []),
    ...answer.evidence.slice(0, mostEvidence),
  ]
}

/** What has to be known for the open steps of an answer to be decided. */
export function missingOfPull({ steps }: PullAnswer): readonly MissingFact[] {
  return missingFacts(steps.flatMap(({ decision }) => decision.missing))
}

/** Missing pieces of decisions as missing facts of a verdict, each once. */
export function missingFacts(pieces: readonly Missing[]): readonly MissingFact[] {
  const reasons = new Set(pieces.map(describeMissing))
  return [...reasons].map((reason) => ({ reason, transience: 'lasting' }))
}

/** One missing piece in words, without a full stop. */
export function describeMissing(piece: Missing): string {
  switch (piece.kind) {
    case 'contextKey':
      return `condition key ${clip(piece.key)} (${clip(piece.policy)}, statement ${piece.position})`
    case 'operator':
      return `condition operator ${clip(piece.operator)} (${clip(piece.policy)}, statement ${piece.position})`
    case 'document':
      return `${clip(piece.policy)}: ${clip(piece.reason)}`
    case 'fact':
      return clip(piece.fact)
    default:
      return piece satisfies never
  }
}

/** A statement that decided says so by being the source; without one the reason is what there is to say. */
function evidenceOfStep(step: PullStep): Evidence {
  const { statement } = step.decision.decidedBy
  if (statement === undefined) return { source: step.kind, detail: describeStep(step) }
  const open = step.decision.decision === 'unknown'
  return { source: sourceOf(statement), detail: open ? describeStep(step) : describeAnswer(step) }
}

function sourceOf(statement: StatementOutcome): string {
  return `${clip(statement.policy)}, statement ${statement.position}${statement.sid === undefined ? '' : ` (Sid "${clip(statement.sid)}")`}`
}

function wordsFor(decision: Decision['decision']): string {
  switch (decision) {
    case 'allowed':
      return 'allowed'
    case 'explicitlyDenied':
      return 'denied explicitly'
    case 'implicitlyDenied':
      return 'not allowed'
    case 'unknown':
      return 'undecided'
    default:
      return decision satisfies never
  }
}
