import { deploymentSettings } from '../../shared/live/deployment-settings.ts'
import type { SelectedRule } from '../../shared/live/select-rule.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { Environment } from '../../shared/runtime/environment.ts'

/**
 * The rules of this deployment with their settings. `PULLPATH_RULES` names them (ids, comma-separated) as the template has
 * AWS Config rules for them; where it is empty the settings and the defaults of the catalogue decide.
 * @throws InputError for an id that the catalogue does not have, or settings that are not as expected
 */
export function enabledRules(
  catalogue: readonly Rule[],
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): readonly SelectedRule[] {
  const settings = deploymentSettings(
    environment,
    catalogue,
    catalogue.map(({ id }) => id),
  )
  const named = (variables.PULLPATH_RULES ?? '').split(',').filter((id) => id !== '')
  const unknown = named.find((id) => catalogue.every((rule) => rule.id !== id))
  if (unknown !== undefined) throw new InputError('environment variable PULLPATH_RULES: there is no such rule')
  const isEnabled = (rule: Rule) =>
    (named.length === 0 ? rule.defaultEnabled : named.includes(rule.id)) &&
    settings.rules.get(rule.id)?.enabled !== false
  const isChosen = (rule: Rule) => named.length === 0 && settings.rules.get(rule.id)?.enabled === true
  return catalogue.filter((rule) => isEnabled(rule) || isChosen(rule)).map((rule) => ({ rule, settings }))
}
