import { type OperatorFamily, pair } from './family.ts'
import { numbers, ordered } from './numeric.ts'

const isoDate = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/

/** Milliseconds since 1970 of an ISO 8601 date or of epoch seconds; NaN when the text is neither. */
export function readDate(text: string): number {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!isoDate.test(text)) return Number.NaN
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
  return Date.parse(text.includes('T') && !hasZone ? `${text}Z` : text)
}

/** DateEquals, DateLessThan and their kin. */
export const dateOperators: OperatorFamily = new Map([
  ...pair(
    'dateequals',
    'datenotequals',
    numbers(readDate, (a, w) => a === w),
  ),
  ['datelessthan', ordered(readDate, (a, w) => a < w)],
  ['datelessthanequals', ordered(readDate, (a, w) => a <= w)],
  ['dategreaterthan', ordered(readDate, (a, w) => a > w)],
  ['dategreaterthanequals', ordered(readDate, (a, w) => a >= w)],
])
