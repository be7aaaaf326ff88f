import type { Condition } from '../policy/policy.ts'
import { allTrue, type ContextLookup, negate, type Truth, unknownKey } from './context.ts'
import type { ExpandedValue, OperatorDefinition, ValueTest } from './family.ts'
import { type Operator, parseOperator } from './operator.ts'
import { compileTemplate, expandTemplate, plainValue, type Template } from './variables.ts'

/** Whether `${…}` is a variable: it is in policies of version 2012-10-17 only. */
export interface ConditionOptions {
  readonly variables: boolean
}

/** A condition made ready for many requests. */
export type PreparedCondition = (context: ContextLookup) => Truth

/** Evaluates a whole Condition block: every operator and key must hold. */
export function evaluateConditions(
  block: readonly Condition[],
  context: ContextLookup,
  options: ConditionOptions = { variables: true },
): Truth {
  return allTrue(block.map((condition) => evaluateCondition(condition, context, options)))
}

/** Evaluates one operator on one key. Unknown when the operator, the key or a variable is not known. */
export function evaluateCondition(
  condition: Condition,
  context: ContextLookup,
  options: ConditionOptions = { variables: true },
): Truth {
  return preparedCondition(condition, options.variables)(context)
}

const prepared = new WeakMap<Condition, PreparedCondition>()
const preparedPlain = new WeakMap<Condition, PreparedCondition>()

/** Makes a condition ready, once. */
export function preparedCondition(condition: Condition, variables: boolean): PreparedCondition {
  const memory = variables ? prepared : preparedPlain
  const before = memory.get(condition)
  if (before !== undefined) return before
  const made = prepare(condition, variables)
  memory.set(condition, made)
  return made
}

function prepare({ operator: written, key: name, values: wanted }: Condition, variables: boolean): PreparedCondition {
  const operator = parseOperator(written)
  const key = name.toLowerCase()
  if (operator === undefined) return () => 'unknown'
  const { definition } = operator
  const test = definition === 'null' ? undefined : preparedTest(definition, [...new Set(wanted)], variables)
  return (context) => {
    const actual = context.get(key) ?? unknownKey
    if (actual.state === 'unknown') return 'unknown'
    const values = actual.state === 'absent' ? [] : actual.values
    if (definition === 'null' || test === undefined) return presence(wanted, values.length === 0)
    if (values.length === 0) return whenAbsent(operator, definition)
    // As AWS documents, to a set operator values that are empty are no values; IfExists asks for the key, which is there.
    if (operator.set !== undefined && values.every((value) => value === ''))
      return operator.set === 'all' ? 'true' : 'false'
    return whenPresent(operator, definition, test(context), values)
  }
}

/** Values without variables mean the same in every context: they are made ready once. */
function preparedTest(
  definition: OperatorDefinition,
  wanted: readonly string[],
  variables: boolean,
): (context: ContextLookup) => ValueTest {
  if (variables && definition.takesVariables === true && wanted.some((value) => value.includes('${'))) {
    const templates = wanted.map(compileTemplate)
    return (context) => filledTest(definition, templates, context)
  }
  const test = definition.prepare(wanted.map(plainValue))
  return () => test
}

/**
 * A variable without a value equals nothing, and what it is compared with is therefore unequal to it. Of a variable with
 * several values nothing is documented: it matches nothing, and whether a negated operator holds is not known.
 */
function filledTest(definition: OperatorDefinition, templates: readonly Template[], context: ContextLookup): ValueTest {
  const values: ExpandedValue[] = []
  let isOpen = false
  for (const template of templates) {
    const value = expandTemplate(template, context)
    if (typeof value !== 'string') values.push(value)
    else if (value === 'unknown' || (value === 'several' && definition.negated)) isOpen = true
  }
  const test = definition.prepare(values)
  return isOpen ? (actual) => (test(actual) === 'true' ? 'true' : 'unknown') : test
}

function presence(wanted: readonly string[], isAbsent: boolean): Truth {
  return wanted.some((value) => value.toLowerCase() === String(isAbsent)) ? 'true' : 'false'
}

function whenAbsent(operator: Operator, definition: OperatorDefinition): Truth {
  if (operator.set === 'all') return 'true'
  if (operator.set === 'any') return operator.ifExists ? 'true' : 'false'
  return operator.ifExists || definition.negated ? 'true' : 'false'
}

function whenPresent(
  operator: Operator,
  { negated }: OperatorDefinition,
  test: ValueTest,
  values: readonly string[],
): Truth {
  // Without a set operator a negated test must hold for every value, a positive one for some value.
  const isForAll = operator.set === 'all' || (operator.set === undefined && negated)
  const decisive: Truth = isForAll ? 'false' : 'true'
  let answer: Truth = isForAll ? 'true' : 'false'
  for (const value of values) {
    const matched = negated ? negate(test(value)) : test(value)
    if (matched === decisive) return decisive
    if (matched === 'unknown') answer = 'unknown'
  }
  return answer
}
