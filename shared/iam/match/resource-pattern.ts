import { fieldsOfParts, splitArn } from './arn.ts'
import { beginsAt, compileParts, matchesTextPattern, type PatternPart, type TextPattern } from './text-pattern.ts'

/** Fields before the resource part of an ARN. */
const headFields = 5

/** A pattern of Resource or NotResource, made ready for many ARNs. */
export type ResourcePattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly text: string }
  /** The first five fields hold no wildcard. */
  | { readonly kind: 'tail'; readonly head: string; readonly tail: TextPattern }
  | { readonly kind: 'fields'; readonly readings: readonly Reading[] }

/** Fields that stand side by side in an ARN. */
type Block = readonly TextPattern[]

/**
 * One way to read a pattern field by field. Every block of `open` ends in a star that runs on over colons; `closed` and
 * `tail` follow: side by side, up to the end of the ARN.
 */
interface Reading {
  readonly open: readonly Block[]
  readonly closed: Block
  readonly tail: TextPattern
}

/** Makes a pattern without variables ready. */
export function compileResourcePattern(pattern: string): ResourcePattern {
  return compileResourceParts([{ text: pattern, literal: false }])
}

/** As `compileResourcePattern`, for a pattern whose variables were filled in. */
export function compileResourceParts(parts: readonly PatternPart[]): ResourcePattern {
  const fields = fieldsOfParts(parts, headFields)
  if (fields.length <= headFields) return compileShort(parts, fields)
  const head = fields.slice(0, headFields).map(compileParts)
  const tail = compileParts(fields[headFields] ?? [])
  const texts = head.flatMap((field) => (field.kind === 'literal' ? [field.text] : []))
  if (texts.length < headFields) return { kind: 'fields', readings: [readingOf(fields.slice(0, headFields), tail)] }
  const start = `${texts.join(':')}:`
  return tail.kind === 'literal' ? { kind: 'literal', text: start + tail.text } : { kind: 'tail', head: start, tail }
}

/** Fewer than six fields: the last one takes the rest, or, as AWS documents, the missing ones are completed with stars. */
function compileShort(parts: readonly PatternPart[], fields: readonly (readonly PatternPart[])[]): ResourcePattern {
  const whole = compileParts(parts)
  if (whole.kind === 'any') return whole
  if (whole.kind === 'literal' && !whole.text.startsWith('arn:')) return whole
  const taking = readingOf(fields.slice(0, -1), compileParts(fields.at(-1) ?? []))
  if (fields.length < 3) return { kind: 'fields', readings: [taking] }
  const completed = [...fields, ...Array.from({ length: headFields - fields.length }, () => [star])]
  return { kind: 'fields', readings: [taking, readingOf(completed, { kind: 'any' })] }
}

const star: PatternPart = { text: '*', literal: false }

function readingOf(fields: readonly (readonly PatternPart[])[], tail: TextPattern): Reading {
  const open: Block[] = []
  let block: TextPattern[] = []
  for (const field of fields) {
    block.push(compileParts(field))
    const end = field.findLast(({ text }) => text !== '')
    if (end === undefined || end.literal || !end.text.endsWith('*')) continue
    open.push(block)
    block = []
  }
  return { open, closed: block, tail }
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
      return pattern.readings.some((reading) => reads(reading, arn))
    default:
      return pattern satisfies never
  }
}

/** The leftmost place of an open block leaves most fields for what follows, so nothing is tried twice. */
function reads({ open, closed, tail }: Reading, arn: string): boolean {
  const { fields, distinct } = splitArn(arn)
  if (!occurs(closed, distinct) || !open.every((block) => occurs(block, distinct))) return false
  let at = 0
  for (const [index, block] of open.entries()) {
    const last = index === 0 ? 0 : fields.length
    while (at <= last && !standsAt(block, fields, at)) at += 1
    if (at > last) return false
    at += block.length
  }
  return open.length === 0 ? ends(closed, tail, arn, at) : endsSomewhere(closed, tail, arn, at)
}

/** Whether each field of the block matches some field of the ARN, wherever: a quick no for most patterns. */
function occurs(block: Block, distinct: ReadonlySet<string>): boolean {
  return block.every((pattern) => {
    if (pattern.kind === 'literal') return distinct.has(pattern.text)
    for (const text of distinct) if (matchesTextPattern(pattern, text)) return true
    return false
  })
}

/** Each field of a block ends at a colon. */
function standsAt(block: Block, fields: readonly string[], at: number): boolean {
  if (at + block.length >= fields.length) return false
  for (let index = 0; index < block.length; index += 1) {
    const pattern = block[index]
    if (pattern === undefined || !matchesTextPattern(pattern, fields[at + index] ?? '')) return false
  }
  return true
}

function ends(closed: Block, tail: TextPattern, arn: string, at: number): boolean {
  const { fields, starts } = splitArn(arn)
  return standsAt(closed, fields, at) && matchesTextPattern(tail, arn, starts[at + closed.length])
}

/** Without a star the tail has one place; with one, the leftmost place where it begins leaves most text for the rest. */
function endsSomewhere(closed: Block, tail: TextPattern, arn: string, from: number): boolean {
  const { fields, starts } = splitArn(arn)
  const lone = tail.kind === 'literal' ? tail.text.length : tail.kind === 'fixed' ? tail.piece.length : undefined
  for (let at = from; at + closed.length < starts.length; at += 1) {
    const start = starts[at + closed.length] ?? 0
    if (lone !== undefined && start !== arn.length - lone) continue
    if (beginsAt(tail, arn, start) && standsAt(closed, fields, at)) return matchesTextPattern(tail, arn, start)
  }
  return false
}
