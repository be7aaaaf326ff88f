import { isJsonObject, type JsonObject, type JsonValue, own } from '../../model/json.ts'
import type { PolicySource } from '../../model/policy-source.ts'
import { parseStatement } from './parse-statement.ts'
import type { Policy, Statement } from './policy.ts'

/** A parsed policy with remarks for a person, or why it cannot be read. Never throws. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly notes: readonly string[] }
  | { readonly ok: false; readonly reason: string }

const maximumStatements = 1000
const rememberedPolicies = 500
const decisiveKeys =
  /(^|\/)(Version|Statement|Effect|Principal|NotPrincipal|Action|NotAction|Resource|NotResource|Condition)(\/|$)/
const remembered = new Map<string, ParsedPolicy>()

/** Reads a policy document. The same text is parsed once; the memory is bounded. */
export function parsePolicy(source: PolicySource): ParsedPolicy {
  const key = `${source.duplicateKeys.join('\n')}\0${source.text}`
  const before = remembered.get(key)
  if (before !== undefined && source.text !== '') return before
  const parsed = parse(source)
  const oldest = remembered.keys().next()
  if (remembered.size >= rememberedPolicies && !oldest.done) remembered.delete(oldest.value)
  remembered.set(key, parsed)
  return parsed
}

function parse(source: PolicySource): ParsedPolicy {
  const ambiguous = source.duplicateKeys.find((pointer) => decisiveKeys.test(pointer))
  if (ambiguous !== undefined)
    return { ok: false, reason: `duplicate key ${ambiguous}: parsers disagree which one counts` }
  if (!isJsonObject(source.json)) return { ok: false, reason: 'the policy is not a JSON object' }
  const notes = source.duplicateKeys.map((pointer) => `duplicate key ${pointer}`)
  const version = own(source.json, 'Version') ?? '2008-10-17'
  if (typeof version !== 'string') return { ok: false, reason: 'Version is not a string' }
  if (version !== '2012-10-17' && version !== '2008-10-17')
    return { ok: false, reason: `Version ${version.slice(0, 100)} is neither 2012-10-17 nor 2008-10-17` }
  const statements = parseStatements(source.json)
  if (!Array.isArray(statements)) return { ok: false, reason: (statements as { reason: string }).reason }
  noteUnknown(source.json, notes)
  const id = own(source.json, 'Id')
  return { ok: true, policy: { version, id: typeof id === 'string' ? id : undefined, statements }, notes }
}

function parseStatements(document: JsonObject): readonly Statement[] | { readonly reason: string } {
  const element = own(document, 'Statement')
  if (element === undefined) return { reason: 'the policy has no Statement' }
  const list: readonly JsonValue[] = Array.isArray(element) ? element : [element as JsonValue]
  if (list.length > maximumStatements) return { reason: `the policy has more than ${maximumStatements} statements` }
  const statements: Statement[] = []
  for (const [index, item] of list.entries()) {
    const statement = parseStatement(item, index + 1)
    if ('reason' in statement) return { reason: `statement ${index + 1}: ${statement.reason}` }
    statements.push(statement)
  }
  return statements
}

function noteUnknown(document: JsonObject, notes: string[]): void {
  for (const key of Object.keys(document)) {
    if (key !== 'Version' && key !== 'Id' && key !== 'Statement') notes.push(`unknown element ${key.slice(0, 100)}`)
  }
}
