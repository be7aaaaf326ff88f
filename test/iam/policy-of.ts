import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import type { Policy } from '../../shared/iam/policy/policy.ts'
import type { JsonValue } from '../../shared/model/json.ts'

/** A policy document, read; throws why it is none. */
export function policyOf(json: JsonValue): Policy {
  const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.policy
}

/** The policy with these statements, of version 2012-10-17 unless another is given. */
export function policyWith(statements: readonly JsonValue[], version = '2012-10-17'): Policy {
  return policyOf({ Version: version, Statement: statements })
}
