import { parseJsonSettings } from '../engine/json-settings.ts'
import { InputError } from '../model/errors.ts'
import { own, ownList } from '../model/json.ts'
import type { ConfigurableRule } from '../rules/define-rule.ts'
import { checkOf, type DeployCheck, type DeployItem } from './check.ts'
import { formOf } from './parameter-forms.ts'
import type { GivenParameters } from './parameters-file.ts'
import type { Template } from './template.ts'

/**
 * Whether the template has the parameters that are given, takes their values, and needs no others; and whether functions take
 * the settings among them. `rules` are those of the catalogue.
 */
export function checkParameters(
  template: Template | undefined,
  given: GivenParameters,
  rules: readonly ConfigurableRule[],
): DeployCheck {
  const { values, repeated } = given
  const twice = repeated.map((name): DeployItem => ({ name, status: 'error', reason: 'is given more than once' }))
  const each = [...values].map(([name, value]) => parameterItem(name, value, template, rules))
  if (template !== undefined) {
    const items = [...twice, ...each, ...wantingItems(template, values)]
    return checkOf('parameters', `${values.size} of ${template.parameters.size} given`, items)
  }
  if (values.size === 0 && twice.length === 0) return { id: 'parameters', status: 'ok', reason: 'none given' }
  const unsaid = 'nothing says which there are'
  const wrong = [...twice, ...each].filter(({ status }) => status !== 'ok')
  if (wrong.length > 0)
    return checkOf('parameters', '', [...wrong, { name: 'without --template', status: 'warning', reason: unsaid }])
  return { id: 'parameters', status: 'warning', reason: `${values.size} given; without --template ${unsaid}` }
}

function wantingItems({ parameters }: Template, values: ReadonlyMap<string, string>): readonly DeployItem[] {
  return [...parameters]
    .filter(([name, definition]) => own(definition, 'Default') === undefined && !values.has(name))
    .map(([name]) => ({ name, status: 'error', reason: 'has no default and is not given' }))
}

function parameterItem(
  name: string,
  value: string,
  template: Template | undefined,
  rules: readonly ConfigurableRule[],
): DeployItem {
  const reason = refusalOf(name, value, template) ?? (name === 'Settings' ? faultOfSettings(value, rules) : undefined)
  return reason === undefined ? { name, status: 'ok', reason: 'is taken' } : { name, status: 'error', reason }
}

/** Why CloudFormation takes no such parameter or not this value, as far as that can be told. */
function refusalOf(name: string, value: string, template: Template | undefined): string | undefined {
  const definition = template?.parameters.get(name)
  if (template !== undefined && definition === undefined) return 'the template has no such parameter'
  const allowed = definition === undefined ? [] : ownList(definition, 'AllowedValues').map(String)
  if (allowed.length > 0 && !allowed.includes(value)) return `expected one of ${allowed.join(', ')}`
  const most = definition === undefined ? undefined : own(definition, 'MaxLength')
  if (typeof most === 'number' && value.length > most) return `${value.length} of at most ${most} characters`
  const form = formOf(name)
  return value !== '' && form !== undefined && !form.pattern.test(value) ? `expected ${form.expected}` : undefined
}

/** What functions would refuse of it, at each of their starts. */
function faultOfSettings(text: string, rules: readonly ConfigurableRule[]): string | undefined {
  const source = 'settings'
  try {
    parseJsonSettings(text, source, rules)
    return undefined
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.message.startsWith(`${source}: `) ? error.message.slice(`${source}: `.length) : error.message
  }
}
