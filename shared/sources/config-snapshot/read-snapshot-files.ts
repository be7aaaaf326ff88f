import type { SeenScope } from '../../inventory/build.ts'
import type { ConfigurationItem } from '../../inventory/configuration-item.ts'
import type { Gap } from '../../inventory/listings.ts'
import { type Deletion, normalizeItem, regionOfItem } from '../../inventory/normalize-item.ts'
import { recorderType } from '../../inventory/recordable-types.ts'
import { isAccountId } from '../../model/arn.ts'
import type { JsonValue } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { bucketPathOf } from './bucket-path.ts'
import { coverageOfSection } from './coverage-section.ts'
import { defaultInflateLimits, fileBytes, type InflateLimits } from './file-bytes.ts'
import { findSnapshotFiles, reasonOf } from './find-files.ts'
import { defaultScanLimits, type ItemHead, type ScanLimits, SnapshotScanner } from './scan.ts'

/** Something that could not be read, for a person: one line that names the file and what was expected. */
export interface SnapshotProblem {
  readonly file: string
  readonly reason: string
  readonly accountId?: string
  readonly region?: string
  readonly resourceType?: string
}

/** How far the reading is. */
export interface SnapshotProgress {
  readonly file: string
  /** Unpacked bytes of all files so far. */
  readonly bytes: number
  /** Items of all files so far, skipped ones included. */
  readonly items: number
}

/** What to read and how much of it. */
export interface SnapshotOptions {
  /** Items of other types are skipped unparsed; recorders and AWS Organizations are always read. */
  readonly wantedTypes: ReadonlySet<string>
  readonly limits?: Partial<ScanLimits & InflateLimits>
  /** Called after every chunk. */
  readonly onProgress?: (progress: SnapshotProgress) => void
}

/** Everything the files held, in the shape `buildInventory` takes. */
export interface SnapshotFiles {
  readonly items: readonly ConfigurationItem[]
  readonly deletions: readonly Deletion[]
  /** Rows of the files' own `pullpath.coverage`. */
  readonly coverage: readonly CoverageEntry[]
  readonly scopesSeen: readonly SeenScope[]
  /** Problems whose account and region are known: what cannot be listed because of them. */
  readonly gaps: readonly Gap[]
  readonly problems: readonly SnapshotProblem[]
  /** Files read to their end. */
  readonly filesRead: number
}

/**
 * Reads AWS Config files, directories of them, or both. A file that is not readable to its end contributes nothing but a
 * problem; an item that is not readable costs only itself and the completeness of its type in its account and region.
 * @throws InputError when a path does not exist.
 */
export async function readSnapshotFiles(paths: readonly string[], options: SnapshotOptions): Promise<SnapshotFiles> {
  const found = await findSnapshotFiles(paths)
  const limits = { ...defaultInflateLimits, ...options.limits }
  const streams = found.files.map((file) => ({ file, bytes: () => fileBytes(file, limits) }))
  return readSnapshotStreams(streams, options, found.problems)
}

/** A file by its name, unpacked piece by piece wherever it lies. */
export interface SnapshotStream {
  /** Its path: those of AWS Config tell whose items it holds. */
  readonly file: string
  readonly bytes: () => AsyncIterable<Buffer>
}

/** The same of files that are not on a disk; what reading one throws is a problem of that file. */
export async function readSnapshotStreams(
  streams: readonly SnapshotStream[],
  options: SnapshotOptions,
  before: readonly SnapshotProblem[] = [],
): Promise<SnapshotFiles> {
  const all = emptyContents()
  const problems: SnapshotProblem[] = [...before]
  const gaps: Gap[] = []
  const progress = { bytes: 0, items: 0 }
  let filesRead = 0
  for (const stream of streams) {
    const contents = await readStream(stream, options, progress)
    if (contents instanceof Error) {
      problems.push(problemOfFile(stream.file, reasonOf(contents)))
    } else {
      merge(all, contents)
      problems.push(...contents.problems)
      filesRead++
    }
  }
  gaps.push(...problems.flatMap(gapOf))
  const { items, deletions, coverage, scopes } = all
  return { items, deletions, coverage, scopesSeen: [...scopes.values()], gaps, problems, filesRead }
}

