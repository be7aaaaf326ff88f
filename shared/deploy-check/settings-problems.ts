import { checkSettings } from '../engine/checked-settings.ts'
import { readSettingsText, type SettingsText } from '../engine/settings.ts'
import { readYaml, type YamlText } from '../engine/yaml-text.ts'
import { InputError } from '../model/errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { ConfigurableRule } from '../rules/define-rule.ts'

/** A settings file: what it says, or everything that is wrong with it. */
export type SettingsReading =
  | ({ readonly state: 'valid' } & SettingsText)
  | { readonly state: 'invalid'; readonly problems: readonly string[] }

/**
 * Reads a settings file as every command does, and goes on after the first mistake: of each rule, each exception and each
 * other part of the file, the first is named with its line and field.
 */
export function readAllOfSettings(
  text: string,
  file: string,
  rules: readonly ConfigurableRule[],
  now: Date,
): SettingsReading {
  const whole = attempt(() => readSettingsText(text, file, rules, [], now))
  if (!(whole instanceof InputError)) return { state: 'valid', ...whole }
  const read = attempt(() => readYaml(text, file))
  // Text that is no YAML has no parts.
  if (read instanceof InputError) return { state: 'invalid', problems: [read.message] }
  const problems = partsOf(read).flatMap((part) => problemOf(part, rules, now))
  return { state: 'invalid', problems: problems.length > 0 ? problems : [whole.message] }
}

/** One part of a settings file that can be checked without the others. */
interface Part {
  readonly value: unknown
  readonly at: YamlText['at']
  /** Where it stands among the exceptions, if it is one: alone it is the first. */
  readonly index?: number
}

function partsOf({ value, at }: YamlText): readonly Part[] {
  if (!isJsonObject(value)) return [{ value, at }]
  return Object.entries(value).flatMap(([key, held]): readonly Part[] => {
    if (key === 'rules' && isJsonObject(held)) {
      return Object.entries(held).map((entry) => ({ value: { rules: Object.fromEntries([entry]) }, at }))
    }
    if (key !== 'exceptions' || !Array.isArray(held)) return [{ value: Object.fromEntries([[key, held]]), at }]
    return held.map((exception: unknown, index) => ({
      ...{ value: { exceptions: [exception] }, index },
      at: (path) => at(path.length < 2 ? path : ['exceptions', index, ...path.slice(2)]),
    }))
  })
}

function problemOf({ value, at, index }: Part, rules: readonly ConfigurableRule[], now: Date): readonly string[] {
  let place = ''
  const remembered: YamlText['at'] = (path) => {
    place = at(path)
    return place
  }
  const checked = attempt(() => checkSettings(value, remembered, rules, [], now))
  if (!(checked instanceof InputError)) return []
  if (index === undefined || !checked.message.startsWith(place)) return [checked.message]
  return [place + checked.message.slice(place.length).replace('exceptions.0', `exceptions.${index}`)]
}

/** What a reading gives, or what it refuses. @throws any other error */
function attempt<T>(read: () => T): T | InputError {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}
