import * as locales from 'zod/locales'
import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import { isJsonObject, own } from '../model/json.ts'

/** Follow-up events of one sweep. Lambda ends a chain of calls of a function to itself after 16. */
export const MOST_HOPS = 12

/** Bytes of the resources in one follow-up event: Lambda takes 256 KB, and the event of AWS Config is part of it. */
const MOST_BYTES = 180_000

const MOST_LEFT = 5_000

const source = 'pullpath.sweep'
const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max))

const resource = z.strictObject({
  id: text(768),
  arn: z.optional(text(2048)),
  name: z.optional(text(768)),
  type: z.optional(text(128)),
})
const cursor = z.strictObject({
  hop: z.int().check(z.minimum(1), z.maximum(MOST_HOPS)),
  judged: z.int().check(z.minimum(0)),
  verdicts: z._default(z.int().check(z.minimum(0)), 0),
  undetermined: z._default(z.int().check(z.minimum(0)), 0),
  dropped: z.int().check(z.minimum(0)),
  note: z.string().check(z.maxLength(500)),
  left: z.array(resource).check(z.minLength(1), z.maxLength(MOST_LEFT)),
})
const followUp = z.strictObject({ source: z.literal(source), cursor, configEvent: z.looseObject({}) })

/** A resource that a sweep has not come to; `type` is stated of types that a rule judges besides the one it is named by. */
export type LeftResource = z.output<typeof resource>

/**
 * Where a sweep goes on: `hop` counts the follow-up events from 1, `dropped` the resources that found no place in them; `verdicts` were
 * reached or not, `undetermined` are those that were not.
 */
export type SweepCursor = z.output<typeof cursor>

/** The event with which a sweep continues itself: it carries the event of AWS Config, and with it the result token. */
export type SweepFollowUp = z.output<typeof followUp>

/** A follow-up event. What does not fit is counted as dropped. */
export function followUpOf(configEvent: Record<string, unknown>, next: SweepCursor): SweepFollowUp {
  const left: LeftResource[] = []
  let bytes = 0
  for (const one of next.left) {
    bytes += new TextEncoder().encode(JSON.stringify(one)).length + 1
    if (bytes > MOST_BYTES || left.length === MOST_LEFT) break
    left.push(one)
  }
  const dropped = next.dropped + next.left.length - left.length
  return { source, cursor: { ...next, left, dropped, note: next.note.slice(0, 500) }, configEvent }
}

/**
 * The follow-up event that this is; undefined when it is none. What it carries is checked like any event, by whoever reads it.
 * @throws InputError naming the field
 */
export function parseFollowUp(event: unknown): SweepFollowUp | undefined {
  if (!isJsonObject(event) || own(event, 'source') !== source) return undefined
  const result = z.safeParse(followUp, event, { error: locales.en().localeError })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new InputError(`event.${(issue?.path ?? []).map(String).join('.')}: ${issue?.message ?? 'not as expected'}`)
}
