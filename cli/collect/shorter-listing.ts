import { type JsonObject, ownString } from '../../shared/model/json.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { Reading } from '../../shared/sources/reading.ts'

const fewest = 5

/** How many items of each type a reading holds. */
export function countByType(items: readonly JsonObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const type = ownString(item, 'resourceType') ?? ''
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts
}

/** Types whose complete listing is less than half of what an earlier run found, when that was at least five. */
export function suspiciousTypes(reading: Reading, before: ReadonlyMap<string, number>): readonly string[] {
  const now = countByType(reading.items)
  const isUnknown = (type: string) =>
    reading.coverage.some((row) => row.resourceType === type && row.status === 'unknown' && isListing(row))
  return [...before]
    .filter(([type, count]) => count >= fewest && (now.get(type) ?? 0) < count / 2 && !isUnknown(type))
    .map(([type]) => type)
}

/**
 * The second of two readings, when the first looked too short. A type on which both agree stands as it is: resources do
 * get deleted. One on which they differ is unknown.
 */
export function confirmed(first: Reading, second: Reading, suspicious: readonly string[]): Reading {
  const doubtful = suspicious.filter((type) => !sameResources(type, first, second))
  if (doubtful.length === 0) return second
  return {
    items: second.items,
    coverage: second.coverage.map((row) => (doubtful.includes(row.resourceType) && isListing(row) ? doubt(row) : row)),
    gaps: second.gaps,
  }
}

function isListing(row: CoverageEntry): boolean {
  return row.resourceArn === undefined
}

function doubt(row: CoverageEntry): CoverageEntry {
  if (row.status === 'unknown') return row
  const reason = `${row.resourceType}: the listing is much shorter than the last one, and two readings of it differ`
  return { ...row, status: 'unknown', reason }
}

function sameResources(type: string, a: Reading, b: Reading): boolean {
  const names = (reading: Reading) =>
    JSON.stringify(
      reading.items
        .filter((item) => ownString(item, 'resourceType') === type)
        .map((item) => ownString(item, 'arn') ?? '')
        .sort(),
    )
  return names(a) === names(b)
}
