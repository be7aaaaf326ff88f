import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import { type Answer, ask, type Reader } from '../reading.ts'

/** A bucket and who must own it: a bucket of that name in another account is not ours. */
export interface Bucket {
  readonly name: string
  /** Account id. */
  readonly ownerId: string
}

/** Where and with what to read objects. */
export interface BucketReader extends Reader {
  readonly client: Pick<S3Client, 'send'>
  readonly bucket: Bucket
}

/** A text as the bucket holds it. */
export interface StoredText {
  readonly text: string
  /** Tells this version from every other one: for conditional writes. */
  readonly etag: string
  /** When it was written, ISO 8601. */
  readonly writtenAt: string
}

/** What came of the body: S3 says its size before, a hostile writer need not. */
type Body = { readonly bytes: Buffer } | { readonly refused: string }

/**
 * Reads an object as UTF-8 text. Absent only when S3 says that there is no such key; one larger than `maxBytes`, or that is no
 * text, is unknown for good. No more than `maxBytes` are ever held.
 */
export async function getText(reader: BucketReader, key: string, maxBytes: number): Promise<Answer<StoredText>> {
  const answer = await ask(
    reader,
    `s3:GetObject of ${key}`,
    'NoSuchKey',
    async (signal) => {
      const input = { Bucket: reader.bucket.name, Key: key, ExpectedBucketOwner: reader.bucket.ownerId }
      const output = await reader.client.send(new GetObjectCommand(input), { abortSignal: signal })
      return { output, body: await bodyOf(output, maxBytes, signal) }
    },
    ({ output, body }) => ({ body, ...versionOf(output) }),
  )
  if (answer.state !== 'known') return answer
  const { body, ...version } = answer.value
  if ('refused' in body) return { state: 'unknown', ...lasting(`${key} ${body.refused}`) }
  const text = utf8(body.bytes)
  if (text === undefined) return { state: 'unknown', ...lasting(`${key} is not UTF-8 text`) }
  return { state: 'known', value: { text, ...version } }
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}

function versionOf({ ETag, LastModified }: GetObjectCommandOutput) {
  if (typeof ETag !== 'string' || ETag === '') throw new MalformedAnswer('an object without ETag')
  if (!(LastModified instanceof Date) || Number.isNaN(LastModified.getTime())) {
    throw new MalformedAnswer('an object without the time it was written')
  }
  return { etag: ETag, writtenAt: LastModified.toISOString() }
}

/** The SDK's signal ends with the head of the answer: a body that trickles is ended here. */
async function bodyOf(
  { Body, ContentLength }: GetObjectCommandOutput,
  max: number,
  signal: AbortSignal,
): Promise<Body> {
  if (!isStream(Body)) throw new MalformedAnswer('an object without a body')
  const end = () => Body.destroy(asError(signal.reason))
  signal.addEventListener('abort', end, { once: true })
  try {
    if (signal.aborted) end()
    if ((ContentLength ?? 0) > max) return tooLarge(Body, max)
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of Body) {
      bytes += chunk.length
      if (bytes > max) return tooLarge(Body, max)
      chunks.push(chunk)
    }
    return { bytes: Buffer.concat(chunks) }
  } finally {
    signal.removeEventListener('abort', end)
  }
}

interface ByteStream extends AsyncIterable<Buffer> {
  destroy(error?: Error): unknown
}

function isStream(body: unknown): body is ByteStream {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the call was ended')
}

function tooLarge(body: ByteStream, max: number): Body {
  body.destroy()
  return { refused: `is larger than ${max} bytes` }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
