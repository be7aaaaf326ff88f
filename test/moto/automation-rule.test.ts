import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemsOf, readServiceModel } from '../support/service-model.ts'

it('the automation rule of the examples is a request that Security Hub takes, by its service model', () => {
  const file = join(import.meta.dirname, '../../examples/security-hub/suppress-aws-config-duplicates.json')
  const rule = JSON.parse(readFileSync(file, 'utf8'))
  const model = readServiceModel('securityhub')
  expect(problemsOf(model, 'CreateAutomationRule', rule)).toEqual([])
  const criteria = { ...rule.Criteria, Title: [{ Value: 'pullpath-', Comparison: 'BEGINS' }] }
  expect(problemsOf(model, 'CreateAutomationRule', { ...rule, Criteria: criteria })).not.toEqual([])
  expect(problemsOf(model, 'CreateAutomationRule', { ...rule, RuleOrder: undefined })).not.toEqual([])
})
