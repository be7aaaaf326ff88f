import { describe, expect, it } from 'vitest'
import { enabledRules } from '../../shared/live/enabled-rules.ts'
import { InputError } from '../../shared/model/errors.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'

const byDefault = 'ecr-repository-not-public'
const onDemand = 'ecr-repository-encrypted-with-cmk'
const ofVpcs = 'vpc-endpoint-policy-restricted'
const ids = catalogue.map(({ id }) => id)
const rules = catalogue.filter(({ id }) => [byDefault, onDemand, ofVpcs].includes(id))

function enabled(variables: Readonly<Record<string, string>>, settings: Readonly<Record<string, boolean>> = {}) {
  const entries = Object.entries(settings).map(([id, isOn]) => [id, { enabled: isOn }] as const)
  const PULLPATH_SETTINGS = JSON.stringify({ rules: Object.fromEntries(entries) })
  const environment = readEnvironment({ PULLPATH_SETTINGS })
  return enabledRules(rules, ids, environment, variables).map(({ rule }) => rule.id)
}

describe('the enabled rules', () => {
  it('are those on by default, which settings can only switch off: AWS Config has no others to sweep', () => {
    for (const variables of [{}, { PULLPATH_RULE_SETS: 'ecr=recommended' }]) {
      expect(enabled(variables)).toEqual([byDefault])
      expect(enabled(variables, { [onDemand]: true })).toEqual([byDefault])
      expect(enabled(variables, { [byDefault]: false, [onDemand]: true })).toEqual([])
    }
  })

  it('are those that the template names, which settings can only switch off', () => {
    const named = { PULLPATH_RULES: `${onDemand},${ofVpcs}` }
    expect(enabled(named)).toEqual([onDemand, ofVpcs])
    expect(enabled(named, { [onDemand]: false, [byDefault]: true })).toEqual([ofVpcs])
  })

  it('may be named by the function of another area', () => {
    expect(enabled({ PULLPATH_RULES: `${onDemand},ecs-roles-separate` })).toEqual([onDemand])
  })

  it('are all of an area whose set says so, whatever is named', () => {
    const all = { PULLPATH_RULE_SETS: 'ecr=all' }
    expect(enabled(all)).toEqual([onDemand, byDefault])
    expect(enabled({ ...all, PULLPATH_RULES: ofVpcs })).toEqual([onDemand, byDefault, ofVpcs])
    expect(enabled(all, { [byDefault]: false, [ofVpcs]: true })).toEqual([onDemand])
  })

  it('are none of an area whose set says so, whatever is named or set', () => {
    const none = { PULLPATH_RULE_SETS: 'vpc=all,ecr=none' }
    expect(enabled({ ...none, PULLPATH_RULES: byDefault }, { [onDemand]: true })).toEqual([ofVpcs])
  })

  it.each([
    [{ PULLPATH_RULES: 'none-such' }, 'environment variable PULLPATH_RULES: there is no such rule'],
    ...['ecr', 'ecr=', '=all', 'ecr=some', 'ecr=all=none'].map(
      (PULLPATH_RULE_SETS) =>
        [
          { PULLPATH_RULE_SETS },
          'environment variable PULLPATH_RULE_SETS: expected area=recommended|all|none',
        ] as const,
    ),
  ] as const)('are not guessed from %j', (variables, message) => {
    expect(() => enabled(variables)).toThrow(new InputError(message))
  })
})
