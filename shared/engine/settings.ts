import * as z from 'zod'
import { InputError } from '../model/errors.ts'
import type { Exception } from '../model/exception.ts'
import type { JsonValue } from '../model/json.ts'
import { clip } from '../model/quote.ts'
import type { RuleSettings, Settings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'
import { accountId } from './account-id.ts'
import { namesRule } from './exception-match.ts'
import { exceptionList, exceptionSettings, exceptionTag } from './exception-settings.ts'
import { longestTerm, termOf } from './exception-term.ts'
import { centralEndpoints, networkSettings } from './network-settings.ts'
import { parametersOf } from './parameters.ts'
import { type At, readYaml } from './yaml-text.ts'

const ruleSettings = z.strictObject({
  enabled: z.boolean().optional(),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
  parameters: z.record(z.string(), z.json()).optional(),
})

const schema = z.strictObject({
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'expected an organization id (o-…)')
    .optional(),
  ownAccounts: z.array(accountId).default([]),
  trustedAccounts: z.array(accountId).default([]),
  registryAdministrators: z.array(z.string().min(1)).default([]),
  approvedRegistries: z.array(z.string().min(1)).default([]),
  undetermined: z.enum(['report', 'leave']).default('report'),
  assumeRecorded: z.boolean().default(true),
  network: networkSettings.prefault({}),
  rules: z.record(z.string(), ruleSettings).default({}),
  exceptions: exceptionList,
})

/**
 * Reads a settings file. Unknown keys, unknown rules and bad parameters are refused with the line they stand on. Settings of
 * rules that are only known by their id (`otherIds`) are passed over: who runs those rules checks them. With `now`, exceptions
 * that end later than an exception may are refused; without it they are read, and do not hold.
 * @throws InputError `file:line: field: what was expected`
 */
export function parseSettings(
  text: string,
  file: string,
  rules: readonly Rule[],
  otherIds: readonly string[] = [],
  now?: Date,
): Settings {
  const { value, at } = readYaml(text, file)
  const parsed = schema.safeParse(value ?? {})
  if (!parsed.success) throw settingsError(parsed.error, at)
  const settings = toSettings(parsed.data, rules, new Set(otherIds), at)
  checkExceptions(settings.exceptions, [...rules.map(({ id }) => id), ...otherIds], now, at)
  return settings
}

function settingsError(error: z.ZodError, at: At): InputError {
  const [issue] = error.issues
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const where = [...path, key]
    return new InputError(`${at(where)}: ${nameOf(where)}: unknown key; expected one of ${knownKeys(path).join(', ')}`)
  }
  return new InputError(`${at(path)}: ${nameOf(path) || 'settings'}: ${issue?.message ?? 'is not valid'}`)
}

/** A path as users write it, on one line whatever its keys hold. */
function nameOf(path: readonly PropertyKey[]): string {
  return clip(path.join('.'))
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const [area, ...inside] = path
  if (area === undefined) return Object.keys(schema.shape)
  if (area === 'exceptions') return Object.keys(inside.length === 1 ? exceptionSettings.shape : exceptionTag.shape)
  if (area !== 'network') return Object.keys(ruleSettings.shape)
  return Object.keys(inside.length === 0 ? networkSettings.shape : centralEndpoints.shape)
}

function toSettings(
  data: z.output<typeof schema>,
  rules: readonly Rule[],
  otherIds: ReadonlySet<string>,
  at: At,
): Settings {
  const { organizationId, rules: overrides, ...rest } = data
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  const entries = Object.entries(overrides).flatMap(([id, override]): [string, RuleSettings][] => {
    const rule = byId.get(id)
    if (rule === undefined && otherIds.has(id)) return []
    if (rule === undefined)
      throw new InputError(
        `${at(['rules', id])}: ${nameOf(['rules', id])}: unknown rule id; "pullpath rules list" names them all`,
      )
    return [[id, checkedRuleSettings(rule, override, at)]]
  })
  return { ...rest, ...(organizationId === undefined ? {} : { organizationId }), rules: new Map(entries) }
}

function checkExceptions(
  exceptions: readonly Exception[],
  ids: readonly string[],
  now: Date | undefined,
  at: At,
): void {
  for (const [index, exception] of exceptions.entries()) {
    const refuse = (key: 'rule' | 'expires', why: string) => {
      const path = ['exceptions', index, key]
      return new InputError(`${at(path)}: ${nameOf(path)}: ${why}`)
    }
    if (!ids.some((id) => namesRule(exception, id)))
      throw refuse('rule', 'unknown rule id; "pullpath rules list" names them all')
    if (now !== undefined && termOf(exception, now) === 'tooLong')
      throw refuse('expires', `expected a date at most ${longestTerm} days ahead`)
  }
}

function checkedRuleSettings(rule: Rule, override: z.output<typeof ruleSettings>, at: At): RuleSettings {
  const { enabled, severity, parameters } = override
  const settings: RuleSettings = {
    ...(enabled === undefined ? {} : { enabled }),
    ...(severity === undefined ? {} : { severity }),
    ...(parameters === undefined
      ? {}
      : { parameters: new Map(Object.entries(parameters as Record<string, JsonValue>)) }),
  }
  try {
    parametersOf(rule, settings)
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${at(['rules', rule.id, 'parameters'])}: ${error.message}`)
    throw error
  }
  return settings
}
