import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { SnapshotProblem } from '../shared/sources/config-snapshot/read-snapshot-files.ts'

/** What `collect` says of its own files; of anybody else's `coverage.json` nothing matches. */
const ledgerSchema = z.object({
  pullpath: z.object({
    scopes: z.array(
      z.object({
        accountId: z.string().regex(/^\d{12}$/),
        region: z.string().regex(/^[a-z0-9-]+$/),
        file: z
          .string()
          .regex(/^\d{12}\/[a-z0-9-]+\.json$/)
          .nullable(),
      }),
    ),
  }),
})

/**
 * The files that a collection wrote and that are gone: without this, an account whose file was lost on the way would look like
 * one that was never asked for. Looks at the directories and one level below.
 */
export async function lostFiles(paths: readonly string[]): Promise<readonly SnapshotProblem[]> {
  const directories = await Promise.all([...new Set(paths)].map(withChildren))
  const lost = await Promise.all([...new Set(directories.flat())].map(lostIn))
  return lost.flat()
}

async function withChildren(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((): readonly Dirent[] => [])
  return [path, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name))]
}

async function lostIn(directory: string): Promise<readonly SnapshotProblem[]> {
  const ledger = ledgerSchema.safeParse(await jsonIn(join(directory, 'coverage.json')))
  const problems: SnapshotProblem[] = []
  for (const { accountId, region, file } of ledger.success ? ledger.data.pullpath.scopes : []) {
    if (file === null) continue
    const path = join(directory, file)
    if ((await isThere(path)) || (await isThere(`${path}.gz`))) continue
    problems.push({ file: path, reason: 'collect wrote this file, and it is gone', accountId, region })
  }
  return problems
}

/** Undefined for what cannot be read: whoever reads the directory says so. */
async function jsonIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
