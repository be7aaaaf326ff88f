import { randomUUID } from 'node:crypto'
import { mkdir, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isAccountId } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import { snapshotPieces } from '../../shared/sinks/snapshot/write-snapshot.ts'
import { coverageOf, forEachConcurrently } from '../../shared/sources/reading.ts'
import { writeAtomically } from './atomic-file.ts'
import type { ScopeReading } from './collect-estate.ts'
import type { ScopeProgress, ScopeTotals } from './coverage-ledger.ts'
import { lockDirectory, lockName } from './directory-lock.ts'
import { digested, digestOf } from './file-digest.ts'
import { cannotWrite, OutputError } from './output-error.ts'
import { beginJournal, type FileEntry, type Journal, journalName, note, readJournal } from './run-journal.ts'
import { countByType } from './shorter-listing.ts'
import { tagFailures } from './unread-tags.ts'

/** Where and for whom to write. */
export interface OutputOptions {
  readonly path: string
  /** What is asked for, as text: equal for equal questions. */
  readonly asked: string
  /** Read everything anew, whatever the directory holds. */
  readonly fresh: boolean
  /** Version of the program. */
  readonly version: string
  readonly now: () => Date
}

/** A collection older than this is begun anew: half of it would be from another time, milliseconds. */
const longestRun = 24 * 3_600_000
/** Files looked at together when a run is gone on with. */
const hashesAtOnce = 8

/** Another version may read other things. A clock that was set back must not keep a run from the future alive for ever. */
function isWorthResuming({ head, end }: Journal, { now, version }: OutputOptions): boolean {
  const age = Math.abs(now().getTime() - Date.parse(head.startedAt))
  return end !== 'complete' && head.version === version && age < longestRun
}

/** The file of a scope, relative to the directory. @throws RangeError for an account or region that is no name of a file */
export function fileOf({ accountId, region }: Scope): string {
  if (!isAccountId(accountId) || !/^[a-z0-9-]+$/.test(region))
    throw new RangeError('an account or region without a name')
  return `${accountId}/${region}.json`
}

/**
 * A directory of snapshot files, one for each account and region, that a run fills and a later run goes on with. Each file
 * appears whole or not at all, and is noted in the journal after it is there.
 */
export class OutputDirectory {
  readonly #options: OutputOptions
  readonly #release: () => Promise<void>
  readonly #run: string
  readonly #startedAt: string
  readonly #before: ReadonlyMap<string, FileEntry>
  readonly #resumed: boolean
  /** Files of the run that is gone on with, as they were written. */
  #intact: ReadonlySet<string> = new Set()
  /** Files of this run. */
  readonly #files = new Map<string, FileEntry>()

  private constructor(options: OutputOptions, journal: Journal | undefined, release: () => Promise<void>) {
    this.#options = options
    this.#release = release
    const resumed =
      journal !== undefined && !options.fresh && isWorthResuming(journal, options) ? journal.head : undefined
    this.#resumed = resumed !== undefined
    this.#run = resumed?.run ?? randomUUID()
    this.#startedAt = resumed?.startedAt ?? options.now().toISOString()
    this.#before = journal?.files ?? new Map()
  }

  /**
   * Makes the directory ready and begins or resumes a run.
   * @throws InputError when the directory holds another collection, or something else
   * @throws OutputError when it cannot be written
   */
  static async open(options: OutputOptions): Promise<OutputDirectory> {
    await makeDirectory(options.path)
    await acceptedJournal(options)
    const release = await lockDirectory(options.path)
    try {
      // Whoever held the lock may have gone on meanwhile.
      return await OutputDirectory.#begin(options, await acceptedJournal(options), release)
    } catch (error) {
      await release()
      throw error
    }
  }

