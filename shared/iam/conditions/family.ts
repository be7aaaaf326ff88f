import type { Glob } from '../match/wildcard.ts'

/** A condition value after policy variables were filled in. */
export interface ExpandedValue {
  /** Plain text: what operators without wildcards compare. */
  readonly text: string
  /** The same with `*` and `?` of the policy as wildcards, and those that came from variables as characters. */
  readonly glob: Glob
}

/** Compares one value of the policy with one of the request; undefined when the meaning is not known. */
export type ValueTest = (wanted: ExpandedValue, actual: string) => boolean | undefined

/** An operator without its prefix and suffix. Negated operators hold the test of their positive twin. */
export interface OperatorDefinition {
  readonly test: ValueTest
  readonly negated: boolean
}

/** Operators of one family by lower-case name. */
export type OperatorFamily = ReadonlyMap<string, OperatorDefinition>

/** A positive operator and its negated twin. */
export function pair(positive: string, negative: string, test: ValueTest): [string, OperatorDefinition][] {
  return [
    [positive, { test, negated: false }],
    [negative, { test, negated: true }],
  ]
}
