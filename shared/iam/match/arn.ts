import { compileGlob, hasWildcard, matchesGlob } from './wildcard.ts'

/** Splits at the first five colons; undefined when there are fewer. */
export function arnParts(text: string): readonly string[] | undefined {
  const parts = text.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/**
 * ArnLike: each of the six parts is matched on its own, so a `*` does not cross the first five colons.
 * A lone `*` matches every ARN. Undefined when the pattern is no ARN but holds wildcards: AWS does not say what that means.
 */
export function matchesArn(pattern: string, arn: string): boolean | undefined {
  if (pattern === '*') return true
  const wanted = arnParts(pattern)
  if (wanted === undefined) return hasWildcard(pattern) ? undefined : pattern === arn
  const actual = arnParts(arn)
  if (actual === undefined) return false
  return wanted.every((part, index) => matchesGlob(compileGlob(part), actual[index] ?? ''))
}
