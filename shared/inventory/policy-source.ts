import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonValue } from '../model/json.ts'
import type { PolicySource } from '../model/policy-source.ts'
import { clip } from '../model/quote.ts'
import { duplicateJsonKeys, nestsDeeperThan } from './json-text.ts'

/** Largest policy text that is looked into, in UTF-16 units; AWS's own limits are far below. */
export const maxPolicyLength = 100 * 1024
/** What a reader writes where a text could not be read, in front of the reason. No policy begins so. */
export const unreadPrefix = 'unread: '
/** Deepest nesting of a policy document that is looked into. */
export const maxPolicyDepth = 64

/**
 * Decodes a policy document from any encoding AWS uses: an object, a list of one object, JSON text, URL-encoded JSON text.
 * Absent for nothing, `""` and `{}`. Unknown, naming `where`, for everything else: text that cannot be read is never "no policy".
 */
export function policySource(value: JsonValue | undefined, where: string): Fact<PolicySource> {
  if (value === undefined || value === null || value === '') return absent()
  return typeof value === 'string' ? fromText(value, where) : fromValue(value, where)
}

function fromText(raw: string, where: string): Fact<PolicySource> {
  if (raw.startsWith(unreadPrefix))
    return unknown(`${where} could not be read: ${clip(raw.slice(unreadPrefix.length))}`)
  if (raw.length > 3 * maxPolicyLength) return tooLong(where)
  const text = raw.startsWith('%') ? percentDecoded(raw) : raw
  if (text === undefined) return unknown(`${where} is not valid URL encoding`)
  if (text.length > maxPolicyLength) return tooLong(where)
  if (nestsDeeperThan(maxPolicyDepth, text)) return tooDeep(where)
  const json = parsed(text)
  if (json === undefined) return unknown(`${where} is not valid JSON`)
  return documentFact(unwrapped(json), text, duplicateJsonKeys(text), where)
}

function fromValue(value: JsonValue, where: string): Fact<PolicySource> {
  if (valueNestsDeeperThan(maxPolicyDepth, value)) return tooDeep(where)
  const json = unwrapped(value)
  const text = JSON.stringify(json)
  return text.length > maxPolicyLength ? tooLong(where) : documentFact(json, text, [], where)
}

function documentFact(
  json: JsonValue,
  text: string,
  duplicateKeys: readonly string[],
  where: string,
): Fact<PolicySource> {
  if (!isJsonObject(json)) return unknown(`${where} is not a policy document: expected a JSON object`)
  if (Object.keys(json).length === 0) return absent()
  return known({ json, text, duplicateKeys })
}

function tooLong(where: string): Fact<PolicySource> {
  return unknown(`${where} is longer than ${maxPolicyLength} characters`)
}

function tooDeep(where: string): Fact<PolicySource> {
  return unknown(`${where} nests deeper than ${maxPolicyDepth} levels`)
}

function unwrapped(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? (value[0] as JsonValue) : value
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function valueNestsDeeperThan(limit: number, value: JsonValue): boolean {
  const waiting: { readonly value: JsonValue; readonly depth: number }[] = [{ value, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue
    if (next.depth >= limit) return true
    for (const child of Object.values(next.value)) waiting.push({ value: child, depth: next.depth + 1 })
  }
  return false
}
