import { anyText, type Glob, matchesGlob as matches } from '../iam/match/wildcard.ts'

/** True when `text` matches a pattern of ECR's own filters: `*` is any text, and unlike in IAM `?` is only a question mark. */
export function matchesGlob(pattern: string, text: string): boolean {
  return matches(compile(pattern), text)
}

/**
 * True when everything the pattern `inner` matches is matched by `outer` too. A star of the inner pattern is compared as an
 * ordinary character, so only a star of the outer one can swallow it.
 */
export function coversGlob(outer: string, inner: string): boolean {
  return matchesGlob(outer, inner)
}

function compile(pattern: string): Glob {
  return Array.from({ length: pattern.length }, (_, index) =>
    pattern[index] === '*' ? anyText : pattern.charCodeAt(index),
  )
}
