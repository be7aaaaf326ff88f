import { GetObjectCommand } from '@aws-sdk/client-s3'
import { defaultInflateLimits, unpackedBytes } from '../config-snapshot/file-bytes.ts'
import { readSnapshotStreams, type SnapshotFiles, type SnapshotStream } from '../config-snapshot/read-snapshot-files.ts'
import { SnapshotFormatError } from '../config-snapshot/value-span.ts'
import { MalformedAnswer, type ReadFailure, readFailure } from '../failure.ts'
import { type Answer, callSignal } from '../reading.ts'
import type { ConfigBucketReader } from './reader.ts'

/** Longest wait for the next piece of a body, milliseconds. */
const STALL = 20_000

/**
 * Reads snapshots as they arrive, never a whole one in memory: items of wanted types only. What is wrong with a file is a problem
 * in the result; one that could not be fetched to its end is unknown.
 */
export async function readSnapshot(
  reader: ConfigBucketReader,
  keys: readonly string[],
  wantedTypes: ReadonlySet<string>,
): Promise<Answer<SnapshotFiles>> {
  const failures: ReadFailure[] = []
  const streams = keys.map((file): SnapshotStream => {
    const fetched = () => noted(objectBytes(reader, file), failures)
    return { file, bytes: () => unpackedBytes(fetched(), defaultInflateLimits) }
  })
  const value = await readSnapshotStreams(streams, { wantedTypes })
  const [failure] = failures
  return failure === undefined ? { state: 'known', value } : { state: 'unknown', ...failure }
}

/** A connection that breaks is no fault of the file. */
async function* noted(bytes: AsyncIterable<Buffer>, failures: ReadFailure[]): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    if (!(error instanceof SnapshotFormatError)) failures.push(readFailure('s3:GetObject', error))
    throw error
  }
}

async function* objectBytes(reader: ConfigBucketReader, Key: string): AsyncGenerator<Buffer> {
  const { name: Bucket, ownerId: ExpectedBucketOwner } = reader.bucket
  const command = new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner })
  const { Body } = await reader.client.send(command, { abortSignal: callSignal(reader) })
  if (!isStream(Body)) throw new MalformedAnswer('an object without a body')
  const end = (why: Error) => Body.destroy(why)
  const overdue = () => end(new Error('the call was ended'))
  reader.signal?.addEventListener('abort', overdue, { once: true })
  const stalled = setTimeout(() => end(new MalformedAnswer('a body that stalled')), STALL)
  try {
    for await (const chunk of Body) {
      stalled.refresh()
      yield chunk
    }
  } finally {
    clearTimeout(stalled)
    reader.signal?.removeEventListener('abort', overdue)
    Body.destroy()
  }
}

interface ByteStream extends AsyncIterable<Buffer> {
  destroy(error?: Error): unknown
}

function isStream(body: unknown): body is ByteStream {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body
}
