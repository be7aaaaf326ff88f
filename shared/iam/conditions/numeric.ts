import { type OperatorDefinition, type OperatorFamily, pair } from './family.ts'

/** A comparison of two numbers or points in time. NaN compares false, so unreadable values never match. */
export function ordered(
  read: (text: string) => number,
  compare: (actual: number, wanted: number) => boolean,
): OperatorDefinition {
  return { test: (wanted, actual) => compare(read(actual), read(wanted.text)), negated: false }
}

function readNumber(text: string): number {
  return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN
}

/** NumericEquals, NumericLessThan and their kin. */
export const numericOperators: OperatorFamily = new Map([
  ...pair('numericequals', 'numericnotequals', (wanted, actual) => readNumber(wanted.text) === readNumber(actual)),
  ['numericlessthan', ordered(readNumber, (a, w) => a < w)],
  ['numericlessthanequals', ordered(readNumber, (a, w) => a <= w)],
  ['numericgreaterthan', ordered(readNumber, (a, w) => a > w)],
  ['numericgreaterthanequals', ordered(readNumber, (a, w) => a >= w)],
])
