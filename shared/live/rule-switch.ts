import { InputError } from '../model/errors.ts'

const setNames = ['recommended', 'all', 'none'] as const

/** Which rules of an area a deployment has: those that are on by default, all, or none. */
export type RuleSet = (typeof setNames)[number]

/** What a deployment says of a rule: it is on, it is off, or its default decides. Settings can switch it off. */
export type RuleSwitch = 'on' | 'off' | 'open'

/**
 * What the environment says of rules. `PULLPATH_RULE_SETS` (`ecr=all,vpc=none`) speaks of whole areas; in the others `PULLPATH_RULES`
 * (ids, comma-separated) names those that are on, and where it is empty each is open. `ids` are those of the whole catalogue.
 * @throws InputError that names the variable
 */
export function ruleSwitches(
  variables: Readonly<Record<string, string | undefined>>,
  ids: readonly string[],
): (rule: { readonly id: string; readonly area: string }) => RuleSwitch {
  const sets = ruleSets(variables.PULLPATH_RULE_SETS ?? '')
  const named = listOf(variables.PULLPATH_RULES ?? '')
  if (named.some((id) => !ids.includes(id))) {
    throw new InputError('environment variable PULLPATH_RULES: there is no such rule')
  }
  return ({ id, area }) => {
    const set = sets.get(area) ?? 'recommended'
    if (set !== 'recommended') return set === 'all' ? 'on' : 'off'
    if (named.length === 0) return 'open'
    return named.includes(id) ? 'on' : 'off'
  }
}

/**
 * Whether a deployment has a rule. Settings can only switch it off then: they switch none on that the template has left out.
 * @throws InputError that names the variable
 */
export function deployedRules(
  variables: Readonly<Record<string, string | undefined>>,
  ids: readonly string[],
): (rule: { readonly id: string; readonly area: string; readonly defaultEnabled: boolean }) => boolean {
  const switchOf = ruleSwitches(variables, ids)
  return (rule) => {
    const state = switchOf(rule)
    return state === 'on' || (state === 'open' && rule.defaultEnabled)
  }
}

function ruleSets(text: string): ReadonlyMap<string, RuleSet> {
  return new Map(
    listOf(text).map((pair): [string, RuleSet] => {
      const [area = '', name, ...rest] = pair.split('=')
      const set = setNames.find((one) => one === name)
      if (area === '' || set === undefined || rest.length > 0) {
        throw new InputError(`environment variable PULLPATH_RULE_SETS: expected area=${setNames.join('|')}`)
      }
      return [area, set]
    }),
  )
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((one) => one !== '')
}
