import { parseJsonSettings } from '../engine/json-settings.ts'
import type { Settings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'
import type { Environment } from '../runtime/environment.ts'

/**
 * The settings of this deployment: the settings text, completed by the stack's own parameters. `ruleIds` are all ids of the
 * catalogue: settings of rules that another function serves are passed over.
 * @throws InputError naming the key
 */
export function deploymentSettings(
  environment: Environment,
  rules: readonly Rule[],
  ruleIds: readonly string[],
): Settings {
  const settings = parseJsonSettings(environment.settingsText, 'PULLPATH_SETTINGS', rules, ruleIds)
  const organizationId = settings.organizationId ?? environment.organizationId
  return {
    ...settings,
    ...(organizationId === undefined ? {} : { organizationId }),
    trustedAccounts: [...new Set([...settings.trustedAccounts, ...environment.trustedAccounts])],
  }
}
