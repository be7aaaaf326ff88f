import type { Condition } from '../policy/policy.ts'
import { allTrue, anyTrue, negate, type RequestContext, type Truth, unknownKey } from './context.ts'
import type { ExpandedValue, OperatorDefinition } from './family.ts'
import { type Operator, parseOperator } from './operator.ts'
import { expandValue, plainValue } from './variables.ts'

/** Whether `${…}` is a variable: it is in policies of version 2012-10-17 only. */
export interface ConditionOptions {
  readonly variables: boolean
}

/** Evaluates a whole Condition block: every operator and key must hold. */
export function evaluateConditions(
  block: readonly Condition[],
  context: RequestContext,
  options: ConditionOptions = { variables: true },
): Truth {
  return allTrue(block.map((condition) => evaluateCondition(condition, context, options)))
}

/** Evaluates one operator on one key. Unknown when the operator, the key or a variable is not known. */
export function evaluateCondition(
  condition: Condition,
  context: RequestContext,
  options: ConditionOptions = { variables: true },
): Truth {
  const { operator, key } = headOf(condition)
  const actual = context.get(key) ?? unknownKey
  if (operator === undefined || actual.state === 'unknown') return 'unknown'
  const values = actual.state === 'absent' ? [] : actual.values
  if (operator.definition === 'null') return presence(condition, values.length === 0)
  if (values.length === 0) return whenAbsent(operator, operator.definition)
  return whenPresent(operator, operator.definition, wantedValues(condition, context, options), values)
}

interface Head {
  readonly operator: Operator | undefined
  readonly key: string
}

const heads = new WeakMap<Condition, Head>()

/** Operator and key mean the same in every context: they are read once. */
function headOf(condition: Condition): Head {
  const before = heads.get(condition)
  if (before !== undefined) return before
  const head = { operator: parseOperator(condition.operator), key: condition.key.toLowerCase() }
  heads.set(condition, head)
  return head
}

const compiled = new WeakMap<Condition, readonly ExpandedValue[]>()

/** Values without variables mean the same in every context: they are compiled once. */
function wantedValues(condition: Condition, context: RequestContext, options: ConditionOptions): readonly Wanted[] {
  if (options.variables && condition.values.some((value) => value.includes('${'))) {
    return condition.values.map((value) => expandValue(value, context))
  }
  const before = compiled.get(condition)
  if (before !== undefined) return before
  const values = condition.values.map(plainValue)
  compiled.set(condition, values)
  return values
}

function presence(condition: Condition, isAbsent: boolean): Truth {
  return condition.values.some((value) => value.toLowerCase() === String(isAbsent)) ? 'true' : 'false'
}

function whenAbsent(operator: Operator, definition: OperatorDefinition): Truth {
  if (operator.set === 'all') return 'true'
  if (operator.set === 'any') return operator.ifExists ? 'true' : 'false'
  return operator.ifExists || definition.negated ? 'true' : 'false'
}

type Wanted = ExpandedValue | 'unresolved' | 'unknown'

function whenPresent(
  operator: Operator,
  definition: OperatorDefinition,
  wanted: readonly Wanted[],
  values: readonly string[],
): Truth {
  const each = values.map((actual) => {
    const matched = anyTrue(wanted.map((value) => compare(definition, value, actual)))
    return definition.negated ? negate(matched) : matched
  })
  if (operator.set === 'all') return allTrue(each)
  // Without a set operator a negated test must hold for every value, a positive one for some value.
  return operator.set === undefined && definition.negated ? allTrue(each) : anyTrue(each)
}

function compare(definition: OperatorDefinition, wanted: Wanted, actual: string): Truth {
  if (wanted === 'unknown') return 'unknown'
  // What a negated operator makes of a variable without a value is not documented.
  if (wanted === 'unresolved') return definition.negated ? 'unknown' : 'false'
  const matched = definition.test(wanted, actual)
  return matched === undefined ? 'unknown' : matched ? 'true' : 'false'
}
