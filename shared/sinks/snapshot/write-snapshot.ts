import { type JsonObject, ownString } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'

/** A file in AWS Config's snapshot format with a coverage ledger: `docs/snapshot-format.md`. */
export interface Snapshot {
  /** `configSnapshotId`. */
  readonly id: string
  /** Of the program that wrote it. */
  readonly version: string
  /** ISO 8601. */
  readonly collectedAt: string
  /** Raw configuration items. */
  readonly items: readonly JsonObject[]
  readonly coverage: readonly CoverageEntry[]
  /** Further keys of the `pullpath` value. */
  readonly more?: JsonObject
}

/**
 * The file's text in pieces, an item or row a line: a large account is never one string in memory. Items are sorted by account,
 * region, type and ARN, rows likewise, so that the same estate gives the same bytes.
 */
export function* snapshotPieces(snapshot: Snapshot): Generator<string> {
  const { id, version, collectedAt, more = {} } = snapshot
  yield `{"fileVersion":"1.0","configSnapshotId":${JSON.stringify(id)},\n"pullpath":{`
  yield JSON.stringify({ version, collectedAt, ...more }).slice(1, -1)
  yield ',\n"coverage":['
  yield* lines([...snapshot.coverage].sort(byRow))
  yield ']},\n"configurationItems":['
  yield* lines(sortedItems(snapshot.items))
  yield ']}\n'
}

function* lines(entries: Iterable<object>): Generator<string> {
  let separator = '\n'
  for (const entry of entries) {
    yield separator + JSON.stringify(entry)
    separator = ',\n'
  }
  yield '\n'
}

/** What places an item among others; the bytes of the item settle what is left, so that no order of reading shows. */
function sortedItems(items: readonly JsonObject[]): readonly JsonObject[] {
  const keyed = items.map((item) => ({ item, key: sortKey(item) }))
  keyed.sort((a, b) => compare(a.key, b.key) || compare(JSON.stringify(a.item), JSON.stringify(b.item)))
  return keyed.map(({ item }) => item)
}

function sortKey(item: JsonObject): string {
  const text = (...names: readonly string[]) => names.map((name) => ownString(item, name)).find(Boolean) ?? ''
  const arn = text('ARN', 'arn')
  return [text('awsAccountId', 'accountId'), text('awsRegion'), text('resourceType'), arn, text('resourceId')].join(
    '\n',
  )
}

function byRow(a: CoverageEntry, b: CoverageEntry): number {
  return compare(rowKey(a), rowKey(b))
}

function rowKey({ accountId, region, resourceType, resourceArn = '', status, reason = '' }: CoverageEntry): string {
  return [accountId, region, resourceType, resourceArn, status, reason].join('\n')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
