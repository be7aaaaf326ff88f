import * as z from 'zod/mini'
import { parametersOf, shapeOf } from '../engine/parameters.ts'
import type { RuleInvocation } from '../events/audit-request.ts'
import { InputError } from '../model/errors.ts'
import type { JsonValue } from '../model/json.ts'
import type { Settings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'

/** The rule of an invocation and the settings with the parameters of its Config rule. */
export interface SelectedRule {
  readonly rule: Rule
  readonly settings: Settings
}

/**
 * Whether settings switch the rule off. Its AWS Config rule exists all the same, because the template knows no settings: it judges
 * nothing then, and takes back what it said before.
 */
export function isSwitchedOff({ rule, settings }: SelectedRule): boolean {
  return settings.rules.get(rule.id)?.enabled === false
}

/**
 * Finds the rule a Config rule names and lays its parameters over the deployment's settings.
 * @throws InputError for an unknown rule, an unknown parameter or a value the rule refuses
 */
export function selectRule(catalogue: readonly Rule[], settings: Settings, invocation: RuleInvocation): SelectedRule {
  const rule = catalogue.find((one) => one.id === invocation.ruleId)
  if (rule === undefined) throw new InputError(`event.ruleParameters.ruleId: there is no rule "${invocation.ruleId}"`)
  const held = settings.rules.get(rule.id)
  const parameters = new Map<string, JsonValue>(held?.parameters)
  for (const [name, text] of invocation.parameters) parameters.set(name, typedParameter(rule, name, text))
  const ruleSettings = { ...held, parameters }
  parametersOf(rule, ruleSettings)
  return { rule, settings: { ...settings, rules: new Map(settings.rules).set(rule.id, ruleSettings) } }
}

/** Config hands text over: taken as it is where the rule wants text, as JSON or a comma-separated list where it does not. */
function typedParameter(rule: Rule, name: string, text: string): JsonValue {
  const shape = new Map(Object.entries(shapeOf(rule)))
  const schema = shape.get(name)
  if (!schema) throw new InputError(`event.ruleParameters.${name}: rule ${rule.id} has no such parameter`)
  const candidates: readonly JsonValue[] = [text, ...jsonOf(text), text.split(',').map((part) => part.trim())]
  const taken = candidates.find((candidate) => z.safeParse(schema, candidate).success)
  if (taken === undefined)
    throw new InputError(`event.ruleParameters.${name}: rule ${rule.id} does not take this value`)
  return taken
}

function jsonOf(text: string): readonly JsonValue[] {
  try {
    return [JSON.parse(text) as JsonValue]
  } catch {
    return []
  }
}
