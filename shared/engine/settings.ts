import { type Document, isScalar, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { InputError } from '../model/errors.ts'
import type { JsonValue } from '../model/json.ts'
import type { RuleSettings, Settings } from '../model/settings.ts'
import type { Rule } from '../rules/define-rule.ts'
import { centralEndpoints, networkSettings } from './network-settings.ts'
import { parametersOf } from './parameters.ts'

const accountId = z
  .string({ error: 'expected a 12-digit account id in quotes' })
  .regex(/^\d{12}$/, 'expected a 12-digit account id')

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
})

/**
 * Reads a settings file. Unknown keys, unknown rules and bad parameters are refused with the line they stand on. Settings of
 * rules that are only known by their id (`otherIds`) are passed over: who runs those rules checks them.
 * @throws InputError `file:line: field: what was expected`
 */
export function parseSettings(
  text: string,
  file: string,
  rules: readonly Rule[],
  otherIds: readonly string[] = [],
): Settings {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true })
  const at = (path: readonly PropertyKey[]) => `${file}:${lineOf(document, lines, path)}`
  const [broken] = document.errors
  if (broken)
    throw new InputError(`${file}:${broken.linePos?.[0].line ?? 1}: not valid YAML: ${firstLine(broken.message)}`)
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (!parsed.success) throw settingsError(parsed.error, at)
  return toSettings(parsed.data, rules, new Set(otherIds), at)
}

type At = (path: readonly PropertyKey[]) => string

function settingsError(error: z.ZodError, at: At): InputError {
  const [issue] = error.issues
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const where = [...path, key]
    return new InputError(
      `${at(where)}: ${where.join('.')}: unknown key; expected one of ${knownKeys(path).join(', ')}`,
    )
  }
  return new InputError(`${at(path)}: ${path.join('.') || 'settings'}: ${issue?.message ?? 'is not valid'}`)
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const [area, ...inside] = path
  if (area === undefined) return Object.keys(schema.shape)
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
      throw new InputError(`${at(['rules', id])}: rules.${id}: unknown rule id; "pullpath rules list" names them all`)
    return [[id, checkedRuleSettings(rule, override, at)]]
  })
  return { ...rest, ...(organizationId === undefined ? {} : { organizationId }), rules: new Map(entries) }
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

/** The line of the deepest node on the path that has one, from 1. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth - 1), true)
    const offset = keyOffset(parent ?? document.contents, path[depth - 1])
    if (offset !== undefined) return lines.linePos(offset).line
  }
  return 1
}

function keyOffset(parent: unknown, key: PropertyKey | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items))
    return undefined
  if (typeof key === 'number') return nodeOffset(parent.items[key])
  const pair: unknown = parent.items.find(
    (item: unknown) =>
      typeof item === 'object' && item !== null && 'key' in item && isScalar(item.key) && item.key.value === key,
  )
  return typeof pair === 'object' && pair !== null && 'key' in pair ? nodeOffset(pair.key) : undefined
}

function nodeOffset(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [start] = node.range as readonly unknown[]
  return typeof start === 'number' ? start : undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
