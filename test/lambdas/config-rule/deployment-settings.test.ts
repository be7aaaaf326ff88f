import { expect, it } from 'vitest'
import { deploymentSettings } from '../../../shared/live/deployment-settings.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { ruleIds } from '../../../shared/rules/rule-ids.ts'
import { readEnvironment } from '../../../shared/runtime/environment.ts'

const settingsOf = (text: string) =>
  deploymentSettings(readEnvironment({ PULLPATH_SETTINGS: text }), ecrRules, ruleIds).rules

it('settings of rules that another function serves are passed over', () => {
  const text = '{"rules": {"role-ci-trust-scoped": {"severity": "LOW"}, "ecr-repository-scanned": {"severity": "LOW"}}}'
  expect(settingsOf(text)).toEqual(new Map([['ecr-repository-scanned', { severity: 'LOW' }]]))
})

it('settings of a rule that nobody has are refused', () => {
  expect(() => settingsOf('{"rules": {"role-ci-trust-scopd": {"severity": "LOW"}}}')).toThrow(
    'PULLPATH_SETTINGS: rules.role-ci-trust-scopd: unknown rule id',
  )
})

it.each([
  ['', undefined],
  ['pullpath-RolePermissionAuditorRole-1A2B3C', 'pullpath-RolePermissionAuditorRole-1A2B3C'],
])('the own role %j is %s', (PULLPATH_OWN_ROLE, expected) => {
  expect(readEnvironment({ PULLPATH_OWN_ROLE }).ownRole).toBe(expected)
})

it('an own role that is no role name is refused', () => {
  expect(() => readEnvironment({ PULLPATH_OWN_ROLE: 'a/b' })).toThrow('PULLPATH_OWN_ROLE: expected the name of a role')
})
