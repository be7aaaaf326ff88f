import { normalizeItem, regionOfItem } from '../../shared/inventory/normalize-item.ts'
import { isJsonObject, type JsonObject, own, ownList, ownString } from '../../shared/model/json.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { type Snapshot, snapshotPieces } from '../../shared/sinks/snapshot/write-snapshot.ts'
import { coverageOfSection } from '../../shared/sources/config-snapshot/coverage-section.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { coverageOf } from '../../shared/sources/reading.ts'
import type { ScopeReading } from './collect-estate.ts'
import { fileOf } from './output-directory.ts'

const envelope = { id: 'live', version: 'live', collectedAt: '' }

/**
 * What was read, as if it had been written to files and read from them: the same text in the same order goes through the
 * same doors, so that an audit cannot tell the difference. `uncovered`: rows of what no reading covers.
 */
export function snapshotOfReadings(
  readings: readonly ScopeReading[],
  uncovered: readonly CoverageEntry[],
  wantedTypes: ReadonlySet<string>,
): SnapshotFiles {
  const inOrder = [...readings].sort((a, b) => compare(fileOf(a), fileOf(b)))
  const snapshots: readonly Snapshot[] = [
    ...inOrder.map((one) => ({ ...envelope, items: one.reading.items, coverage: coverageOf(one.reading, one) })),
    { ...envelope, items: [], coverage: uncovered },
  ]
  const contents = snapshots.map((snapshot) => contentsOf(snapshot, wantedTypes))
  return {
    items: contents.flatMap(({ items }) => items),
    deletions: contents.flatMap(({ deletions }) => deletions),
    coverage: contents.flatMap(({ coverage }) => coverage),
    scopesSeen: contents.flatMap(({ scopesSeen }) => scopesSeen),
    gaps: contents.flatMap(({ gaps }) => gaps),
    problems: contents.flatMap(({ problems }) => problems),
    filesRead: snapshots.length,
  }
}

type Contents = Pick<SnapshotFiles, 'items' | 'deletions' | 'coverage' | 'scopesSeen' | 'gaps' | 'problems'>

function contentsOf(snapshot: Snapshot, wantedTypes: ReadonlySet<string>): Contents {
  const document: unknown = JSON.parse([...snapshotPieces(snapshot)].join(''))
  if (!isJsonObject(document)) throw new Error('a snapshot is an object')
  const raws = ownList(document, 'configurationItems').filter(isJsonObject)
  const normalized = raws.filter(isWanted(wantedTypes)).map((raw) => ({ raw, result: normalizeItem(raw) }))
  const broken = normalized.flatMap(({ raw, result }) => (result.ok ? [] : [problemOf(raw, result.reason)]))
  return {
    items: normalized.flatMap(({ result }) => (result.ok && !result.deleted ? [result.item] : [])),
    deletions: normalized.flatMap(({ result }) => (result.ok && result.deleted ? [result.deletion] : [])),
    coverage: coverageOfSection(JSON.stringify(own(document, 'pullpath'))) ?? [],
    scopesSeen: scopesOf(raws),
    gaps: broken.map(({ accountId, region, resourceType, reason }) => ({ accountId, region, resourceType, reason })),
    problems: broken,
  }
}

function isWanted(wantedTypes: ReadonlySet<string>): (raw: JsonObject) => boolean {
  return (raw) => {
    const type = ownString(raw, 'resourceType') ?? ''
    return (
      wantedTypes.has(type) || type === 'AWS::Config::ConfigurationRecorder' || type.startsWith('AWS::Organizations::')
    )
  }
}

function problemOf(raw: JsonObject, reason: string) {
  const resourceType = ownString(raw, 'resourceType') ?? ''
  return { file: 'what was read', reason, ...scopeOf(raw), resourceType }
}

function scopeOf(raw: JsonObject): { readonly accountId: string; readonly region: string } {
  const region = regionOfItem(ownString(raw, 'resourceType') ?? '', ownString(raw, 'awsRegion')) ?? ''
  return { accountId: ownString(raw, 'awsAccountId') ?? ownString(raw, 'accountId') ?? '', region }
}

/** Each once. What states its own coverage is not AWS Config's: its silence means nothing. */
function scopesOf(raws: readonly JsonObject[]): SnapshotFiles['scopesSeen'] {
  const scopes = new Map(raws.map(scopeOf).map((scope) => [`${scope.accountId} ${scope.region}`, scope]))
  return [...scopes.values()].map((scope) => ({ ...scope, recordedByConfig: false }))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
