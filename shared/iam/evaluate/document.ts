import { type Fact, known } from '../../model/fact.ts'
import type { JsonValue } from '../../model/json.ts'
import type { PolicySource } from '../../model/policy-source.ts'
import { parsePolicy } from '../policy/parse-policy.ts'
import type { PolicyDocument } from './types.ts'

/** Makes a document of a policy as it was found: an absent one has no statements, an unreadable one is unknown with the reason. */
export function policyDocumentOf(name: string, source: Fact<PolicySource>): PolicyDocument {
  if (source.state === 'unknown') return { state: 'unknown', name, reason: source.reason }
  if (source.state === 'absent') {
    return { state: 'known', name, policy: { version: '2012-10-17', id: undefined, statements: [] } }
  }
  const parsed = parsePolicy(source.value)
  return parsed.ok ? { state: 'known', name, policy: parsed.policy } : { state: 'unknown', name, reason: parsed.reason }
}

/** Makes a document of a policy that is stated here and not read from an account. */
export function statedDocument(name: string, json: JsonValue): PolicyDocument {
  return policyDocumentOf(name, known({ json, text: JSON.stringify(json), duplicateKeys: [] }))
}
