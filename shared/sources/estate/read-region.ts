import type { Reading } from '../reading.ts'
import { withTags } from '../tags/with-tags.ts'
import { networkParts } from './network-parts.ts'
import { readParts } from './read-parts.ts'
import type { EstateChoice, EstateReader } from './reader.ts'
import { registryParts } from './registry-parts.ts'
import { workloadParts } from './workload-parts.ts'

const parts = [...registryParts, ...networkParts, ...workloadParts]

/** Types that belong to a region. */
export const regionTypes: readonly string[] = parts.flatMap(({ types }) => types)

/**
 * Reads everything of one region of an account; each part that cannot be read is unknown by itself. Tags come last, because they are
 * asked for by ARN: a hundred in a call, and none of what nobody asks about.
 */
export async function readRegion(reader: EstateReader, choice: EstateChoice): Promise<Reading> {
  const reading = await readParts(reader, choice, parts)
  if (choice.tags === undefined) return reading
  const { clients, ...place } = reader
  return withTags({ ...place, client: clients.tagging }, reading, choice.tags)
}
