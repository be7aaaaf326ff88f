import { readSettingsText } from '../../shared/engine/settings.ts'
import type { ConfigurableRule } from '../../shared/rules/define-rule.ts'

/**
 * The JSON of a settings file that is valid for the whole catalogue, as functions take it.
 * @throws InputError naming file, line and field
 */
export function settingsAsJson(text: string, file: string, rules: readonly ConfigurableRule[], now: Date): string {
  return `${JSON.stringify(readSettingsText(text, file, rules, [], now).value, undefined, 2)}\n`
}
