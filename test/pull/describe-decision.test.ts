import { describe, expect, test } from 'vitest'
import type { Decision, StatementOutcome } from '../../shared/iam/evaluate/types.ts'
import {
  brokenSteps,
  describeMissing,
  describeStep,
  evidenceOfPull,
  missingFacts,
  missingOfPull,
} from '../../shared/pull/describe-decision.ts'
import type { PullAnswer, PullStep } from '../../shared/pull/types.ts'

const statement: StatementOutcome = {
  policy: 'inline policy a of role b',
  position: 3,
  sid: 'Pull',
  effect: 'Allow',
  outcome: 'matches',
}
const decisionOf = (decision: Decision['decision'], more: Partial<Decision> = {}): Decision => ({
  decision,
  decidedBy: { layer: 'identity', result: 'allowed', statement, reason: 'because' },
  layers: [],
  missing: [],
  ...more,
})
const step = (decision: Decision['decision'], more: Partial<PullStep> = {}): PullStep => ({
  kind: 'pull',
  action: 'ecr:BatchGetImage',
  resource: 'arn:of:repository',
  decision: decisionOf(decision),
  ...more,
})
const answer = (...steps: readonly PullStep[]): PullAnswer => ({ status: 'fail', steps, assumptions: [], evidence: [] })

describe('a step in words', () => {
  test.each([
    ['allowed', 'ecr:BatchGetImage on arn:of:repository is allowed: because'],
    ['explicitlyDenied', 'ecr:BatchGetImage on arn:of:repository is denied explicitly: because'],
    ['implicitlyDenied', 'ecr:BatchGetImage on arn:of:repository is not allowed: because'],
    ['unknown', 'ecr:BatchGetImage on arn:of:repository is undecided: because'],
  ] as const)('%s', (decision, words) => {
    expect(describeStep(step(decision))).toBe(words)
  })

  test('of a trust speaks of assuming the role', () => {
    const words = describeStep(step('allowed', { kind: 'trust', action: 'sts:AssumeRole', resource: 'arn:role' }))
    expect(words).toBe('assuming arn:role is allowed: because')
  })

  test('stays short whatever names it holds', () => {
    expect(describeStep(step('allowed', { resource: 'x'.repeat(100_000) })).length).toBeLessThan(300)
  })
})

describe('the evidence of a pull', () => {
  test('begins with the broken steps and names the statement that decided each', () => {
    const steps = [step('allowed'), step('implicitlyDenied'), step('explicitlyDenied'), step('unknown')]
    const evidence = evidenceOfPull(answer(...steps))
    expect(evidence.map(({ detail }) => detail.split(' is ')[1])).toEqual([
      'not allowed',
      'denied explicitly',
      'allowed',
      'undecided: because',
    ])
    expect(evidence[0]?.source).toBe('inline policy a of role b, statement 3 (Sid "Pull")')
  })

  test('names the kind of step where no statement decided', () => {
    const { statement: _, ...decidedBy } = decisionOf('implicitlyDenied').decidedBy
    const decision = decisionOf('implicitlyDenied', { decidedBy })
    expect(evidenceOfPull(answer(step('implicitlyDenied', { kind: 'token', decision })))[0]).toEqual({
      source: 'token',
      detail: 'ecr:BatchGetImage on arn:of:repository is not allowed: because',
    })
  })

  test('names a statement without Sid by its position', () => {
    const decidedBy = { ...decisionOf('allowed').decidedBy, statement: { ...statement, sid: undefined } }
    const decision = decisionOf('allowed', { decidedBy })
    expect(evidenceOfPull(answer(step('allowed', { decision })))[0]?.source).toBe(
      'inline policy a of role b, statement 3',
    )
  })

  test('counts what it leaves out', () => {
    const steps = Array.from({ length: 23 }, () => step('allowed'))
    const evidence = evidenceOfPull({ ...answer(...steps), evidence: [{ source: 'capture', detail: 'date' }] })
    expect(evidence).toHaveLength(22)
    expect(evidence.slice(20)).toEqual([
      { source: 'steps', detail: '3 more steps were decided' },
      { source: 'capture', detail: 'date' },
    ])
    expect(evidenceOfPull(answer(...steps.slice(0, 20)))).toHaveLength(20)
  })

  test('calls steps broken that are denied, not those that are open', () => {
    const steps = [step('unknown'), step('implicitlyDenied'), step('allowed'), step('explicitlyDenied')]
    expect(brokenSteps(answer(...steps))).toEqual([steps[1], steps[3]])
  })
})

describe('what is missing', () => {
  const key = { kind: 'contextKey', key: 'aws:SourceVpce', policy: 'p', position: 2 } as const

  test('is said in words', () => {
    expect(describeMissing(key)).toBe('condition key aws:SourceVpce (p, statement 2)')
    expect(describeMissing({ kind: 'operator', operator: 'Odd', policy: 'p', position: 1 })).toBe(
      'condition operator Odd (p, statement 1)',
    )
    expect(describeMissing({ kind: 'document', policy: 'p', reason: 'not read' })).toBe('p: not read')
    expect(describeMissing({ kind: 'fact', fact: 'the name of the session' })).toBe('the name of the session')
  })

  test('is said once', () => {
    const open = decisionOf('unknown', { missing: [key, { kind: 'fact', fact: 'x' }] })
    const steps = [step('unknown', { decision: open }), step('unknown', { decision: open })]
    expect(missingOfPull(answer(...steps))).toEqual([
      { reason: 'condition key aws:SourceVpce (p, statement 2)', transience: 'lasting' },
      { reason: 'x', transience: 'lasting' },
    ])
    expect(missingFacts([])).toEqual([])
  })
})
