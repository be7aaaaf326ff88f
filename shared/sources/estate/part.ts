import type { Reading } from '../reading.ts'
import type { EstateChoice, EstateReader } from './reader.ts'

/** A piece of an account that is read at once: what its calls tell about, and how it is read. */
export interface EstatePart {
  /** Every type whose coverage the reading states. */
  readonly types: readonly string[]
  /** `wanted`: those of the types that are asked for. */
  readonly read: (reader: EstateReader, choice: EstateChoice, wanted: readonly string[]) => Promise<Reading>
}
