import { describe, expect, it } from 'vitest'
import { adversarialCases } from '../../../bench/oracle/adversarial-case.ts'
import { readCases } from '../../../cli/access/read-cases.ts'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { explainAccess } from '../../../shared/iam/evaluate/explain.ts'
import { accessCaseOf } from './access-case.ts'

const hostile = ['*a', '?a', 'a*', '*?', '*a?b*']

// Matching that goes back over every star would not end before the runner's limit; bench/access-decisions.ts measures.
describe('one decision', () => {
  it.each(hostile)('D8 is reached for a policy full of %s', (unit) => {
    const tail = unit.repeat(Math.floor(1900 / unit.length))
    const patterns = Array.from({ length: 5 }, (_, index) => `arn:aws:ecr:*:*:repository/${tail}${index}`)
    const one = accessCaseOf({
      name: '',
      expect: 'unknown',
      resource: `arn:aws:ecr:eu-west-1:111122223333:repository/${'a'.repeat(256)}`,
      identity: [
        { Effect: 'Allow', Action: patterns.map((pattern) => `ecr:${pattern.slice(27)}`), Resource: '*' },
        { Effect: 'Allow', Action: 'ecr:*', Resource: patterns },
      ],
    })
    expect(evaluateAccess(one).decision).toBe('implicitlyDenied')
  })
})

describe('one explanation', () => {
  it.each([...adversarialCases()])('D8 is reached for %s', (_, input) => {
    const [read] = readCases(JSON.stringify(input), 'adversarial')
    if (read?.ok !== true) throw new Error(read?.problem)
    const { decision } = explainAccess(read.case)
    expect(decision.decision).toBe('implicitlyDenied')
  })
})
