import type { JsonObject } from '../../model/json.ts'
import { errorName } from '../failure.ts'
import { joinReadings, type Reading, unlisted } from '../reading.ts'
import type { EstatePart } from './part.ts'
import type { EstateChoice, EstateReader } from './reader.ts'

/**
 * Reads the parts that hold something wanted, at the same time. Rows about types nobody wants are left out; a part that breaks
 * leaves its own types unknown and nothing else.
 */
export async function readParts(
  reader: EstateReader,
  choice: EstateChoice,
  parts: readonly EstatePart[],
): Promise<Reading> {
  const isWanted = (type: string) => choice.types === undefined || choice.types.has(type)
  const readings = await Promise.all(
    parts.map(async (part): Promise<Reading> => {
      const wanted = part.types.filter(isWanted)
      if (wanted.length === 0) return { items: [], coverage: [], gaps: [] }
      return part.read(reader, choice, wanted).catch((error: unknown) => broken(reader, wanted, error))
    }),
  )
  const { items, coverage, gaps } = joinReadings(readings)
  return {
    items: distinct(items),
    coverage: coverage.filter(({ resourceType }) => isWanted(resourceType)),
    gaps: gaps.filter(({ resourceType }) => isWanted(resourceType)),
  }
}

/** Two parts may come across the same resource. */
function distinct(items: readonly JsonObject[]): readonly JsonObject[] {
  const keyOf = (item: JsonObject) => JSON.stringify([item.resourceType, item.arn, item.resourceId])
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}

/** An answer no reader was made for. */
function broken(reader: EstateReader, types: readonly string[], error: unknown): Reading {
  return unlisted(reader, types, { reason: `reading broke with ${errorName(error)}`, transience: 'passing' })
}
