import type { PatternPart } from '../match/text-pattern.ts'
import type { ContextLookup } from './context.ts'
import type { ExpandedValue } from './family.ts'

/** A value taken apart once: text and variables. */
export type Template = readonly (PatternPart | Variable)[]

interface Variable {
  /** Name in lower case. */
  readonly name: string
  readonly fallback: string | undefined
}

/** Why a template has no text: a variable without a value, one with several, or one that is not known. */
export type Unexpanded = 'unresolved' | 'several' | 'unknown'

/** Keys in lower case that the variables of a value name. */
export function variableKeys(value: string): readonly string[] {
  return compileTemplate(value).flatMap((piece) => ('name' in piece ? [piece.name] : []))
}

/** Takes a value apart. */
export function compileTemplate(value: string): Template {
  const found: (PatternPart | Variable)[] = []
  let from = 0
  for (let open = value.indexOf('${'); open >= 0; open = value.indexOf('${', from)) {
    const close = value.indexOf('}', open)
    if (close < 0) break
    if (open > from) found.push({ text: value.slice(from, open), literal: false })
    found.push(variable(value.slice(open + 2, close)))
    from = close + 1
  }
  if (from < value.length) found.push({ text: value.slice(from), literal: false })
  return found
}

/** Fills in `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}`. */
export function expandTemplate(template: Template, context: ContextLookup): ExpandedValue | Unexpanded {
  const parts: PatternPart[] = []
  let whole = ''
  for (const piece of template) {
    const part = 'name' in piece ? resolve(piece, context) : piece
    if (typeof part === 'string') return part
    whole += part.text
    parts.push(part)
  }
  return { text: whole, parts }
}

/** As `expandTemplate`, for a value that is looked at once. */
export function expandValue(value: string, context: ContextLookup): ExpandedValue | Unexpanded {
  return expandTemplate(compileTemplate(value), context)
}

/** A value of a policy version without variables: taken as written. */
export function plainValue(value: string): ExpandedValue {
  return { text: value, parts: [{ text: value, literal: false }] }
}

function resolve({ name, fallback }: Variable, context: ContextLookup): PatternPart | Unexpanded {
  const actual = context.get(name) ?? { state: 'unknown' }
  if (actual.state === 'unknown') return 'unknown'
  const [value = fallback, ...others] = actual.state === 'present' ? actual.values : []
  if (others.length > 0) return 'several'
  return value === undefined ? 'unresolved' : { text: value, literal: true }
}

function variable(body: string): PatternPart | Variable {
  const comma = body.indexOf(',')
  const name = (comma < 0 ? body : body.slice(0, comma)).trim().toLowerCase()
  if (name === '*' || name === '?' || name === '$') return { text: name, literal: true }
  const quoted = comma < 0 ? '' : body.slice(comma + 1).trim()
  const isQuoted = quoted.startsWith("'") && quoted.endsWith("'") && quoted.length >= 2
  return { name, fallback: isQuoted ? quoted.slice(1, -1) : undefined }
}
