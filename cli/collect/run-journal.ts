import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { InputError } from '../../shared/model/errors.ts'
import { writeAtomically } from './atomic-file.ts'
import { cannotWrite } from './output-error.ts'

/** Name of the journal in the output directory. */
export const journalName = '.pullpath-collect'

const count = z.number().int().min(0)

const headSchema = z.object({
  pullpath: z.literal('collect'),
  run: z.string().min(1),
  /** ISO 8601. */
  startedAt: z.string().min(1),
  /** What the run was asked for, as text: equal for equal questions. */
  asked: z.string(),
  /** Of the program; journals of early versions have none. */
  version: z.string().optional(),
})

const fileSchema = z.object({
  /** Relative to the directory, with `/`. */
  file: z.string().regex(/^\d{12}\/[a-z0-9-]+\.json$/),
  run: z.string(),
  accountId: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z0-9-]+$/),
  /** False when something of the account and region could not be read. */
  complete: z.boolean(),
  items: count,
  known: count,
  unknown: count,
  calls: count,
  /** Items of each type. */
  counts: z.record(z.string(), count),
  /** SHA-256 of the file, in hexadecimal; journals of early versions have none. */
  sha256: z.string().optional(),
})

const endSchema = z.object({ end: z.enum(['complete', 'incomplete']) })

/** What a run was and what it was asked for. */
export type RunHead = z.infer<typeof headSchema>
/** One file that a run wrote. */
export type FileEntry = z.infer<typeof fileSchema>

/** What the journal of a directory tells. */
export interface Journal {
  readonly head: RunHead
  /** The newest entry of each file, those of earlier runs included. */
  readonly files: ReadonlyMap<string, FileEntry>
  /** Undefined: the run was cut off. */
  readonly end: 'complete' | 'incomplete' | undefined
}

/**
 * Reads the journal of a directory; undefined when there is none. A last line that was cut off is passed over: what it
 * told of is read again.
 * @throws InputError when the file is not a journal
 */
export async function readJournal(directory: string): Promise<Journal | undefined> {
  const path = join(directory, journalName)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new InputError(`--output: ${path}: cannot be read (${error.code})`)
  })
  if (text === undefined) return undefined
  const [first, ...rest] = text.split('\n').map(parsed)
  const head = headSchema.safeParse(first)
  if (!head.success)
    throw new InputError(`--output: ${path}: is not the journal of a collection; name another directory`)
  return { head: head.data, ...entriesOf(rest) }
}

function entriesOf(lines: readonly unknown[]): Pick<Journal, 'files' | 'end'> {
  const files = new Map<string, FileEntry>()
  let end: Journal['end']
  for (const line of lines) {
    const file = fileSchema.safeParse(line)
    if (file.success) files.set(file.data.file, file.data)
    const ended = endSchema.safeParse(line)
    if (ended.success) end = ended.data.end
  }
  return { files, end }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Begins a journal, replacing the one before; entries of files that lie in the directory are carried over. @throws OutputError */
export async function beginJournal(directory: string, head: RunHead, files: Iterable<FileEntry>): Promise<void> {
  const path = join(directory, journalName)
  const lines = [head, ...files].map((line) => `${JSON.stringify(line)}\n`)
  await writeAtomically(path, lines).catch((error: unknown) => {
    throw cannotWrite('--output', path, error)
  })
}

/** Adds a line: a file that was written, or the end of the run. @throws OutputError */
export async function note(directory: string, line: FileEntry | z.infer<typeof endSchema>): Promise<void> {
  const path = join(directory, journalName)
  await appendFile(path, `${JSON.stringify(line)}\n`, { flush: true }).catch((error: unknown) => {
    throw cannotWrite('--output', path, error)
  })
}
