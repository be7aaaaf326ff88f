import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../model/errors.ts'

/** The files to read, and what could not be looked into. */
export interface FoundFiles {
  readonly files: readonly string[]
  readonly problems: readonly { readonly file: string; readonly reason: string }[]
}

/**
 * Lists the files behind paths: a file as it is, a directory with every `.json` and `.json.gz` under it, in the order of
 * their names. Links are followed, each directory is entered once.
 * @throws InputError when a path does not exist or is neither file nor directory.
 */
export async function findSnapshotFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>()
  const problems: { file: string; reason: string }[] = []
  const entered = new Set<string>()
  for (const path of paths) {
    const stats = await statOfArgument(path)
    if (stats.isFile()) files.add(path)
    else if (!stats.isDirectory()) throw new InputError(`${path}: expected a file or a directory`)
    else await walk(path, entered, files, problems)
  }
  return { files: [...files].filter((file) => !isProbe(file)), problems }
}

async function statOfArgument(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}; expected an AWS Config file or a directory of them`)
  }
}

async function walk(
  root: string,
  entered: Set<string>,
  files: Set<string>,
  problems: { file: string; reason: string }[],
): Promise<void> {
  const waiting = [root]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    try {
      const stats = await stat(path)
      if (stats.isDirectory()) waiting.push(...(await children(path, entered)))
      else if (stats.isFile()) files.add(path)
    } catch (error) {
      problems.push({ file: path, reason: reasonOf(error) })
    }
  }
}

/** What is worth visiting in a directory, last name first, so that a stack yields them in order. */
async function children(directory: string, entered: Set<string>): Promise<readonly string[]> {
  const real = await realpath(directory)
  if (entered.has(real)) return []
  entered.add(real)
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter(isCandidate).map((entry) => entry.name)
  return names
    .sort()
    .reverse()
    .map((name) => join(directory, name))
}

function isCandidate(entry: Dirent): boolean {
  // Oversized notifications hold one item without an envelope; the history files hold the same item.
  if (entry.name === 'OversizedChangeNotification') return false
  if (entry.isDirectory()) return true
  const named = entry.name.endsWith('.json') || entry.name.endsWith('.json.gz')
  // A link without such a name may still lead to a directory.
  return named ? entry.isFile() || entry.isSymbolicLink() : entry.isSymbolicLink() && !entry.name.includes('.')
}

/** AWS Config writes this empty object to prove that it may write. */
function isProbe(file: string): boolean {
  return file.endsWith('ConfigWritabilityCheckFile')
}

/** The plain words for an error of the file system. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'no such file or directory'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ELOOP') return 'a link that leads to itself'
  return error instanceof Error ? error.message : String(error)
}
