import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { backOff } from '../back-off.ts'
import { type BucketSink, isRefused, statusOf } from './put-text.ts'

/** IAM actions of this sink, on the objects it writes and on the bucket's key only. */
export const permissions = [
  { action: 's3:PutObject', resource: 'report-objects' },
  { action: 's3:AbortMultipartUpload', resource: 'report-objects' },
  { action: 'kms:GenerateDataKey', resource: 'hub-key' },
  { action: 'kms:Decrypt', resource: 'hub-key' },
] as const

const ATTEMPTS = 4
/** Longest time one call may take, milliseconds. */
const CALL_TIME = 60_000
/** Bytes of a part; S3 takes 10,000 of them, and none below 5 MiB but the last. */
const PART = 8 * 2 ** 20

/** What was written. */
export interface WrittenObject {
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/**
 * Writes an object of any size from pieces of text, in the place of whatever is there: all of it or none of it. No more than a
 * part of 8 MiB is ever held.
 * @throws what the service threw when it refused for good, or four times; what `pieces` threw
 */
export async function putStream(
  sink: BucketSink,
  object: { readonly key: string; readonly contentType: string },
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<WrittenObject> {
  const hash = createHash('sha256')
  let bytes = 0
  let upload: Upload | undefined
  let last: Buffer = Buffer.alloc(0)
  try {
    for await (const part of partsOf(pieces)) {
      hash.update(part)
      bytes += part.length
      if (part.length < PART) last = part
      else {
        upload ??= await begin(sink, object)
        await sendPart(sink, upload, part)
      }
    }
    if (upload === undefined) await putWhole(sink, object, last)
    else await finish(sink, upload, last)
    return { bytes, sha256: hash.digest('hex') }
  } catch (error) {
    if (upload !== undefined) await abandon(sink, upload)
    throw error
  }
}

/** Parts of full size, and one that is smaller at the end. */
async function* partsOf(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    held.push(Buffer.from(piece))
    size += held.at(-1)?.length ?? 0
    if (size < PART) continue
    const all = Buffer.concat(held)
    const whole = all.length - (all.length % PART)
    for (let at = 0; at < whole; at += PART) yield all.subarray(at, at + PART)
    held = [all.subarray(whole)]
    size = all.length - whole
  }
  yield Buffer.concat(held)
}

interface Upload {
  readonly key: string
  readonly id: string
  readonly parts: { readonly PartNumber: number; readonly ETag: string | undefined }[]
}

function placeOf({ bucket }: BucketSink) {
  return { Bucket: bucket.name, ExpectedBucketOwner: bucket.ownerId }
}

async function putWhole(
  sink: BucketSink,
  { key: Key, contentType: ContentType }: { readonly key: string; readonly contentType: string },
  Body: Buffer,
): Promise<void> {
  await patiently(sink, (abortSignal) =>
    sink.client.send(new PutObjectCommand({ ...placeOf(sink), Key, ContentType, Body }), { abortSignal }),
  )
}

async function begin(
  sink: BucketSink,
  object: { readonly key: string; readonly contentType: string },
): Promise<Upload> {
  const input = { ...placeOf(sink), Key: object.key, ContentType: object.contentType }
  const { UploadId } = await patiently(sink, (abortSignal) =>
    sink.client.send(new CreateMultipartUploadCommand(input), { abortSignal }),
  )
  if (UploadId === undefined) throw new Error('s3:PutObject: an upload without its id')
  return { key: object.key, id: UploadId, parts: [] }
}

async function sendPart(sink: BucketSink, { key: Key, id: UploadId, parts }: Upload, Body: Buffer): Promise<void> {
  const PartNumber = parts.length + 1
  const { ETag } = await patiently(sink, (abortSignal) =>
    sink.client.send(new UploadPartCommand({ ...placeOf(sink), Key, UploadId, PartNumber, Body }), { abortSignal }),
  )
  parts.push({ PartNumber, ETag })
}

async function finish(sink: BucketSink, upload: Upload, last: Buffer): Promise<void> {
  if (last.length > 0) await sendPart(sink, upload, last)
  const { key: Key, id: UploadId, parts: Parts } = upload
  const input = { ...placeOf(sink), Key, UploadId, MultipartUpload: { Parts } }
  await patiently(sink, (abortSignal) => sink.client.send(new CompleteMultipartUploadCommand(input), { abortSignal }))
}

/** Parts nobody will ever put together cost money. What cannot be abandoned now the bucket's lifecycle removes. */
async function abandon(sink: BucketSink, { key: Key, id: UploadId }: Upload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ ...placeOf(sink), Key, UploadId })
  await sink.client.send(command, { abortSignal: AbortSignal.timeout(CALL_TIME) }).catch(() => undefined)
}

async function patiently<T>(sink: BucketSink, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(AbortSignal.timeout(CALL_TIME))
    } catch (error) {
      if (attempt === ATTEMPTS || isRefused(statusOf(error))) throw error
      await backOff(sink, attempt)
    }
  }
}
