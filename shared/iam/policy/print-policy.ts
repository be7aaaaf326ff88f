import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Condition, PatternElement, Policy, PrincipalElement, Statement } from './policy.ts'

/** Writes a policy as a policy document; the contrary of `parsePolicy`. */
export function printPolicy(policy: Policy): JsonValue {
  return {
    Version: policy.version,
    ...(policy.id === undefined ? {} : { Id: policy.id }),
    Statement: policy.statements.map(printStatement),
  }
}

function printStatement(statement: Statement): JsonObject {
  const { sid, effect, principal, action, resource, conditions } = statement
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(principal === undefined ? {} : { [principal.not ? 'NotPrincipal' : 'Principal']: printPrincipal(principal) }),
    ...printPatterns('Action', action),
    ...(resource === undefined ? {} : printPatterns('Resource', resource)),
    ...(conditions.length === 0 ? {} : { Condition: printConditions(conditions) }),
  }
}

function printPatterns(name: 'Action' | 'Resource', element: PatternElement): JsonObject {
  return { [element.not ? `Not${name}` : name]: [...element.patterns] }
}

function printPrincipal(element: PrincipalElement): JsonValue {
  if (element.kind === 'any') return '*'
  const byType = new Map<string, string[]>()
  for (const { type, value } of element.entries) byType.set(type, [...(byType.get(type) ?? []), value])
  return Object.fromEntries(byType)
}

function printConditions(conditions: readonly Condition[]): JsonObject {
  const operators = new Map<string, Map<string, readonly string[]>>()
  for (const { operator, key, values } of conditions) {
    const keys = operators.get(operator) ?? new Map<string, readonly string[]>()
    operators.set(operator, keys.set(key, values))
  }
  return Object.fromEntries([...operators].map(([operator, keys]) => [operator, Object.fromEntries(keys)]))
}
