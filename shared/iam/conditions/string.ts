import { matchesGlob } from '../match/wildcard.ts'
import { type OperatorFamily, pair } from './family.ts'

/** StringEquals, StringLike and their kin. Only StringLike has wildcards. */
export const stringOperators: OperatorFamily = new Map([
  ...pair('stringequals', 'stringnotequals', (wanted, actual) => wanted.text === actual),
  ...pair(
    'stringequalsignorecase',
    'stringnotequalsignorecase',
    (wanted, actual) => wanted.text.toLowerCase() === actual.toLowerCase(),
  ),
  ...pair('stringlike', 'stringnotlike', (wanted, actual) => matchesGlob(wanted.glob, actual)),
])
