import * as locales from 'zod/locales'
import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import type { RuleSettings } from '../model/settings.ts'
import type { ConfigurableRule } from '../rules/define-rule.ts'

/** The schemas of a rule's parameters by their names. */
export function shapeOf({ parameters }: Pick<ConfigurableRule, 'parameters'>): z.core.$ZodLooseShape {
  return parameters._zod.def.shape
}

/**
 * A rule's parameters: what settings give, checked by the rule's own schema, defaults filled in.
 * @throws InputError naming rule and parameter
 */
export function parametersOf(rule: ConfigurableRule, settings: RuleSettings | undefined): unknown {
  const stated = Object.fromEntries(settings?.parameters ?? [])
  const parsed = z.safeParse(z.strictObject(shapeOf(rule)), stated, { error: locales.en().localeError })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = ['rules', rule.id, 'parameters', ...(issue?.path ?? [])].join('.')
  throw new InputError(`${field}: ${issue?.message ?? 'is not valid'}`)
}
