import type { Rule } from '../rules/define-rule.ts'
import type { Environment } from '../runtime/environment.ts'
import { deploymentSettings } from './deployment-settings.ts'
import { ruleSwitches } from './rule-switch.ts'
import type { SelectedRule } from './select-rule.ts'

/**
 * The rules among `rules` that this deployment has, with their settings: as the environment switches them (`ruleSwitches`), which
 * settings can only switch off; the others by the settings and their defaults. `ids` are those of the whole catalogue.
 * @throws InputError for an id that the catalogue does not have, or settings that are not as expected
 */
export function enabledRules(
  rules: readonly Rule[],
  ids: readonly string[],
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): readonly SelectedRule[] {
  const settings = deploymentSettings(environment, rules, ids)
  const switchOf = ruleSwitches(variables, ids)
  const isEnabled = (rule: Rule) => {
    const set = settings.rules.get(rule.id)?.enabled
    const deployed = switchOf(rule)
    return deployed === 'open' ? (set ?? rule.defaultEnabled) : deployed === 'on' && set !== false
  }
  return rules.filter(isEnabled).map((rule) => ({ rule, settings }))
}
