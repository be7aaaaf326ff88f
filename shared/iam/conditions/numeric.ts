import { compared, type OperatorDefinition, type OperatorFamily, type Prepare, pair } from './family.ts'

/** A number, NaN for text that is none, undefined for a spelling whose meaning is not documented. */
export type Read = (text: string) => number | undefined

/** A comparison of two numbers or points in time. NaN compares false, so unreadable values never match. */
export function numbers(read: Read, compare: (actual: number, wanted: number) => boolean): Prepare {
  return compared(
    read,
    ({ text }) => read(text),
    (wanted, actual) => (wanted === undefined || actual === undefined ? undefined : compare(actual, wanted)),
  )
}

/** Less-than and its kin, which have no negated twins. */
export function ordered(read: Read, compare: (actual: number, wanted: number) => boolean): OperatorDefinition {
  return { prepare: numbers(read, compare), negated: false }
}

/** Digits, with a sign and a fraction if need be. AWS speaks of integers and decimals; of `3e2`, `.5` or `0x10` it says nothing. */
function readNumber(text: string): number | undefined {
  const plain = text.trim()
  if (/^[-+]?\d+(\.\d+)?$/.test(plain)) return Number(plain)
  return plain !== '' && Number.isFinite(Number(plain)) ? undefined : Number.NaN
}

/** NumericEquals, NumericLessThan and their kin. */
export const numericOperators: OperatorFamily = new Map([
  ...pair(
    'numericequals',
    'numericnotequals',
    numbers(readNumber, (a, w) => a === w),
  ),
  ['numericlessthan', ordered(readNumber, (a, w) => a < w)],
  ['numericlessthanequals', ordered(readNumber, (a, w) => a <= w)],
  ['numericgreaterthan', ordered(readNumber, (a, w) => a > w)],
  ['numericgreaterthanequals', ordered(readNumber, (a, w) => a >= w)],
])
