import { arnParts } from '../match/arn.ts'
import { anyCharacter, anyText, type Glob, matchesGlob } from '../match/wildcard.ts'
import { type ExpandedValue, type OperatorFamily, pair } from './family.ts'

const colon = ':'.charCodeAt(0)

/** ArnEquals and ArnLike mean the same: both match each of the six parts with wildcards. */
export const arnOperators: OperatorFamily = new Map([
  ...pair('arnequals', 'arnnotequals', matches),
  ...pair('arnlike', 'arnnotlike', matches),
])

function matches(wanted: ExpandedValue, actual: string): boolean | undefined {
  const { glob } = wanted
  if (glob.length === 1 && glob[0] === anyText) return true
  const patterns = splitParts(glob)
  // AWS does not say what a pattern with wildcards and fewer than six parts means.
  if (patterns.length < 6) {
    return glob.some((unit) => unit === anyText || unit === anyCharacter) ? undefined : wanted.text === actual
  }
  const parts = arnParts(actual)
  return parts?.every((part, index) => matchesGlob(patterns[index] ?? [], part)) ?? false
}

function splitParts(glob: Glob): readonly Glob[] {
  const parts: number[][] = [[]]
  for (const unit of glob) {
    if (unit === colon && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(unit)
  }
  return parts
}
