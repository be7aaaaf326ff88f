import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { backOff, type Patience } from '../back-off.ts'

/** IAM actions of this sink, on the objects it writes and on the bucket's key only. */
export const permissions = [
  { action: 's3:PutObject', resource: 'published-objects' },
  { action: 'kms:GenerateDataKey', resource: 'hub-key' },
  { action: 'kms:Decrypt', resource: 'hub-key' },
] as const

const ATTEMPTS = 4
const CALL_TIME = 20_000

/** The bucket that is written to, and how long to be patient with it. */
export interface BucketSink extends Patience {
  readonly client: Pick<S3Client, 'send'>
  readonly bucket: { readonly name: string; readonly ownerId: string }
  /** Calls at most; four unless told. */
  readonly attempts?: number
  /** Longest time one call may take, milliseconds; twenty seconds unless told. */
  readonly callTime?: number
}

/** Which version of the object is replaced: that one, none, or whatever is there. */
export type Replaced = { readonly etag: string } | 'nothing' | 'anything'

/** What came of a write. `conflict`: the object is another one by now, and stays as it is. */
export type Written = 'written' | 'conflict'

/**
 * Writes a text whole, or not at all, in the place of the version that was read: never over one that came in between. What the
 * service is too busy for is sent again. A `conflict` may be our own write, whose answer was lost: whoever gets one reads again.
 * @throws what the service threw when it refused for good, or every time
 */
export async function putText(
  sink: BucketSink,
  object: { readonly key: string; readonly text: string; readonly contentType: string },
  replaced: Replaced,
): Promise<Written> {
  const { key, text, contentType } = object
  const { bucket, attempts = ATTEMPTS, callTime = CALL_TIME } = sink
  const input = { Bucket: bucket.name, ExpectedBucketOwner: bucket.ownerId, Key: key, ...conditionOf(replaced) }
  const Body = Buffer.from(text)
  for (let attempt = 1; ; attempt++) {
    const command = new PutObjectCommand({ ...input, Body, ContentType: contentType })
    try {
      await sink.client.send(command, { abortSignal: AbortSignal.timeout(callTime) })
      return 'written'
    } catch (error) {
      const status = statusOf(error)
      if (isConflict(status, error)) return 'conflict'
      if (attempt >= attempts || isRefused(status)) throw error
      await backOff(sink, attempt)
    }
  }
}

function conditionOf(replaced: Replaced): { readonly IfNoneMatch?: string; readonly IfMatch?: string } {
  if (replaced === 'anything') return {}
  return replaced === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: replaced.etag }
}

/** 412: not the version that was read. 409: two writers at the same moment. 404: the version to replace was deleted. */
function isConflict(status: number | undefined, error: unknown): boolean {
  return status === 412 || status === 409 || (error instanceof Error && error.name === 'NoSuchKey')
}

/** Asking again changes nothing about denied access or a key that is disabled. */
export function isRefused(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408
}

/** The HTTP status of a service's answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode
}
