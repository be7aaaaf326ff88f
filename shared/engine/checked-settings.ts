import * as locales from 'zod/locales'
import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import type { Exception } from '../model/exception.ts'
import type { JsonValue } from '../model/json.ts'
import { clip } from '../model/quote.ts'
import type { RuleSettings, Settings } from '../model/settings.ts'
import { type ConfigurableRule, judgedTypes } from '../rules/define-rule.ts'
import { accountId } from './account-id.ts'
import { mayCarryTags, namesRule } from './exception-match.ts'
import { exceptionList, exceptionSettings, exceptionTag } from './exception-settings.ts'
import { longestTerm, termOf } from './exception-term.ts'
import { centralEndpoints, networkSettings } from './network-settings.ts'
import { organizationFactsSettings } from './organization-facts.ts'
import { parametersOf } from './parameters.ts'

const ruleSettings = z.strictObject({
  enabled: z.optional(z.boolean()),
  severity: z.optional(z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])),
  parameters: z.optional(z.record(z.string(), z.json())),
})

const texts = z.array(z.string().check(z.minLength(1)))

const schema = z.strictObject({
  organizationId: z.optional(z.string().check(z.regex(/^o-[a-z0-9]{10,32}$/, 'expected an organization id (o-…)'))),
  ownAccounts: z._default(z.array(accountId), []),
  trustedAccounts: z._default(z.array(accountId), []),
  registryAdministrators: z._default(texts, []),
  approvedRegistries: z._default(texts, []),
  undetermined: z._default(z.enum(['report', 'leave']), 'report'),
  assumeRecorded: z._default(z.boolean(), true),
  network: z.prefault(networkSettings, {}),
  organizationFacts: z.optional(organizationFactsSettings),
  rules: z._default(z.record(z.string(), ruleSettings), {}),
  exceptions: exceptionList,
})

/** Where in its text a part of the settings stands, as messages begin: `settings.yaml:3`. */
export type At = (path: readonly PropertyKey[]) => string

/**
 * Settings from what a settings file says, read as plain values (undefined and null: an empty file). Unknown keys, unknown rules
 * and bad parameters are refused. Settings of rules that are only known by their id (`otherIds`) are passed over: who runs those
 * rules checks them. With `now`, exceptions that end later than an exception may are refused, and those by a tag that nothing they speak
 * of can carry; without it they are read, and do not hold.
 * @throws InputError `place: field: what was expected`
 */
export function checkSettings(
  value: unknown,
  at: At,
  rules: readonly ConfigurableRule[],
  otherIds: readonly string[] = [],
  now?: Date,
): Settings {
  const parsed = z.safeParse(schema, value ?? {}, { error: locales.en().localeError })
  if (!parsed.success) throw settingsError(parsed.error, at)
  const settings = toSettings(parsed.data, statedRules(value), rules, new Set(otherIds), at)
  checkExceptions(settings.exceptions, { rules, otherIds, now, at })
  return settings
}

function settingsError(error: z.core.$ZodError, at: At): InputError {
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
  if (area === 'organizationFacts') return Object.keys(organizationFactsSettings.shape)
  if (area !== 'network') return Object.keys(ruleSettings.shape)
  return Object.keys(inside.length === 0 ? networkSettings.shape : centralEndpoints.shape)
}

type Overrides = z.output<typeof schema>['rules']

/** The rules as they came, once the schema took them: of a record it passes over `__proto__` without a word. */
function statedRules(value: unknown): Overrides {
  return (value as { readonly rules?: Overrides } | undefined)?.rules ?? {}
}

function toSettings(
  data: z.output<typeof schema>,
  overrides: Overrides,
  rules: readonly ConfigurableRule[],
  otherIds: ReadonlySet<string>,
  at: At,
): Settings {
  const { organizationId, rules: _read, ...rest } = data
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

interface ExceptionCheck {
  readonly rules: readonly ConfigurableRule[]
  readonly otherIds: readonly string[]
  readonly now: Date | undefined
  readonly at: At
}

function checkExceptions(exceptions: readonly Exception[], { rules, otherIds, now, at }: ExceptionCheck): void {
  const ids = [...rules.map(({ id }) => id), ...otherIds]
  for (const [index, exception] of exceptions.entries()) {
    const refuse = (key: 'rule' | 'expires' | 'tag', why: string) => {
      const path = ['exceptions', index, key]
      return new InputError(`${at(path)}: ${nameOf(path)}: ${why}`)
    }
    if (!ids.some((id) => namesRule(exception, id)))
      throw refuse('rule', 'unknown rule id; "pullpath rules list" names them all')
    if (now !== undefined && termOf(exception, now) === 'tooLong')
      throw refuse('expires', `expected a date at most ${longestTerm} days ahead`)
    if (now !== undefined && exception.tag !== undefined && speaksOfUntagged(exception, rules, otherIds))
      throw refuse('tag', 'nothing that the rule judges can carry tags')
  }
}

/** True when every rule that it names is known to judge only what cannot carry tags. */
function speaksOfUntagged(
  exception: Exception,
  rules: readonly ConfigurableRule[],
  otherIds: readonly string[],
): boolean {
  const named = rules.filter(({ id }) => namesRule(exception, id))
  const others = otherIds.some((id) => namesRule(exception, id) && named.every((rule) => rule.id !== id))
  return (
    !others &&
    named.every(({ judges, alsoJudges = [] }) => {
      return judges !== undefined && judgedTypes({ judges, alsoJudges }).every((type) => !mayCarryTags(type))
    })
  )
}

function checkedRuleSettings(rule: ConfigurableRule, override: z.output<typeof ruleSettings>, at: At): RuleSettings {
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
