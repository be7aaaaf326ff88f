/** Part of a pattern: text in which `*` and `?` are wildcards, or (`literal`) text in which nothing is. */
export interface PatternPart {
  readonly text: string
  readonly literal: boolean
}

/** Characters that follow one another, and their place in a piece. */
interface Run {
  readonly text: string
  readonly at: number
}

/** What stands between two stars. Places that no run covers are `?`. */
interface Piece {
  readonly length: number
  readonly runs: readonly Run[]
}

/** A pattern made ready for many texts: `*` any text, `?` one character. */
export type TextPattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly text: string }
  /** Without a star: as many characters as the piece has. */
  | { readonly kind: 'fixed'; readonly piece: Piece }
  /** Pieces between stars. `least` counts the characters of all of them. */
  | {
      readonly kind: 'pieces'
      readonly first: Piece
      readonly inner: readonly Piece[]
      readonly last: Piece
      readonly least: number
    }

/** Makes text ready in which `*` and `?` are wildcards. The work is linear in its length. */
export function compileTextPattern(pattern: string): TextPattern {
  if (!pattern.includes('*') && !pattern.includes('?')) return { kind: 'literal', text: pattern }
  return compileParts([{ text: pattern, literal: false }])
}

/** Makes a pattern ready that was put together from parts. */
export function compileParts(parts: readonly PatternPart[]): TextPattern {
  const drafts: Draft[] = [newDraft()]
  for (const { text, literal } of parts) {
    if (literal) addText(drafts.at(-1) ?? newDraft(), text)
    else addWildcards(drafts, text)
  }
  const [first, ...inner] = drafts
  const last = inner.pop()
  if (first === undefined || last === undefined) return withoutStar(first ?? newDraft())
  const between = inner.filter(({ length }) => length > 0)
  const least = between.reduce((sum, { length }) => sum + length, first.length + last.length)
  return least === 0 ? { kind: 'any' } : { kind: 'pieces', first, inner: between, last, least }
}

interface Draft {
  length: number
  readonly runs: { text: string; readonly at: number }[]
}

function newDraft(): Draft {
  return { length: 0, runs: [] }
}

function addText(draft: Draft, text: string): void {
  if (text === '') return
  const latest = draft.runs.at(-1)
  if (latest !== undefined && latest.at + latest.text.length === draft.length) latest.text += text
  else draft.runs.push({ text, at: draft.length })
  draft.length += text.length
}

function addWildcards(drafts: Draft[], pattern: string): void {
  for (const [index, between] of pattern.split('*').entries()) {
    if (index > 0) drafts.push(newDraft())
    const draft = drafts.at(-1)
    if (draft === undefined) continue
    for (const [place, text] of between.split('?').entries()) {
      if (place > 0) draft.length += 1
      addText(draft, text)
    }
  }
}

function withoutStar(piece: Draft): TextPattern {
  const lone = piece.runs[0]?.text ?? ''
  return lone.length === piece.length ? { kind: 'literal', text: lone } : { kind: 'fixed', piece }
}

/** True when the text from `from` on matches the pattern as a whole. Case-sensitive. */
export function matchesTextPattern(pattern: TextPattern, text: string, from = 0): boolean {
  switch (pattern.kind) {
    case 'any':
      return true
    case 'literal':
      return text.length - from === pattern.text.length && text.startsWith(pattern.text, from)
    case 'fixed':
      return text.length - from === pattern.piece.length && standsAt(pattern.piece, text, from)
    case 'pieces':
      return matchesPieces(pattern, text, from)
    default:
      return pattern satisfies never
  }
}

/** True when what precedes the first star stands at the place; true for patterns without a star, which say more. */
export function beginsAt(pattern: TextPattern, text: string, from: number): boolean {
  return pattern.kind !== 'pieces' || standsAt(pattern.first, text, from)
}

type Pieces = Extract<TextPattern, { readonly kind: 'pieces' }>

/** The leftmost place of each inner piece leaves most room for the next one, so nothing is tried twice. */
function matchesPieces({ first, inner, last, least }: Pieces, text: string, from: number): boolean {
  if (text.length - from < least) return false
  const end = text.length - last.length
  if (!standsAt(first, text, from) || !standsAt(last, text, end)) return false
  let at = from + first.length
  for (const piece of inner) {
    const found = placeOf(piece, text, at)
    if (found < 0) return false
    at = found + piece.length
    if (at > end) return false
  }
  return true
}

function standsAt({ runs, length }: Piece, text: string, place: number): boolean {
  if (place + length > text.length) return false
  for (const run of runs) if (!text.startsWith(run.text, place + run.at)) return false
  return true
}

/** The first place from `from` on where the piece stands; negative when there is none. */
function placeOf(piece: Piece, text: string, from: number): number {
  const { runs, length } = piece
  const anchor = longest(runs)
  if (anchor === undefined) return from + length <= text.length ? from : -1
  for (let place = from; ; place += 1) {
    const found = text.indexOf(anchor.text, place + anchor.at)
    if (found < 0) return -1
    place = found - anchor.at
    if (runs.length === 1 || standsAt(piece, text, place)) return place + length <= text.length ? place : -1
  }
}

/** The longest run is the rarest; of two the later one. */
function longest(runs: readonly Run[]): Run | undefined {
  let found = runs[0]
  for (const run of runs) if (found === undefined || run.text.length >= found.text.length) found = run
  return found
}
