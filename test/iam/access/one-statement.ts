import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { accessOf, type Case } from '../access-of.ts'

/** An Allow of one pull action for everybody, changed by `more`. */
export const allowing = (more: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action: 'ecr:BatchGetImage',
  Principal: '*',
  ...more,
})

/** The same under a condition, for everybody unless a principal is given. */
export const statement = (condition: JsonValue, principal: JsonValue = '*'): JsonObject =>
  allowing({ Principal: principal, Condition: condition })

/** The condition that one operator puts on one key. */
export const when = (operator: string, key: string, value: JsonValue): JsonObject => ({
  Condition: { [operator]: { [key]: value } },
})

/** Access under `allowing(more)` alone. */
export const accessTo = (more: JsonObject, given: Partial<Case> = {}) =>
  accessOf({ statements: [allowing(more)], ...given })

/** A grant by `allowing({})`, without whom it lets in. */
export const grant = {
  audience: 'external',
  accountId: undefined,
  wholeAccount: false,
  actions: ['ecr:BatchGetImage'],
  statement: { document: 'repository policy', position: 1, sid: undefined },
  uncertain: [],
  missing: [],
  narrowedBy: [],
  boundToSource: false,
}

/** Grants as `audience principal`, ` bound` and what is uncertain after it. */
export function grantsOf(statements: readonly JsonValue[], given: Partial<Case> = {}): readonly string[] {
  return accessOf({ statements, ...given }).grants.map(
    ({ audience, principal, boundToSource, uncertain }) =>
      `${audience} ${principal}${boundToSource ? ' bound' : ''}${uncertain.map((text) => `: ${text}`).join('')}`,
  )
}