  static async #begin(
    options: OutputOptions,
    journal: Journal | undefined,
    release: () => Promise<void>,
  ): Promise<OutputDirectory> {
    const directory = new OutputDirectory(options, journal, release)
    const head = {
      pullpath: 'collect',
      run: directory.#run,
      startedAt: directory.#startedAt,
      asked: options.asked,
      version: options.version,
    } as const
    directory.#intact = await directory.#intactFiles()
    await beginJournal(options.path, head, directory.#before.values())
    return directory
  }

  /** When the run began that this one goes on with; undefined when it begins anew. */
  get resumedFrom(): string | undefined {
    return this.#resumed ? this.#startedAt : undefined
  }

  /** What the run already has of the scope, completely. */
  done(scope: Scope): ScopeTotals | undefined {
    const entry = this.#before.get(fileOf(scope))
    if (entry === undefined || !this.#intact.has(entry.file)) return undefined
    this.#files.set(entry.file, entry)
    return entry
  }

  /** Complete files of this very run whose content is what was written: nobody cut, changed or replaced them since. */
  async #intactFiles(): Promise<ReadonlySet<string>> {
    const own = [...this.#before.values()].filter(({ run, complete }) => run === this.#run && complete)
    const intact = new Set<string>()
    await forEachConcurrently(own, hashesAtOnce, async ({ file, sha256 }) => {
      if (sha256 !== undefined && (await digestOf(join(this.#options.path, file))) === sha256) intact.add(file)
    })
    return intact
  }

  /** Items of each type that the last run found in the scope. */
  before(scope: Scope): ReadonlyMap<string, number> | undefined {
    const entry = this.#before.get(fileOf(scope))
    return entry && new Map(Object.entries(entry.counts))
  }

  /** Writes the file of a scope. @throws OutputError */
  async take(scope: ScopeReading): Promise<void> {
    const { accountId, region, reading, calls } = scope
    const file = fileOf(scope)
    const coverage = coverageOf(reading, scope)
    const sha256 = await this.#write(file, coverage, reading.items)
    const unknown = coverage.filter(({ status }) => status === 'unknown').length
    const entry: FileEntry = {
      ...{ file, run: this.#run, accountId, region, complete: unknown === 0 && !waitsForTags(reading) },
      ...{ items: reading.items.length, known: coverage.length - unknown, unknown, calls },
      counts: Object.fromEntries(this.#countsOf(scope)),
      sha256,
    }
    this.#files.set(file, entry)
    await note(this.#options.path, entry)
  }

  /** For the next run to compare with: of a type that could not be listed now, what the run before found. */
  #countsOf(scope: ScopeReading): ReadonlyMap<string, number> {
    const { items, coverage } = scope.reading
    const known = new Set(coverage.filter(({ status }) => status === 'known').map(({ resourceType }) => resourceType))
    const carried = [...(this.before(scope) ?? [])].filter(([type]) => !known.has(type))
    return new Map([...countByType(items), ...carried])
  }

  /** Writes the ledger of what no file covers. @throws OutputError */
  async writeCoverage(rows: readonly CoverageEntry[], scopes: readonly ScopeProgress[]): Promise<void> {
    await this.#write('coverage.json', rows, [], scopes)
  }

  /** Ends the run; a complete one takes what earlier runs left with it. @throws OutputError */
  async finish(complete: boolean, ended: boolean): Promise<void> {
    if (ended) await this.#removeOutdated()
    await note(this.#options.path, { end: complete ? 'complete' : 'incomplete' })
    await this.release()
  }

  /** Lets other processes write to the directory. */
  release(): Promise<void> {
    return this.#release()
  }

  /** Files of earlier runs of places this run found no longer; no other file is ever removed. */
  async #removeOutdated(): Promise<void> {
    const outdated = [...this.#before.keys()].filter((file) => !this.#files.has(file))
    for (const file of outdated) await unlink(join(this.#options.path, file)).catch(() => {})
  }

  /** The digest of what was written. */
  async #write(
    file: string,
    coverage: readonly CoverageEntry[],
    items: ScopeReading['reading']['items'],
    scopes?: readonly ScopeProgress[],
  ): Promise<string> {
    const path = join(this.#options.path, file)
    const { version } = this.#options
    const rows = scopes?.map((scope) => scopeRow(scope))
    const snapshot = {
      ...{ id: this.#run, version, collectedAt: this.#startedAt, items, coverage },
      ...(rows === undefined ? {} : { more: { scopes: rows } }),
    }
    try {
      await makeDirectory(dirname(path))
      const { pieces, digest } = digested(snapshotPieces(snapshot))
      await writeAtomically(path, pieces)
      return digest()
    } catch (error) {
      throw error instanceof OutputError ? error : cannotWrite('--output', path, error)
    }
  }
}

/** Tags that were not read for now are read when the run is gone on with. */
function waitsForTags(reading: ScopeReading['reading']): boolean {
  return tagFailures(reading).some(({ transience }) => transience === 'passing')
}

function scopeRow({ accountId, region, totals }: ScopeProgress) {
  if (totals === undefined) return { accountId, region, file: null }
  const { items, known, unknown, calls } = totals
  return { accountId, region, file: fileOf({ accountId, region }), items, known, unknown, calls }
}

/** Makes the directory, and those above it, where there are none. @throws OutputError */
export async function makeDirectory(path: string): Promise<void> {
  try {
    for (const missing of await missingDirectories(path)) await mkdir(missing).catch(unlessThere)
    if (!(await stat(path)).isDirectory()) throw new OutputError(`--output: ${path}: is not a directory`)
  } catch (error) {
    throw error instanceof OutputError ? error : cannotWrite('--output', path, error)
  }
}

/**
 * From the top down. Node's own recursive way never returns where the file system says that a directory it refuses to make
 * is not there.
 */
async function missingDirectories(path: string): Promise<readonly string[]> {
  const missing: string[] = []
  for (let one = resolve(path); !(await isThere(one)); one = dirname(one)) missing.unshift(one)
  return missing
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(path) !== path) return false
    throw error
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** The journal of the directory, of this question; undefined for a directory that holds nothing. @throws InputError */
async function acceptedJournal({ path, asked, fresh }: OutputOptions): Promise<Journal | undefined> {
  const journal = await readJournal(path)
  if (journal === undefined) await refuseForeign(path)
  else if (journal.head.asked !== asked && !fresh) throw anotherQuestion(path)
  return journal
}

async function refuseForeign(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    throw cannotWrite('--output', path, error)
  })
  if (names.every((name) => name === lockName || name.startsWith(`.${journalName}`))) return
  throw new InputError(`--output: ${path}: holds files that collect did not write; name an empty directory`)
}

function anotherQuestion(path: string): InputError {
  return new InputError(
    `--output: ${path}: holds a collection of other accounts, regions or options; name another directory, or --fresh to replace it`,
  )
}
