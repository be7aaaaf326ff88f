import type { Rule } from '../rules/define-rule.ts'
import type { Environment } from '../runtime/environment.ts'
import { deploymentSettings } from './deployment-settings.ts'
import { deployedRules } from './rule-switch.ts'
import { isSwitchedOff, type SelectedRule } from './select-rule.ts'

/**
 * The rules among `rules` that this deployment has, with their settings: as the environment switches them, and where
 * it leaves that open those that are on by default (`deployedRules`). Settings can only switch off: a rule that AWS Config does not have is never
 * swept, so what one event made it say would stand whatever happened next. `ids` are those of the whole catalogue.
 * @throws InputError for an id that the catalogue does not have, or settings that are not as expected
 */
export function enabledRules(
  rules: readonly Rule[],
  ids: readonly string[],
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): readonly SelectedRule[] {
  const settings = deploymentSettings(environment, rules, ids)
  const isDeployed = deployedRules(variables, ids)
  const ofDeployment = rules.filter(isDeployed).map((rule) => ({ rule, settings }))
  return ofDeployment.filter((selected) => !isSwitchedOff(selected))
}
