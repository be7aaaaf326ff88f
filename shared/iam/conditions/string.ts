import { compileParts, matchesTextPattern } from '../match/text-pattern.ts'
import { compared, equal, type OperatorFamily, pair, withVariables } from './family.ts'

/** StringEquals, StringLike and their kin. Only StringLike has wildcards. */
export const stringOperators: OperatorFamily = withVariables([
  ...pair(
    'stringequals',
    'stringnotequals',
    equal((text) => text),
  ),
  ...pair(
    'stringequalsignorecase',
    'stringnotequalsignorecase',
    equal((text) => text.toLowerCase()),
  ),
  ...pair(
    'stringlike',
    'stringnotlike',
    compared(
      (actual) => actual,
      ({ parts }) => compileParts(parts),
      matchesTextPattern,
    ),
  ),
])
