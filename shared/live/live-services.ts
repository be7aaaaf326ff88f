import type { ViewGroups } from '../inventory/typed-views.ts'
import type { Scope } from '../model/resource.ts'
import type { Reading } from '../sources/reading.ts'
import type { LiveReader } from './live-source.ts'

/** A service, and the repositories of our own registry that it runs images of. */
export interface ServiceUse {
  readonly arn: string
  readonly repositories: readonly string[]
}

/** Services of the region and the images they run, seen live. */
export interface LiveServices {
  /** The views that rules on services ask for. */
  readonly views: ViewGroups
  /** Services with the task definitions they use: read at most 60 seconds ago, and not before a change the reader is to see. */
  readonly running: (reader: LiveReader) => Promise<Reading>
  /** The services of such a reading, and what they run. */
  readonly uses: (reading: Reading, own: Scope) => readonly ServiceUse[]
  /** These repositories with their images, all others are not listed; and what else of the registry is among the types. */
  readonly registry: (reader: LiveReader, names: readonly string[], types: readonly string[]) => Promise<Reading>
}
