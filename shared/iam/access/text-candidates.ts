import { readDate } from '../conditions/date.ts'
import { commonMatch } from '../match/overlap.ts'
import { hasWildcard, matchesWildcard } from '../match/wildcard.ts'

/** A text that policies do not mention. */
export const freshText = 'zz-fresh-zz'
const otherText = 'Kk4'

const maximumPairs = 256
const maximumCells = 200_000
const remembered = new WeakMap<readonly string[], Texts>()

/** Texts to try. Unless complete, there were too many to find them all, and what matches may be missing. */
export interface Texts {
  readonly texts: readonly string[]
  readonly complete: boolean
}

/**
 * Texts worth trying for a key whose value the caller chooses: one not mentioned, each literal, each pattern
 * filled in twice, texts that match two patterns at once, and the neighbours of numbers and dates.
 */
export function textCandidates(values: readonly string[]): Texts {
  const before = remembered.get(values)
  if (before !== undefined) return before
  const found = gather(values)
  remembered.set(values, found)
  return found
}

function gather(values: readonly string[]): Texts {
  const patterns = values.filter(hasWildcard)
  const common = cross(patterns.flatMap((a, index) => patterns.slice(index + 1).map((b) => [a, b] as const)))
  const texts = new Set([
    ...freshTexts(values),
    ...values,
    ...patterns.flatMap((pattern) => [fill(pattern, ''), fill(pattern, freshText)]),
    ...common.texts,
    ...values.flatMap(neighbours),
  ])
  return { texts: [...texts], complete: common.complete }
}

/** A text that policies do not mention, made to fit; another one as well where some pattern matches the first alone. */
export function freshTexts(
  values: readonly string[],
  fitted: (text: string) => string = (text) => text,
): readonly string[] {
  const [first, other] = [fitted(freshText), fitted(otherText)]
  const tellsApart = (value: string) =>
    hasWildcard(value) && matchesWildcard(value, first) && !matchesWildcard(value, other)
  return values.some(tellsApart) ? [first, other] : [first]
}

/** Texts that match one pattern of each list. */
export function crossed(left: readonly string[], right: readonly string[]): Texts {
  return cross(left.flatMap((a) => right.map((b) => [a, b] as const)))
}

function cross(pairs: readonly (readonly [string, string])[]): Texts {
  const texts: string[] = []
  let complete = pairs.length <= maximumPairs
  let cells = 0
  for (const [a, b] of pairs.slice(0, maximumPairs)) {
    cells += (a.length + 1) * (b.length + 1)
    if (cells > maximumCells) return { texts, complete: false }
    const common = commonMatch(a, b)
    if (common === 'too long') complete = false
    else if (common !== undefined) texts.push(common.text)
  }
  return { texts, complete }
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
