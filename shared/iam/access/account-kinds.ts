import { anyCharacter, anyText, type Glob } from '../match/wildcard.ts'

/** A pattern, read at the place where a text that it may match holds an account id. */
export interface AccountPattern {
  readonly glob: Glob
  /** What stands before the account id. */
  readonly before: string
  /** What comes next; undefined where the account id ends the text. */
  readonly after: string | undefined
}

/** Account ids of which each stands for all that every pattern judges alike. */
export interface AccountKinds {
  readonly accounts: readonly string[]
  /** False when finding them all took too many steps. */
  readonly complete: boolean
}

/** A pattern that may still match, with the places of its glob that the text so far may have come to. */
interface Live {
  readonly pattern: AccountPattern
  readonly at: readonly number[]
  readonly name: string
  /** What each character makes of it, as far as somebody asked; undefined when the pattern then cannot match. */
  readonly next: Map<number, Live | undefined>
}

/** Patterns by what sets them apart in a search. */
type States = Map<string, Live>

const digits = 12
const ten = [...'0123456789']
const mostSteps = 100_000

/**
 * One account id of each kind, also of the kind that no pattern matches; none that is taken. All account ids are walked
 * through digit by digit, in the order of the preferred one. Digits no pattern asks for at a place are one, and what led
 * to the same places is looked at once.
 */
export function kindsOfAccounts(
  patterns: readonly AccountPattern[],
  isTaken: (account: string) => boolean,
  preferred: string,
): AccountKinds {
  const states: States = new Map()
  const accounts: string[] = []
  const done = new Set<string>()
  let left = mostSteps
  /** Whether each kind from here on has its account. Not deeper than an account id is long. */
  const walk = (prefix: string, live: readonly Live[]): boolean => {
    const isWhole = prefix.length === digits
    const key = `${prefix.length} ${isWhole ? live.flatMap((one) => ended(one, states)).join() : live.map(({ name }) => name).join()}`
    left -= live.length + 10
    if (done.has(key)) return true
    if (left <= 0 || (isWhole && isTaken(prefix))) return false
    if (isWhole) accounts.push(prefix)
    const groups = isWhole ? [] : alike(live, preferred[prefix.length] ?? '0')
    const found = groups.map((group) => group.some((digit) => walk(prefix + digit, movedBy(live, digit, states))))
    const isDone = found.every(Boolean)
    if (isDone) done.add(key)
    return isDone
  }
  const start = patterns.map((pattern, index) => stateOf(pattern, [0], `${index}`, states))
  walk(
    '',
    start.flatMap((one) => movedOver(one, one.pattern.before, states) ?? []),
  )
  return { accounts, complete: left > 0 }
}

/** What sets the account apart at its end: that a pattern matches, or the places it goes on from. */
function ended(one: Live, states: States): readonly string[] {
  const { glob, after } = one.pattern
  if (after !== undefined) return [movedOver(one, after, states)?.name ?? '']
  return one.at.includes(glob.length) ? [one.name.slice(0, one.name.indexOf(':'))] : []
}

/** The digits in groups that all patterns take alike, the one with the preferred digit first, and that first in it. */
function alike(live: readonly Live[], preferred: string): readonly (readonly string[])[] {
  const asked = new Set(live.flatMap(({ pattern, at }) => at.map((place) => pattern.glob[place])))
  const ordered = [preferred, ...ten.filter((digit) => digit !== preferred)]
  const isAsked = (digit: string) => asked.has(digit.charCodeAt(0))
  const rest = ordered.filter((digit) => !isAsked(digit))
  const single = ordered.filter(isAsked).map((digit) => [digit])
  if (rest.length === 0) return single
  return isAsked(preferred) ? [...single, rest] : [rest, ...single]
}

function movedOver(from: Live, text: string, states: States): Live | undefined {
  let one: Live | undefined = from
  for (const character of text) one = one && moved(one, character.charCodeAt(0), states)
  return one
}

/** The patterns that may still match after one more character. */
function movedBy(live: readonly Live[], character: string, states: States): readonly Live[] {
  const unit = character.charCodeAt(0)
  return live.flatMap((one) => moved(one, unit, states) ?? [])
}

function moved(one: Live, unit: number, states: States): Live | undefined {
  if (one.next.has(unit)) return one.next.get(unit)
  const { pattern, at, name } = one
  const places = at.flatMap((place) => {
    const wanted = pattern.glob[place]
    if (wanted === anyText) return [place]
    return wanted === anyCharacter || wanted === unit ? [place + 1] : []
  })
  const next = places.length === 0 ? undefined : stateOf(pattern, places, name.slice(0, name.indexOf(':')), states)
  one.next.set(unit, next)
  return next
}

function stateOf(pattern: AccountPattern, places: readonly number[], index: string, states: States): Live {
  const at = placed(pattern.glob, places)
  const name = `${index}:${at.join('.')}`
  const state = states.get(name) ?? { pattern, at, name, next: new Map() }
  states.set(name, state)
  return state
}

/** Places with those behind a star, in order; a star leaves nothing to the places before it. */
function placed(glob: Glob, places: readonly number[]): readonly number[] {
  const all = new Set(places.flatMap((place) => (glob[place] === anyText ? [place, place + 1] : [place])))
  const star = [...all].reduce((last, place) => (glob[place] === anyText ? Math.max(last, place) : last), 0)
  return [...all].filter((place) => place >= star).sort((a, b) => a - b)
}
