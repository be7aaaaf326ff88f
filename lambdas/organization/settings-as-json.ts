import { parseSettings } from '../../shared/engine/settings.ts'
import { readYaml } from '../../shared/engine/yaml-text.ts'
import type { ConfigurableRule } from '../../shared/rules/define-rule.ts'

/**
 * The JSON of a settings file that is valid for the whole catalogue, as functions take it.
 * @throws InputError naming file, line and field
 */
export function settingsAsJson(text: string, file: string, rules: readonly ConfigurableRule[], now: Date): string {
  parseSettings(text, file, rules, [], now)
  return `${JSON.stringify(readYaml(text, file).value ?? {}, undefined, 2)}\n`
}