interface Contents {
  readonly items: ConfigurationItem[]
  readonly deletions: Deletion[]
  readonly coverage: CoverageEntry[]
  readonly scopes: Map<string, SeenScope>
  readonly problems: SnapshotProblem[]
}

function emptyContents(): Contents {
  return { items: [], deletions: [], coverage: [], scopes: new Map(), problems: [] }
}

async function readStream(
  { file, bytes }: SnapshotStream,
  options: SnapshotOptions,
  progress: { bytes: number; items: number },
): Promise<Contents | Error> {
  const contents = emptyContents()
  let ownCoverage = false
  const scanner = new SnapshotScanner(
    {
      wants: (type) => options.wantedTypes.has(type) || isAlwaysWanted(type),
      item: (head, json) => {
        progress.items++
        noteScope(contents.scopes, head)
        if (json !== undefined) noteItem(contents, file, head, json)
      },
      section: (json) => {
        const rows = coverageOfSection(json)
        ownCoverage ||= rows !== undefined
        for (const row of rows ?? []) contents.coverage.push(row)
      },
    },
    { ...defaultScanLimits, ...options.limits },
  )
  try {
    for await (const chunk of bytes()) {
      scanner.write(chunk)
      progress.bytes += chunk.length
      options.onProgress?.({ file, ...progress })
    }
    scanner.end()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
  return ownCoverage ? { ...contents, scopes: statedScopes(contents.scopes) } : contents
}

function isAlwaysWanted(type: string): boolean {
  return type === recorderType || type.startsWith('AWS::Organizations::')
}

/** Silence of a file that states its own coverage means "not looked at", not "AWS Config found none". */
function statedScopes(scopes: ReadonlyMap<string, SeenScope>): Map<string, SeenScope> {
  return new Map([...scopes].map(([key, scope]) => [key, { ...scope, recordedByConfig: false }]))
}

function noteScope(scopes: Map<string, SeenScope>, head: ItemHead): void {
  const scope = scopeOfHead(head)
  if (scope === undefined) return
  const key = `${scope.accountId} ${scope.region}`
  if (!scopes.has(key)) scopes.set(key, { ...scope, recordedByConfig: true })
}

function scopeOfHead(head: ItemHead): { accountId: string; region: string } | undefined {
  const { accountId } = head
  const region = regionOfItem(head.resourceType ?? '', head.region)
  return accountId && isAccountId(accountId) && region ? { accountId, region } : undefined
}

function noteItem(contents: Contents, file: string, head: ItemHead, json: string): void {
  const normalized = normalizeItem(parsed(json))
  if (!normalized.ok) contents.problems.push(problemOfItem(file, head, normalized.reason))
  else if (normalized.deleted) contents.deletions.push(normalized.deletion)
  else contents.items.push(normalized.item)
}

function problemOfItem(file: string, head: ItemHead, reason: string): SnapshotProblem {
  const { resourceType } = head
  return {
    file,
    reason: `configurationItems[${head.index}]: ${reason}`,
    ...scopeOfHead(head),
    ...(resourceType === undefined ? {} : { resourceType }),
  }
}

function problemOfFile(file: string, reason: string): SnapshotProblem {
  const path = bucketPathOf(file)
  if (path === undefined) return { file, reason }
  const { resourceType, ...scope } = path
  return { file, reason, ...scope, ...(resourceType === undefined ? {} : { resourceType }) }
}

function gapOf({ file, reason, accountId, region, resourceType }: SnapshotProblem): Gap[] {
  if (accountId === undefined || region === undefined) return []
  return [{ accountId, region, resourceType, reason: `${file}: ${reason}` }]
}

function merge(all: Contents, file: Contents): void {
  for (const item of file.items) all.items.push(item)
  for (const deletion of file.deletions) all.deletions.push(deletion)
  for (const row of file.coverage) all.coverage.push(row)
  for (const [key, scope] of file.scopes) {
    const recordedByConfig = scope.recordedByConfig || all.scopes.get(key)?.recordedByConfig === true
    all.scopes.set(key, { ...scope, recordedByConfig })
  }
}

function parsed(json: string): JsonValue | undefined {
  try {
    return JSON.parse(json) as JsonValue
  } catch {
    return undefined
  }
}
