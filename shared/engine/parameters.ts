import * as z from 'zod'
import { InputError } from '../model/errors.ts'
import type { RuleSettings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'

/**
 * A rule's parameters: what settings give, checked by the rule's own schema, defaults filled in.
 * @throws InputError naming rule and parameter
 */
export function parametersOf(rule: Rule, settings: RuleSettings | undefined): unknown {
  const parsed = z.strictObject(rule.parameters.shape).safeParse(Object.fromEntries(settings?.parameters ?? []))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = ['rules', rule.id, 'parameters', ...(issue?.path ?? [])].join('.')
  throw new InputError(`${field}: ${issue?.message ?? 'is not valid'}`)
}
