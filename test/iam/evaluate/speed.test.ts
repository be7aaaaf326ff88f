import { describe, expect, it } from 'vitest'
import { adversarialCases } from '../../../bench/oracle/adversarial-case.ts'
import { readCases } from '../../../cli/access/read-cases.ts'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { explainAccess } from '../../../shared/iam/evaluate/explain.ts'
import { accessCaseOf } from './access-case.ts'

const hostile = ['*a', '?a', 'a*', '*?', '*a?b*']

describe('the work of one decision', () => {
  it.each(hostile)('stays small for a policy full of %s', (unit) => {
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
    const start = performance.now()
    expect(evaluateAccess(one).decision).toBe('implicitlyDenied')
    // The target is 50 ms; a loaded machine gets five times that before the test fails.
    expect(performance.now() - start).toBeLessThan(250)
  })
})

describe('the work of one explanation', () => {
  it.each([...adversarialCases()])('stays small for %s', (_, input) => {
    const [read] = readCases(JSON.stringify(input), 'adversarial')
    if (read?.ok !== true) throw new Error(read?.problem)
    const start = performance.now()
    const { decision } = explainAccess(read.case)
    expect(performance.now() - start).toBeLessThan(250)
    expect(decision.decision).toBe('implicitlyDenied')
  })
})
