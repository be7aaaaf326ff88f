import type { Reading } from '../sources/reading.ts'
import type { LiveReader } from './live-source.ts'

/** Services of the region and the images they run, seen live. */
export interface LiveServices {
  /** Services with the task definitions they use: read at most 60 seconds ago, and not before a change the reader is to see. */
  readonly running: (reader: LiveReader) => Promise<Reading>
  /** These repositories with their images, all others are not listed; and what else of the registry is among the types. */
  readonly registry: (reader: LiveReader, names: readonly string[], types: readonly string[]) => Promise<Reading>
}
