import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../model/errors.ts'
import type { ManifestLimits } from './limits.ts'

/** The files to read, sorted as a directory listing is, and what could not be looked into. */
export interface FoundManifests {
  readonly files: readonly string[]
  readonly problems: readonly string[]
}

const endings = ['.yaml', '.yml', '.json']

/**
 * Lists the YAML and JSON files of a directory and those below it; hidden directories and `node_modules` are passed over.
 * Links are not followed: they may lead anywhere, and in circles. A manifest that is one is a problem. A file is taken as it is.
 * @throws InputError when the path does not exist or is neither file nor directory.
 */
export async function findManifestFiles(path: string, limits: ManifestLimits): Promise<FoundManifests> {
  const stats = await statOf(path)
  if (stats.isFile()) return { files: [path], problems: [] }
  if (!stats.isDirectory()) throw new InputError(`${path}: expected a directory of Kubernetes manifests`)
  const files: string[] = []
  const problems: string[] = []
  const waiting = [{ path, depth: 0, isFile: false }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.isFile) {
      if (files.length >= limits.files) return { files, problems: [...problems, tooMany(path, limits)] }
      files.push(next.path)
    } else if (next.depth > limits.directoryDepth) {
      problems.push(`${next.path}: more than ${limits.directoryDepth} directories deep, not read`)
    } else {
      const entries = await children(next.path, problems)
      for (const entry of entries) {
        waiting.push({ path: join(next.path, entry.name), depth: next.depth + 1, isFile: entry.isFile() })
      }
    }
  }
  return { files, problems }
}

function tooMany(path: string, limits: ManifestLimits): string {
  return `${path}: more than ${limits.files} manifests, the others are not read`
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    throw new InputError(`${path}: ${fileError(error)}; expected a directory of Kubernetes manifests`)
  }
}

/** Last name first, so that a stack yields them in order. */
async function children(directory: string, problems: string[]): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    const links = entries.filter(isLinkedManifest).map(({ name }) => join(directory, name))
    problems.push(...links.sort().map((link) => `${link}: a link, not read`))
    return entries.filter(isCandidate).sort((a, b) => (a.name < b.name ? 1 : -1))
  } catch (error) {
    problems.push(`${directory}: ${fileError(error)}`)
    return []
  }
}

function isCandidate(entry: Dirent): boolean {
  if (entry.isDirectory()) return !entry.name.startsWith('.') && entry.name !== 'node_modules'
  return entry.isFile() && isManifestName(entry.name)
}

function isLinkedManifest(entry: Dirent): boolean {
  return entry.isSymbolicLink() && isManifestName(entry.name)
}

function isManifestName(name: string): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending))
}

/** The plain words for an error of the file system. */
export function fileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'no such file or directory'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  return typeof code === 'string' ? `cannot be read (${code})` : 'cannot be read'
}
