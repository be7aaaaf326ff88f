import type { JsonObject } from '../../shared/model/json.ts'
import type { PrintedPolicies } from './request.ts'
import type { PolicyStatement } from './statements.ts'

/** Characters IAM takes in a managed policy, white space not counted. */
export const managedPolicyLimit = 6_144

/** The statements as an IAM policy document. */
export function policyDocument(statements: readonly PolicyStatement[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements.map(statementDocument) }
}

/** The document as JSON; a list of documents when one managed policy does not hold all. */
export function policyJson(statements: readonly PolicyStatement[]): PrintedPolicies {
  const documents = managedPolicies(statements).map(policyDocument)
  const [only] = documents
  return { text: `${JSON.stringify(documents.length === 1 ? only : documents, null, 2)}\n`, policies: documents.length }
}

/** One statement in IAM's grammar. */
export function statementDocument({ sid, effect, actions, resources, equals }: PolicyStatement): JsonObject {
  return {
    Sid: sid,
    Effect: effect,
    Action: [...actions],
    Resource: [...resources],
    ...(equals === undefined ? {} : { Condition: { StringEquals: Object.fromEntries(equals) } }),
  }
}

/**
 * The statements in as few groups as fit, in order, one managed policy each. Text that a template language substitutes is
 * longer than what takes its place, so a group never grows beyond the limit. A statement that alone is too long stands alone.
 */
export function managedPolicies(
  statements: readonly PolicyStatement[],
  limit = managedPolicyLimit,
): readonly (readonly PolicyStatement[])[] {
  const groups: PolicyStatement[][] = []
  for (const statement of statements) {
    const last = groups.at(-1)
    if (last !== undefined && lengthOf([...last, statement]) <= limit) last.push(statement)
    else groups.push([statement])
  }
  return groups
}

function lengthOf(statements: readonly PolicyStatement[]): number {
  return JSON.stringify(policyDocument(statements)).replace(/\s/g, '').length
}
