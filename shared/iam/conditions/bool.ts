import { equal, type OperatorFamily } from './family.ts'

/** Bool and BinaryEquals. */
export const boolOperators: OperatorFamily = new Map([
  ['bool', { prepare: equal((text) => text.toLowerCase()), negated: false }],
  ['binaryequals', { prepare: equal((text) => text), negated: false }],
])
