import type { PatternPart } from './text-pattern.ts'

/** Splits at the first five colons; undefined when there are fewer. */
export function arnParts(text: string): readonly string[] | undefined {
  const parts = text.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/** Text between colons, all of them, and where each begins. */
export interface SplitArn {
  readonly arn: string
  readonly fields: readonly string[]
  readonly starts: readonly number[]
  readonly distinct: ReadonlySet<string>
}

let latest: SplitArn = { arn: '', fields: [''], starts: [0], distinct: new Set(['']) }

/** Splits at every colon. The latest one is remembered: thousands of patterns are compared with one ARN. */
export function splitArn(arn: string): SplitArn {
  if (latest.arn === arn) return latest
  const fields = arn.split(':')
  let at = 0
  const starts = fields.map((field) => {
    const start = at
    at += field.length + 1
    return start
  })
  latest = { arn, fields, starts, distinct: new Set(fields) }
  return latest
}

/** Splits a pattern at its first `most` colons. */
export function fieldsOfParts(parts: readonly PatternPart[], most: number): readonly (readonly PatternPart[])[] {
  const fields: PatternPart[][] = [[]]
  for (const { text, literal } of parts) {
    let from = 0
    for (let colon = text.indexOf(':'); colon >= 0 && fields.length <= most; colon = text.indexOf(':', from)) {
      fields.at(-1)?.push({ text: text.slice(from, colon), literal })
      fields.push([])
      from = colon + 1
    }
    fields.at(-1)?.push({ text: text.slice(from), literal })
  }
  return fields
}
