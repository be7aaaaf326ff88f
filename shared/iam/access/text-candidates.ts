import { readDate } from '../conditions/date.ts'
import { commonMatch } from '../match/overlap.ts'
import { hasWildcard } from '../match/wildcard.ts'

/** A text that policies do not mention. */
export const freshText = 'zz-fresh-zz'

const maximumCrossed = 8
const remembered = new WeakMap<readonly string[], readonly string[]>()

/**
 * Texts worth trying for a key whose value the caller chooses: one not mentioned, each literal, each pattern
 * filled in twice, texts that match two patterns at once, and the neighbours of numbers and dates.
 */
export function textCandidates(values: readonly string[]): readonly string[] {
  const before = remembered.get(values)
  if (before !== undefined) return before
  const found = gather(values)
  remembered.set(values, found)
  return found
}

function gather(values: readonly string[]): readonly string[] {
  const patterns = values.filter(hasWildcard)
  return [
    ...new Set([
      freshText,
      ...values,
      ...patterns.flatMap((pattern) => [fill(pattern, ''), fill(pattern, freshText)]),
      ...crossed(patterns, patterns),
      ...values.flatMap(neighbours),
    ]),
  ]
}

/** Texts that match one pattern of each list. */
export function crossed(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.slice(0, maximumCrossed).flatMap((a) =>
    right.slice(0, maximumCrossed).flatMap((b) => {
      const common = commonMatch(a, b)
      return common === undefined || common === 'too long' ? [] : [common.text]
    }),
  )
}

/** Replaces the wildcards of a pattern. */
export function fill(pattern: string, star: string): string {
  return pattern.replaceAll('*', star).replaceAll('?', 'x')
}

function neighbours(value: string): readonly string[] {
  if (/^[-+]?\d{1,15}$/.test(value)) return [String(Number(value) - 1), String(Number(value) + 1)]
  const time = readDate(value)
  return Number.isNaN(time) || Math.abs(time) > 8e15
    ? []
    : [new Date(time - 1000).toISOString(), new Date(time + 1000).toISOString()]
}
