import type { Reading } from '../reading.ts'
import { networkParts } from './network-parts.ts'
import { readParts } from './read-parts.ts'
import type { EstateChoice, EstateReader } from './reader.ts'
import { registryParts } from './registry-parts.ts'
import { workloadParts } from './workload-parts.ts'

const parts = [...registryParts, ...networkParts, ...workloadParts]

/** Types that belong to a region. */
export const regionTypes: readonly string[] = parts.flatMap(({ types }) => types)

/** Reads everything of one region of an account; each part that cannot be read is unknown by itself. */
export function readRegion(reader: EstateReader, choice: EstateChoice): Promise<Reading> {
  return readParts(reader, choice, parts)
}
