import type { Settings } from '../model/settings.ts'
import type { ConfigurableRule } from '../rules/define-rule.ts'
import { checkSettings } from './checked-settings.ts'
import { readYaml } from './yaml-text.ts'

/**
 * Reads a settings file, YAML or JSON: for the command line and for whoever publishes settings. Deployed functions take JSON
 * (`json-settings.ts`). What is refused, `otherIds` and `now`: see `checkSettings`.
 * @throws InputError `file:line: field: what was expected`
 */
export function parseSettings(
  text: string,
  file: string,
  rules: readonly ConfigurableRule[],
  otherIds: readonly string[] = [],
  now?: Date,
): Settings {
  return readSettingsText(text, file, rules, otherIds, now).settings
}

/** A checked settings file, and what it says as plain values: what `JSON.stringify` makes of them is the same file as JSON. */
export interface SettingsText {
  readonly settings: Settings
  readonly value: unknown
}

/**
 * Reads a settings file like `parseSettings`, and keeps what it says; an empty file says `{}`.
 * @throws InputError `file:line: field: what was expected`
 */
export function readSettingsText(
  text: string,
  file: string,
  rules: readonly ConfigurableRule[],
  otherIds: readonly string[] = [],
  now?: Date,
): SettingsText {
  const { value, at } = readYaml(text, file)
  return { settings: checkSettings(value, at, rules, otherIds, now), value: value ?? {} }
}
