import { readFileSync } from 'node:fs'
import { readFile, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { InputError } from '../../shared/model/errors.ts'
import { cannotWrite } from './output-error.ts'

/** Name of the file that says which process writes to the directory. */
export const lockName = '.pullpath-collect.lock'

const holderSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When the process began, in the clock of its system: a number that is used again belongs to another process. */
  began: z.string().nullable(),
})
type Holder = z.infer<typeof holderSchema>

/**
 * Keeps a second process from writing to the directory; returns how to let go. The lock of a process that is no more is
 * taken over, so that a killed run can be gone on with at once. Processes of other machines are not seen.
 * @throws InputError when another process writes there
 * @throws OutputError when the lock cannot be written
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, lockName)
  const own: Holder = { pid: process.pid, host: hostname(), began: beganAt(process.pid) ?? null }
  if (!(await taken(path, own))) {
    const holder = await holderOf(path)
    if (holder !== undefined && isAlive(holder)) {
      throw new InputError(
        `--output: ${directory}: process ${holder.pid} is collecting into it; wait, or name another directory`,
      )
    }
    await writeFile(path, JSON.stringify(own)).catch((error: unknown) => {
      throw cannotWrite('--output', path, error)
    })
  }
  return () => unlink(path).catch(() => {})
}

/** False when there is a lock. */
async function taken(path: string, own: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cannotWrite('--output', path, error)
  }
}

/** Undefined: cut off when its process was killed, or not one of ours. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

function isAlive({ pid, host, began }: Holder): boolean {
  if (host !== hostname() || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // A process of somebody else is one.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return began === null || began === (beganAt(pid) ?? began)
}

/** Linux alone tells; undefined elsewhere. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name of the program, in brackets, and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
