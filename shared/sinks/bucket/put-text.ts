import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { backOff, type Patience } from '../back-off.ts'

/** IAM actions of this sink, on the objects it writes and on the bucket's key only. */
export const permissions = [
  { action: 's3:PutObject', resource: 'published-objects' },
  { action: 'kms:GenerateDataKey', resource: 'hub-key' },
  { action: 'kms:Decrypt', resource: 'hub-key' },
] as const

const ATTEMPTS = 4
/** Longest time one call may take, milliseconds. */
const CALL_TIME = 20_000

/** The bucket that is written to, and how long to be patient with it. */
export interface BucketSink extends Patience {
  readonly client: Pick<S3Client, 'send'>
  readonly bucket: { readonly name: string; readonly ownerId: string }
}

/** Which version of the object is replaced: that one, or none. */
export type Replaced = { readonly etag: string } | 'nothing'

/** What came of a write. `conflict`: the object is another one by now, and stays as it is. */
export type Written = 'written' | 'conflict'

/**
 * Writes a text whole, or not at all, in the place of the version that was read: never over one that came in between. What the
 * service is too busy for is sent again. A `conflict` may be our own write, whose answer was lost: whoever gets one reads again.
 * @throws what the service threw when it refused for good, or four times
 */
export async function putText(
  sink: BucketSink,
  object: { readonly key: string; readonly text: string; readonly contentType: string },
  replaced: Replaced,
): Promise<Written> {
  const { key, text, contentType } = object
  const condition = replaced === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: replaced.etag }
  const input = { Bucket: sink.bucket.name, ExpectedBucketOwner: sink.bucket.ownerId, Key: key, ...condition }
  const Body = Buffer.from(text)
  for (let attempt = 1; ; attempt++) {
    const command = new PutObjectCommand({ ...input, Body, ContentType: contentType })
    try {
      await sink.client.send(command, { abortSignal: AbortSignal.timeout(CALL_TIME) })
      return 'written'
    } catch (error) {
      const status = statusOf(error)
      if (isConflict(status, error)) return 'conflict'
      if (attempt === ATTEMPTS || isRefused(status)) throw error
      await backOff(sink, attempt)
    }
  }
}

/** 412: not the version that was read. 409: two writers at the same moment. 404: the version to replace was deleted. */
function isConflict(status: number | undefined, error: unknown): boolean {
  return status === 412 || status === 409 || (error instanceof Error && error.name === 'NoSuchKey')
}

/** Asking again changes nothing about denied access or a key that is disabled. */
function isRefused(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode
}
