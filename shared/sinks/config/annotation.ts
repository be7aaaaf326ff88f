import { createHash } from 'node:crypto'

/** Longest annotation AWS Config takes, in UTF-16 units. */
const MAX_LENGTH = 256

/**
 * Text fit for an annotation: control characters and lone surrogates become spaces, length at most 256 UTF-16 units,
 * cut between code points. What is cut ends in a digest of the whole text, so that texts which differ behind the end are told apart.
 * Undefined when nothing is left, because AWS Config refuses an empty annotation.
 */
export function annotationOf(text: string): string | undefined {
  const clean = text
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  if (clean === '') return undefined
  if (clean.length <= MAX_LENGTH) return clean
  const digest = ` [${createHash('sha256').update(clean).digest('hex').slice(0, 6)}]`
  return cutText(clean, MAX_LENGTH - digest.length) + digest
}

/** At most `max` UTF-16 units; what is cut ends in `…`, never inside a code point. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  const end = max - 1
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`
}
