import { compileGlob, type Glob, matchesGlob } from './wildcard.ts'

/** A pattern made ready for many texts: `*` any text, `?` one character. */
export type TextPattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly text: string }
  /** Only `*`: literal text between stars, found one after the other. */
  | { readonly kind: 'pieces'; readonly first: string; readonly inner: readonly string[]; readonly last: string }
  | { readonly kind: 'glob'; readonly glob: Glob }

/** Makes a pattern ready. The work is linear in its length. */
export function compileTextPattern(pattern: string): TextPattern {
  if (pattern.includes('?')) return { kind: 'glob', glob: compileGlob(pattern) }
  if (!pattern.includes('*')) return { kind: 'literal', text: pattern }
  const pieces = pattern.split('*')
  const first = pieces.shift() ?? ''
  const last = pieces.pop() ?? ''
  const inner = pieces.filter((piece) => piece !== '')
  return first === '' && last === '' && inner.length === 0 ? { kind: 'any' } : { kind: 'pieces', first, inner, last }
}

/** True when the text from `from` on matches the pattern as a whole. Case-sensitive. */
export function matchesTextPattern(pattern: TextPattern, text: string, from = 0): boolean {
  switch (pattern.kind) {
    case 'any':
      return true
    case 'literal':
      return text.length - from === pattern.text.length && text.startsWith(pattern.text, from)
    case 'pieces':
      return matchesPieces(pattern.first, pattern.inner, pattern.last, text, from)
    case 'glob':
      return matchesGlob(pattern.glob, from === 0 ? text : text.slice(from))
    default:
      return pattern satisfies never
  }
}

/** The leftmost place of each inner piece leaves most room for the next one, so nothing is tried twice. */
function matchesPieces(first: string, inner: readonly string[], last: string, text: string, from: number): boolean {
  const end = text.length - last.length
  let at = from + first.length
  if (at > end || !text.startsWith(first, from) || !text.endsWith(last)) return false
  for (const piece of inner) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
    if (at > end) return false
  }
  return true
}
