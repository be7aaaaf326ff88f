import { type FileHandle, lstat, open, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

const writeAt = 256 * 1024

/**
 * Writes a file so that at any moment, power cuts included, the path holds either what it held or all of the new text.
 * @throws the error of the file system; no part of the new text is left behind then
 */
export async function writeAtomically(path: string, pieces: Iterable<string>, mode = 0o600): Promise<void> {
  // The same name each time: what a killed process left is overwritten by the next one.
  const temporary = join(dirname(path), `.${basename(path)}.part`)
  try {
    await writeWhole(temporary, pieces, mode)
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
  await syncDirectory(dirname(path))
}

/**
 * As above for a path a user names, which may also be a pipe, a device, or a link: what a link leads to is written, and
 * the link stays. @throws the error of the file system
 */
export async function writeOutput(path: string, pieces: Iterable<string>): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return writeNew(path, pieces)
  // What /dev/stdout leads to is held open by the shell: another file of that name would not be what it reads.
  const isHeld = !there.isFile() || /^\/(?:dev|proc)\//.test(resolve(path))
  if (isHeld) await writeFile(path, pieces)
  else await writeAtomically(await realpath(path), pieces, there.mode)
}

/** A link that leads nowhere yet is followed by the plain way of writing. */
async function writeNew(path: string, pieces: Iterable<string>): Promise<void> {
  const isLink = await lstat(path).then(
    () => true,
    () => false,
  )
  if (isLink) await writeFile(path, pieces)
  else await writeAtomically(path, pieces, 0o666)
}

async function writeWhole(path: string, pieces: Iterable<string>, mode: number): Promise<void> {
  const handle = await open(path, 'w', mode)
  try {
    await writePieces(handle, pieces)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writePieces(handle: FileHandle, pieces: Iterable<string>): Promise<void> {
  let waiting: string[] = []
  let length = 0
  for (const piece of pieces) {
    waiting.push(piece)
    length += piece.length
    if (length < writeAt) continue
    await handle.writeFile(waiting.join(''))
    waiting = []
    length = 0
  }
  if (length > 0) await handle.writeFile(waiting.join(''))
}

/** The rename itself has to reach the disk. Some file systems cannot sync a directory; that is no failure of the write. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
