import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** The pieces as they are, and the SHA-256 of all of them (hexadecimal), to be asked for after the last one. */
export function digested(pieces: Iterable<string>): {
  readonly pieces: Iterable<string>
  readonly digest: () => string
} {
  const hash = createHash('sha256')
  function* passing() {
    for (const piece of pieces) {
      hash.update(piece)
      yield piece
    }
  }
  return { pieces: passing(), digest: () => hash.digest('hex') }
}

/** The SHA-256 of a file, hexadecimal; undefined when it cannot be read. */
export async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return undefined
  }
  return hash.digest('hex')
}
