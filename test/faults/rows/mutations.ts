import * as fc from 'fast-check'

/** Steps into a JSON value; a number is a place in a list. */
type Path = readonly (string | number)[]

/** One thing that is done to a JSON value. */
export interface Mutation {
  /** Which of the places in it, counted round and round. */
  readonly place: number
  readonly what: 'set' | 'delete' | 'add'
  readonly name: string
  readonly value: unknown
}

/** Values that code trips over, and any others. */
const values = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1e308, '', ' ', '\u0000', '\ud800', '{}', '[]', 'null', '__proto__'],
    ...['OK', 'ResourceDeleted', '999999999999', 'us-east-1', '2026-03-01T09:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ...['ScheduledNotification', 'OversizedConfigurationItemChangeNotification', 'AWS::S3::Bucket', 'a'.repeat(3_000)],
    ...[[], {}, [[]], { toString: 1 }],
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Changes of structure: a value replaced, a member taken away, another put in. */
export const mutations: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  what: fc.constantFrom('set', 'set', 'delete', 'add'),
  name: fc.constantFrom('__proto__', 'constructor', 'messageType', 'configurationItem', 'extra'),
  value: values,
})

/** A copy of the value with that change. */
export function mutated(value: unknown, { place, what, name, value: other }: Mutation): unknown {
  const copy = structuredClone(value)
  const paths = pathsOf(copy)
  const path = paths[place % Math.max(1, paths.length)]
  if (path === undefined) return other
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever JSON is there
  const holder = path.slice(0, -1).reduce((at: any, step) => at[step], copy)
  const last = path.at(-1) ?? ''
  if (what === 'delete') delete holder[last]
  else if (what === 'set') holder[last] = other
  else Object.defineProperty(holder, name, { value: other, enumerable: true, configurable: true, writable: true })
  return copy
}

function pathsOf(value: unknown): readonly Path[] {
  const found: Path[] = []
  const open: (readonly [unknown, Path])[] = [[value, []]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [one, path] = next
    if (typeof one !== 'object' || one === null) continue
    for (const [name, held] of Object.entries(one)) {
      const below = [...path, name]
      found.push(below)
      open.push([held, below])
    }
  }
  return found
}

/** One thing that is done to bytes. */
export interface Damage {
  readonly place: number
  readonly what: 'flip' | 'drop' | 'double' | 'cut' | 'put'
  readonly bytes: Uint8Array
}

/** Changes of bytes: one flipped, some lost, doubled, cut off or put in. */
export const damages: fc.Arbitrary<Damage> = fc.record({
  place: fc.nat(),
  what: fc.constantFrom('flip', 'flip', 'drop', 'double', 'cut', 'put'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
})

/** The text with its bytes damaged, as whoever reads it as UTF-8 gets it. */
export function damaged(text: string, { place, what, bytes }: Damage): string {
  const before = Buffer.from(text)
  const at = place % Math.max(1, before.length)
  const rest = before.subarray(at + bytes.length)
  const some = before.subarray(at, at + bytes.length)
  const parts = {
    flip: [before.subarray(0, at), [(before[at] ?? 0) ^ (1 << ((bytes[0] ?? 0) % 7))], before.subarray(at + 1)],
    drop: [before.subarray(0, at), rest],
    double: [before.subarray(0, at), some, some, rest],
    cut: [before.subarray(0, at)],
    put: [before.subarray(0, at), bytes, before.subarray(at)],
  }[what]
  return Buffer.concat(parts.map((part) => Buffer.from(part))).toString()
}
