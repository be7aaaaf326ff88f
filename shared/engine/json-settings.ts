import type { Settings } from '../model/settings.ts'
import type { ConfigurableRule } from '../rules/define-rule.ts'
import { checkSettings } from './checked-settings.ts'
import { readJson } from './json-text.ts'

/**
 * Reads settings from JSON text, as deployed functions are handed them: no parser of YAML is in their bundles. Empty text holds
 * no settings. What is refused and `otherIds`: see `checkSettings`.
 * @throws InputError `source: field: what was expected`
 */
export function parseJsonSettings(
  text: string,
  source: string,
  rules: readonly ConfigurableRule[],
  otherIds: readonly string[] = [],
): Settings {
  const { value, at } = readJson(text, source)
  return checkSettings(value, at, rules, otherIds)
}
