import type { Fact } from '../../model/fact.ts'
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
