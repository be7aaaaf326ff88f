import type { PatternPart } from '../match/text-pattern.ts'
import type { Truth } from './context.ts'

/** A condition value after policy variables were filled in. */
export interface ExpandedValue {
  /** Plain text: what operators without wildcards compare. */
  readonly text: string
  /** The same with `*` and `?` of the policy as wildcards, and those that came from variables as characters. */
  readonly parts: readonly PatternPart[]
}

/** Whether a value of the request matches any of the values of the policy; unknown when the meaning is not known. */
export type ValueTest = (actual: string) => Truth

/** Makes the values of the policy ready for many requests. */
export type Prepare = (wanted: readonly ExpandedValue[]) => ValueTest

/** An operator without its prefix and suffix. Negated operators hold the test of their positive twin. */
export interface OperatorDefinition {
  readonly prepare: Prepare
  readonly negated: boolean
  /** Whether `${…}` is a variable: AWS fills them in for String and Arn operators, and takes them as written elsewhere. */
  readonly takesVariables?: true
}

/** Operators of one family by lower-case name. */
export type OperatorFamily = ReadonlyMap<string, OperatorDefinition>

/** A positive operator and its negated twin. */
export function pair(positive: string, negative: string, prepare: Prepare): [string, OperatorDefinition][] {
  return [
    [positive, { prepare, negated: false }],
    [negative, { prepare, negated: true }],
  ]
}

/** Operators whose values may hold variables. */
export function withVariables(operators: readonly (readonly [string, OperatorDefinition])[]): OperatorFamily {
  return new Map(operators.map(([name, definition]) => [name, { ...definition, takesVariables: true }]))
}

/** Compares texts that are equal after `form` gave both the same form. */
export function equal(form: (text: string) => string): Prepare {
  return (wanted) => {
    const texts = new Set(wanted.map(({ text }) => form(text)))
    return (actual) => (texts.has(form(actual)) ? 'true' : 'false')
  }
}

/**
 * Reads the value of the request once and the values of the policy once, and compares each pair; `test` gives undefined
 * when the meaning is not known.
 */
export function compared<A, W>(
  read: (actual: string) => A,
  compile: (wanted: ExpandedValue) => W,
  test: (wanted: W, actual: A) => boolean | undefined,
): Prepare {
  return (wanted) => {
    const ready = wanted.map(compile)
    return (text) => {
      const actual = read(text)
      let isOpen = false
      for (const one of ready) {
        const matched = test(one, actual)
        if (matched === true) return 'true'
        isOpen ||= matched === undefined
      }
      return isOpen ? 'unknown' : 'false'
    }
  }
}
