import { isAccountId } from '../../model/arn.ts'
import { isJsonObject, type JsonValue, own, ownString } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { SnapshotFormatError } from './value-span.ts'

/**
 * Reads the rows of the top-level `pullpath` value; undefined when it states no coverage.
 * @throws SnapshotFormatError naming the row and field that is wrong.
 */
export function coverageOfSection(json: string): readonly CoverageEntry[] | undefined {
  const section = parsed(json)
  if (!isJsonObject(section)) throw new SnapshotFormatError('pullpath: expected an object')
  const rows = own(section, 'coverage')
  if (rows === undefined) return undefined
  if (!Array.isArray(rows)) throw new SnapshotFormatError('pullpath.coverage: expected a list')
  return rows.map(coverageRow)
}

function coverageRow(row: JsonValue, index: number): CoverageEntry {
  const where = `pullpath.coverage[${index}]`
  if (!isJsonObject(row)) throw new SnapshotFormatError(`${where}: expected an object`)
  const text = (field: string) => {
    const value = ownString(row, field)
    if (value === undefined) throw new SnapshotFormatError(`${where}.${field}: expected a non-empty string`)
    return value
  }
  const [accountId, region, resourceType, status] = [
    text('accountId'),
    text('region'),
    text('resourceType'),
    text('status'),
  ]
  if (!isAccountId(accountId)) throw new SnapshotFormatError(`${where}.accountId: expected twelve digits`)
  if (status !== 'known' && status !== 'unknown') {
    throw new SnapshotFormatError(`${where}.status: expected "known" or "unknown"`)
  }
  const reason = ownString(row, 'reason')
  const resourceArn = ownString(row, 'resourceArn')
  return {
    ...{ accountId, region, resourceType, status },
    ...(reason === undefined ? {} : { reason }),
    ...(resourceArn === undefined ? {} : { resourceArn }),
  }
}

function parsed(json: string): JsonValue {
  try {
    return JSON.parse(json) as JsonValue
  } catch {
    throw new SnapshotFormatError('pullpath: not valid JSON')
  }
}
