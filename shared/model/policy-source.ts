import type { JsonValue } from './json.ts'

/** A policy document as it was found, decoded from whatever encoding AWS used. */
export interface PolicySource {
  /** The decoded JSON value. */
  readonly json: JsonValue
  /** Decoded JSON text: the key under which a parsed policy is remembered. */
  readonly text: string
  /** JSON pointers of keys that occur more than once in one object: parsers disagree about those. */
  readonly duplicateKeys: readonly string[]
}
