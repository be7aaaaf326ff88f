import { arnParts, fieldsOfParts } from '../match/arn.ts'
import { compileParts, matchesTextPattern, type TextPattern } from '../match/text-pattern.ts'
import { compared, type ExpandedValue, type OperatorFamily, pair, withVariables } from './family.ts'

interface ActualArn {
  readonly text: string
  readonly parts: readonly string[] | undefined
}

interface WantedArn {
  readonly whole: TextPattern
  /** Undefined for text with fewer than six parts. */
  readonly parts: readonly TextPattern[] | undefined
}

const arns = compared(read, compile, matches)

/** ArnEquals and ArnLike mean the same: both match each of the six parts with wildcards. */
export const arnOperators: OperatorFamily = withVariables([
  ...pair('arnequals', 'arnnotequals', arns),
  ...pair('arnlike', 'arnnotlike', arns),
])

function read(text: string): ActualArn {
  return { text, parts: arnParts(text) }
}

function compile({ parts }: ExpandedValue): WantedArn {
  const fields = fieldsOfParts(parts, 5)
  return { whole: compileParts(parts), parts: fields.length < 6 ? undefined : fields.map(compileParts) }
}

function matches(wanted: WantedArn, actual: ActualArn): boolean | undefined {
  if (wanted.whole.kind === 'any') return true
  // AWS does not say what a pattern with wildcards and fewer than six parts means.
  if (wanted.parts === undefined) return wanted.whole.kind === 'literal' ? wanted.whole.text === actual.text : undefined
  if (actual.parts === undefined) return false
  for (const [index, part] of actual.parts.entries()) {
    const pattern = wanted.parts[index]
    if (pattern === undefined || !matchesTextPattern(pattern, part)) return false
  }
  return true
}
