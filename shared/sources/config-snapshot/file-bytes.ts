import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SnapshotFormatError } from './value-span.ts'

/** Bounds on what a compressed file may grow to. */
export interface InflateLimits {
  /** Most bytes of output; 16 GiB. */
  readonly outputBytes: number
  /** Most bytes of output for one byte of input. Configuration items shrink 10 to 50 times; a bomb about 1,000 times; 250. */
  readonly ratio: number
  /** Output below which the ratio is not looked at; 16 MiB. */
  readonly ratioAppliesAfter: number
}

/** Far above real files, far below what hurts. */
export const defaultInflateLimits: InflateLimits = {
  outputBytes: 16 * 2 ** 30,
  ratio: 250,
  ratioAppliesAfter: 16 * 2 ** 20,
}

const chunkSize = 256 * 1024

/**
 * The bytes of a file, unpacked when they are gzip (told by their first bytes, not by the name).
 * Throws `SnapshotFormatError` for broken or exploding gzip and the error of the file system for the rest.
 */
export async function* fileBytes(file: string, limits: InflateLimits): AsyncGenerator<Buffer> {
  if (!(await isGzip(file))) {
    yield* createReadStream(file, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>
    return
  }
  const packed = createReadStream(file, { highWaterMark: chunkSize })
  const unpacked = createGunzip({ chunkSize })
  // The callback only keeps the error from being unhandled: the iteration below throws it as well.
  pipeline(packed, unpacked, () => {})
  try {
    let bytes = 0
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length
      refuseBomb(bytes, packed.bytesRead, limits)
      yield chunk
    }
  } catch (error) {
    throw isZlibError(error) ? new SnapshotFormatError('broken or truncated gzip') : error
  } finally {
    packed.destroy()
    unpacked.destroy()
  }
}

/**
 * The same of bytes that arrive from elsewhere, cut anywhere. Throws `SnapshotFormatError` likewise, and what `packed` throws.
 */
export async function* unpackedBytes(packed: AsyncIterable<Buffer>, limits: InflateLimits): AsyncGenerator<Buffer> {
  let taken = 0
  const counted = counting(packed, (bytes) => {
    taken += bytes
  })
  const head = await headOf(counted)
  if (!startsLikeGzip(head)) {
    yield head
    yield* counted
    return
  }
  const source = Readable.from(following(head, counted), { objectMode: true })
  const unpacked = createGunzip({ chunkSize })
  pipeline(source, unpacked, () => {})
  try {
    let bytes = 0
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length
      refuseBomb(bytes, taken, limits)
      yield chunk
    }
  } catch (error) {
    throw isZlibError(error) ? new SnapshotFormatError('broken or truncated gzip') : error
  } finally {
    source.destroy()
    unpacked.destroy()
  }
}

async function* counting(chunks: AsyncIterable<Buffer>, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    count(chunk.length)
    yield chunk
  }
}

/** Enough of the beginning to tell gzip by. The rest stays in `chunks`. */
async function headOf(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0)
  while (bytes.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    bytes = Buffer.concat([bytes, next.value])
  }
  return bytes
}

async function* following(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && startsLikeGzip(buffer)
  } finally {
    await handle.close()
  }
}

function startsLikeGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

function refuseBomb(output: number, input: number, limits: InflateLimits): void {
  if (output > limits.outputBytes) {
    throw new SnapshotFormatError(`gzip: unpacks to more than ${limits.outputBytes} bytes`)
  }
  if (output > limits.ratioAppliesAfter && output > limits.ratio * input) {
    throw new SnapshotFormatError(`gzip: unpacks to more than ${limits.ratio} times its size`)
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}
