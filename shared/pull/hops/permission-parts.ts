import type { Role } from '../../inventory/iam.ts'
import type { Evidence } from '../../model/verdict.ts'
import { describeStep, evidenceOfPull, missingOfPull } from '../describe-decision.ts'
import { fixOfPull } from '../fix-of-pull.ts'
import type { PullAnswer, PullStep } from '../types.ts'
import { distinct, failing, type HopAnswer, passing, sentence, undecided } from './hop-answer.ts'
import type { Part } from './split-decision.ts'

/** What answers about a role carry. */
export interface RoleGrounds {
  readonly role: Role
  readonly evidence: readonly Evidence[]
  readonly assumptions: readonly string[]
}

/** Codes of a hop, the sentence of one that passes. */
export interface PartWords {
  readonly pass: string
  readonly unknown: string
  readonly fail: (broken: readonly PullStep[]) => string
  readonly good: string
}

/** One side of decided requests as a hop: denied when any request is. */
export function hopOfParts(parts: readonly Part[], grounds: RoleGrounds, words: PartWords): HopAnswer {
  const { role, assumptions } = grounds
  const steps = parts.map(({ step }) => step)
  const broken = parts.filter(({ status }) => status === 'fail').map(({ step }) => step)
  if (broken.length > 0) {
    const answer = answerOf(broken, grounds.evidence)
    return failing(words.fail(broken), sentencesOf(broken), {
      evidence: evidenceOfPull(answer),
      assumptions,
      fix: fixOfPull(answerOf([trusted(role), ...broken], []), ''),
    })
  }
  const open = parts.filter(({ status }) => status === 'unknown').map(({ step }) => step)
  if (open.length > 0) {
    const answer = answerOf(open, [])
    const missing = missingOfPull(answer).map(({ reason }) => reason)
    return undecided(words.unknown, sentencesOf(open), missing, { evidence: evidenceOfPull(answer), assumptions })
  }
  return passing(words.pass, words.good, { evidence: evidenceOfPull(answerOf(steps, grounds.evidence)), assumptions })
}

function answerOf(steps: readonly PullStep[], evidence: readonly Evidence[]): PullAnswer {
  return { status: 'fail', steps, assumptions: [], evidence }
}

function sentencesOf(steps: readonly PullStep[]): string {
  const [first = '', ...others] = distinct(steps.map(describeStep))
  return [sentence(first), ...others].join('; ')
}

/** A fix names the role by its trust step. */
function trusted(role: Role): PullStep {
  const decidedBy = { layer: 'resource', result: 'allowed', reason: '' } as const
  return {
    kind: 'trust',
    action: 'sts:AssumeRole',
    resource: role.ref.arn,
    decision: { decision: 'allowed', decidedBy, layers: [], missing: [] },
  }
}
