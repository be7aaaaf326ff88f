import { isJsonObject, type JsonObject, type JsonValue, own } from '../../model/json.ts'
import { maximumPatternLength } from '../match/wildcard.ts'
import type { Condition, PatternElement, PrincipalElement, PrincipalEntry, Statement } from './policy.ts'

/** Why a statement cannot be read. */
export interface Unreadable {
  readonly reason: string
}

const maximumValues = 2000
const elements = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

/** Reads one statement. */
export function parseStatement(item: JsonValue, position: number): Statement | Unreadable {
  if (!isJsonObject(item)) return { reason: 'not a JSON object' }
  // AWS refuses such a statement. Passing over a misspelt Condition would make an Allow unconditional.
  const stray = Object.keys(item).find((key) => !elements.has(key))
  if (stray !== undefined) return { reason: `unknown element ${stray.slice(0, 100)}` }
  const effect = own(item, 'Effect')
  if (effect !== 'Allow' && effect !== 'Deny') return { reason: 'Effect is neither Allow nor Deny' }
  const principal = parsePrincipal(item)
  if (principal !== undefined && 'reason' in principal) return principal
  const action = parsePatterns(item, 'Action')
  if (action === undefined) return { reason: 'neither Action nor NotAction' }
  if ('reason' in action) return action
  const resource = parsePatterns(item, 'Resource')
  if (resource !== undefined && 'reason' in resource) return resource
  const conditions = parseConditions(own(item, 'Condition'))
  if ('reason' in conditions) return conditions
  const sid = own(item, 'Sid')
  return {
    position,
    sid: typeof sid === 'string' && sid !== '' ? sid : undefined,
    effect,
    principal,
    action,
    resource,
    conditions: conditions.list,
  }
}

function parsePrincipal(item: JsonObject): PrincipalElement | Unreadable | undefined {
  const pair = eitherOf(item, 'Principal')
  if (pair === undefined || 'reason' in pair) return pair
  const { value, not } = pair
  if (value === '*') return { kind: 'any', not }
  if (!isJsonObject(value)) return { reason: 'Principal is neither "*" nor an object' }
  const entries: PrincipalEntry[] = []
  for (const [type, listed] of Object.entries(value)) {
    const values = stringsOf(listed)
    if ('reason' in values) return { reason: `Principal ${type.slice(0, 100)} ${values.reason}` }
    entries.push(...values.list.map((text) => ({ type, value: text })))
  }
  const anyone = entries.some((entry) => entry.type === 'AWS' && entry.value === '*')
  return anyone ? { kind: 'any', not } : { kind: 'listed', not, entries }
}

function parsePatterns(item: JsonObject, name: 'Action' | 'Resource'): PatternElement | Unreadable | undefined {
  const pair = eitherOf(item, name)
  if (pair === undefined || 'reason' in pair) return pair
  const values = stringsOf(pair.value)
  return 'reason' in values ? { reason: `${name} ${values.reason}` } : { patterns: values.list, not: pair.not }
}

function eitherOf(
  item: JsonObject,
  name: string,
): { readonly value: JsonValue; readonly not: boolean } | Unreadable | undefined {
  const plain = own(item, name)
  const negated = own(item, `Not${name}`)
  if (plain !== undefined && negated !== undefined) return { reason: `both ${name} and Not${name}` }
  if (plain !== undefined) return { value: plain, not: false }
  return negated === undefined ? undefined : { value: negated, not: true }
}

type Strings = { readonly list: readonly string[] } | Unreadable

function stringsOf(value: JsonValue): Strings {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value as JsonValue]
  if (list.length > maximumValues) return { reason: `has more than ${maximumValues} values` }
  const strings = list.filter((text): text is string => typeof text === 'string')
  if (strings.length < list.length) return { reason: 'holds something other than strings' }
  return withinLength(strings)
}

function withinLength(strings: readonly string[]): Strings {
  return strings.some((text) => text.length > maximumPatternLength)
    ? { reason: `has a value longer than ${maximumPatternLength} characters` }
    : { list: strings }
}

function parseConditions(block: JsonValue | undefined): { readonly list: readonly Condition[] } | Unreadable {
  if (block === undefined) return { list: [] }
  if (!isJsonObject(block)) return { reason: 'Condition is not an object' }
  const list: Condition[] = []
  for (const [operator, keys] of Object.entries(block)) {
    if (!isJsonObject(keys)) return { reason: `Condition ${operator.slice(0, 100)} is not an object` }
    for (const [key, value] of Object.entries(keys)) {
      const values = scalarsOf(value)
      if ('reason' in values)
        return { reason: `Condition ${operator.slice(0, 100)} ${key.slice(0, 100)} ${values.reason}` }
      list.push({ operator, key, values: values.list })
    }
  }
  return { list }
}

function scalarsOf(value: JsonValue): Strings {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value as JsonValue]
  if (list.length > maximumValues) return { reason: `has more than ${maximumValues} values` }
  if (list.some((item) => item === null || typeof item === 'object'))
    return { reason: 'holds something other than scalars' }
  return withinLength(list.map(String))
}
