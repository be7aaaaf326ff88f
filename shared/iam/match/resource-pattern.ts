import { compileTextPattern, matchesTextPattern, type TextPattern } from './text-pattern.ts'
import { anyText, compileGlob, type Glob, hasWildcard, matchesGlob } from './wildcard.ts'

const colon = ':'.charCodeAt(0)
/** Fields before the resource part of an ARN. */
const headFields = 5

/** A pattern of Resource or NotResource without variables, made ready for many ARNs. */
export type ResourcePattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly text: string }
  /** The first five fields hold no wildcard. */
  | { readonly kind: 'tail'; readonly head: string; readonly tail: TextPattern }
  | { readonly kind: 'fields'; readonly head: readonly Glob[]; readonly tail: Glob | undefined }

/** Makes a pattern ready. */
export function compileResourcePattern(pattern: string): ResourcePattern {
  const headEnd = endOfHead(pattern)
  if (/^\*+$/.test(pattern)) return { kind: 'any' }
  if (headEnd < 0)
    return hasWildcard(pattern) || pattern.startsWith('arn:')
      ? byFields(compileGlob(pattern))
      : { kind: 'literal', text: pattern }
  if (!hasWildcard(pattern)) return { kind: 'literal', text: pattern }
  const head = pattern.slice(0, headEnd)
  return hasWildcard(head)
    ? byFields(compileGlob(pattern))
    : { kind: 'tail', head, tail: compileTextPattern(pattern.slice(headEnd)) }
}

/** As `compileResourcePattern`, for a pattern whose variables were filled in. */
export function compileResourceGlob(glob: Glob): ResourcePattern {
  return glob.length === 1 && glob[0] === anyText ? { kind: 'any' } : byFields(glob)
}

/**
 * True when the pattern covers the ARN. In the first five fields `*` and `?` stay within their field, except for a `*`
 * that ends one: it may run on over the colon. A pattern with fewer than six fields covers whatever the missing ones hold.
 * `*` as the resource (actions without resource-level permissions) is covered by patterns of stars only.
 */
export function coversResource(pattern: ResourcePattern, arn: string): boolean {
  if (pattern.kind === 'any') return true
  if (arn === '*') return false
  switch (pattern.kind) {
    case 'literal':
      return pattern.text === arn
    case 'tail':
      return arn.startsWith(pattern.head) && matchesTextPattern(pattern.tail, arn, pattern.head.length)
    case 'fields':
      return matchesFields(pattern.head, pattern.tail, arn)
    default:
      return pattern satisfies never
  }
}

function endOfHead(pattern: string): number {
  let at = -1
  for (let field = 0; field < headFields; field += 1) {
    at = pattern.indexOf(':', at + 1)
    if (at < 0) return -1
  }
  return at + 1
}

function byFields(glob: Glob): ResourcePattern {
  const fields: number[][] = [[]]
  for (const unit of glob) {
    if (unit === colon && fields.length <= headFields) fields.push([])
    else fields.at(-1)?.push(unit)
  }
  return { kind: 'fields', head: fields.slice(0, headFields), tail: fields[headFields] }
}

/** Positions in the ARN after n fields of the pattern, advanced field by field: every (field, position) is visited once. */
function matchesFields(head: readonly Glob[], tail: Glob | undefined, arn: string): boolean {
  const starts = fieldStarts(arn)
  let positions: readonly number[] = [0]
  for (const [index, field] of head.entries()) {
    const isLast = tail === undefined && index === head.length - 1
    if (isLast && endsHere(field, arn, starts, positions, head.length)) return true
    positions = advance(field, arn, starts, positions)
    if (positions.length === 0) return false
  }
  return tail !== undefined && matchesRest(tail, arn, starts, positions)
}

/** The last field of a short pattern: it takes the rest, or the missing fields follow it. */
function endsHere(
  field: Glob,
  arn: string,
  starts: readonly number[],
  positions: readonly number[],
  fields: number,
): boolean {
  if (matchesRest(field, arn, starts, positions)) return true
  if (fields < 3) return false
  return positions.some((at) => at + 1 < starts.length && matchesGlob(field, textOfField(arn, starts, at)))
}

/** A pattern that begins with a star and fails on the longest text fails on the shorter ones. */
function matchesRest(glob: Glob, arn: string, starts: readonly number[], positions: readonly number[]): boolean {
  const tried = glob[0] === anyText ? positions.slice(0, 1) : positions
  return tried.some((at) => matchesGlob(glob, arn.slice(starts[at])))
}

function advance(field: Glob, arn: string, starts: readonly number[], positions: readonly number[]): readonly number[] {
  if (field.at(-1) !== anyText) {
    return positions.flatMap((at) =>
      at + 1 < starts.length && matchesGlob(field, textOfField(arn, starts, at)) ? [at + 1] : [],
    )
  }
  // From the first match the star reaches every later field: the other matches add nothing.
  const first = positions.find((at) => matchesGlob(field, textOfField(arn, starts, at)))
  return first === undefined ? [] : starts.flatMap((_, at) => (at > first ? [at] : []))
}

function textOfField(arn: string, starts: readonly number[], at: number): string {
  const next = starts[at + 1]
  return arn.slice(starts[at], next === undefined ? undefined : next - 1)
}

function fieldStarts(arn: string): readonly number[] {
  const starts = [0]
  for (let at = arn.indexOf(':'); at >= 0; at = arn.indexOf(':', at + 1)) starts.push(at + 1)
  return starts
}
