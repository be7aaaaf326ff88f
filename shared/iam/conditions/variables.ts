import { anyCharacter, anyText, compileGlob, type Glob, literalGlob, pushAnyText } from '../match/wildcard.ts'
import type { RequestContext } from './context.ts'
import type { ExpandedValue } from './family.ts'

type Piece = { readonly kind: 'text'; readonly text: string } | Variable

interface Variable {
  readonly kind: 'variable'
  /** Name in lower case, or one of the escapes `*`, `?`, `$`. */
  readonly name: string
  readonly fallback: string | undefined
}

/** Keys in lower case that the variables of a value name. */
export function variableKeys(value: string): readonly string[] {
  return pieces(value).flatMap((piece) => (piece.kind === 'variable' && !isEscape(piece.name) ? [piece.name] : []))
}

/** Fills in `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}`. A variable without a value or with several gives no text. */
export function expandValue(value: string, context: RequestContext): ExpandedValue | 'unresolved' | 'unknown' {
  const glob: number[] = []
  let text = ''
  for (const piece of pieces(value)) {
    const part = piece.kind === 'text' ? { text: piece.text, glob: compileGlob(piece.text) } : resolve(piece, context)
    if (part === 'unresolved' || part === 'unknown') return part
    text += part.text
    append(glob, part.glob)
  }
  return { text, glob }
}

/** A value of a policy version without variables: taken as written. */
export function plainValue(value: string): ExpandedValue {
  return { text: value, glob: compileGlob(value) }
}

function append(glob: number[], more: Glob): void {
  for (const unit of more) {
    if (unit === anyText) pushAnyText(glob)
    else glob.push(unit === anyCharacter ? anyCharacter : unit)
  }
}

function resolve(variable: Variable, context: RequestContext): ExpandedValue | 'unresolved' | 'unknown' {
  if (isEscape(variable.name)) return { text: variable.name, glob: literalGlob(variable.name) }
  const actual = context.get(variable.name) ?? { state: 'unknown' }
  if (actual.state === 'unknown') return 'unknown'
  const lone = actual.state === 'present' && actual.values.length === 1 ? actual.values[0] : variable.fallback
  return lone === undefined ? 'unresolved' : { text: lone, glob: literalGlob(lone) }
}

function isEscape(name: string): boolean {
  return name === '*' || name === '?' || name === '$'
}

function pieces(value: string): readonly Piece[] {
  const found: Piece[] = []
  let from = 0
  for (let open = value.indexOf('${'); open >= 0; open = value.indexOf('${', from)) {
    const close = value.indexOf('}', open)
    if (close < 0) break
    if (open > from) found.push({ kind: 'text', text: value.slice(from, open) })
    found.push(variable(value.slice(open + 2, close)))
    from = close + 1
  }
  if (from < value.length) found.push({ kind: 'text', text: value.slice(from) })
  return found
}

function variable(body: string): Variable {
  const comma = body.indexOf(',')
  if (comma < 0) return { kind: 'variable', name: body.trim().toLowerCase(), fallback: undefined }
  const quoted = body.slice(comma + 1).trim()
  const fallback =
    quoted.startsWith("'") && quoted.endsWith("'") && quoted.length >= 2 ? quoted.slice(1, -1) : undefined
  return { kind: 'variable', name: body.slice(0, comma).trim().toLowerCase(), fallback }
}
