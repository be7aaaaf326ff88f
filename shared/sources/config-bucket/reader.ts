import type { S3Client } from '@aws-sdk/client-s3'
import type { Reader } from '../reading.ts'

/** The bucket that AWS Config delivers to, and where in it. */
export interface ConfigBucket {
  readonly name: string
  /** Account id of its owner: a bucket of that name in another account is not the organization's. */
  readonly ownerId: string
  /** Of AWS Config's delivery channel: empty, or ends in `/`. */
  readonly prefix: string
}

/** Where and with what to read deliveries; the account and region are those whose deliveries are read. */
export interface ConfigBucketReader extends Reader {
  readonly client: Pick<S3Client, 'send'>
  readonly bucket: ConfigBucket
  /** `o-…`: AWS Control Tower puts it before `AWSLogs/`. */
  readonly organizationId: string | undefined
}
