import { describe, expect, it } from 'vitest'
import type { ContextValue } from '../../shared/iam/conditions/context.ts'
import { evaluateCondition } from '../../shared/iam/conditions/evaluate-condition.ts'

function judge(operator: string, wanted: string, actual: string, variables = true) {
  const value: ContextValue = { state: 'present', values: [actual] }
  const condition = { operator, key: 'aws:UserName', values: [wanted] }
  return evaluateCondition(condition, new Map([['aws:username', value]]), { variables })
}

describe('operators at the edges', () => {
  it.each([
    ['NumericEquals', '1', '1.0', 'true'],
    ['NumericEquals', '-0', '0', 'true'],
    ['NumericEquals', ' 7 ', '7', 'true'],
    ['NumericEquals', '1e3', '1000', 'unknown'],
    ['NumericEquals', '', '0', 'false'],
    ['NumericEquals', 'Infinity', 'Infinity', 'false'],
    ['NumericNotEquals', 'ten', '10', 'true'],
    ['NumericLessThan', '5', '5', 'false'],
    ['NumericLessThanEquals', '5', '5', 'true'],
    ['NumericGreaterThan', '5', '5', 'false'],
    ['NumericGreaterThanEquals', '5', '5', 'true'],
    ['NumericLessThan', '10', '9', 'true'],
    ['NumericGreaterThan', '-2', '-10', 'false'],
    ['NumericLessThan', '5', 'four', 'false'],
    ['DateEquals', '2024-01-01T00:00:00Z', '1704067200', 'true'],
    ['DateEquals', '2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z', 'true'],
    ['DateEquals', '2024-01-01', '2024-01-01T00:00:00Z', 'true'],
    ['DateEquals', '2024-01-01T00:00', '2024-01-01T00:00:00.000Z', 'true'],
    ['DateLessThan', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'false'],
    ['DateLessThanEquals', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'true'],
    ['DateGreaterThan', '2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z', 'true'],
    ['DateLessThan', 'yesterday', '2024-01-01T00:00:00Z', 'false'],
    ['DateGreaterThan', '2024-13-01T00:00:00Z', '2024-01-01T00:00:00Z', 'false'],
    ['DateNotEquals', 'yesterday', '2024-01-01T00:00:00Z', 'true'],
    ['BinaryEquals', 'QmFzZQ==', 'QmFzZQ==', 'true'],
    ['BinaryEquals', 'QmFzZQ==', 'qmfzzq==', 'false'],
    ['BinaryEquals', 'Qm*', 'QmFzZQ==', 'false'],
    ['StringLike', `a\${*}b`, 'a*b', 'true'],
    ['StringLike', `a\${*}b`, 'axb', 'false'],
    ['StringLike', `a\${?}`, 'ax', 'false'],
    ['StringLike', `\${*}*`, '*anything', 'true'],
    ['StringEquals', `\${$}{x}`, `\${x}`, 'true'],
    ['StringEquals', `a\${*}`, 'a*', 'true'],
    ['StringEquals', `\${*`, `\${*`, 'true'],
  ])('%s %j against %j gives %s', (operator, wanted, actual, truth) => {
    expect(judge(operator, wanted, actual)).toBe(truth)
  })

  it(`a version without variables takes \${*} as written, its star as a wildcard`, () => {
    expect(judge('StringLike', `a\${*}b`, `a\${xyz}b`, false)).toBe('true')
    expect(judge('StringLike', `a\${*}b`, 'a*b', false)).toBe('false')
    expect(judge('StringEquals', `a\${*}b`, `a\${*}b`, false)).toBe('true')
  })
})
