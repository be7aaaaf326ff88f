import type { OperatorFamily } from './family.ts'

/** Bool and BinaryEquals. */
export const boolOperators: OperatorFamily = new Map([
  ['bool', { test: (wanted, actual) => wanted.text.toLowerCase() === actual.toLowerCase(), negated: false }],
  ['binaryequals', { test: (wanted, actual) => wanted.text === actual, negated: false }],
])
