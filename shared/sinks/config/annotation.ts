/** Longest annotation AWS Config takes, in UTF-16 units. */
const MAX_LENGTH = 256

/**
 * Text fit for an annotation: control characters and lone surrogates become spaces, length at most 256 UTF-16 units,
 * cut between code points. Undefined when nothing is left, because AWS Config refuses an empty annotation.
 */
export function annotationOf(text: string): string | undefined {
  const clean = text
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return clean === '' ? undefined : cutText(clean, MAX_LENGTH)
}

/** At most `max` UTF-16 units; what is cut ends in `…`, never inside a code point. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  const end = max - 1
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`
}
