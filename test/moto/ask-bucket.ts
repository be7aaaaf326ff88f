// biome-ignore-all lint/suspicious/noExplicitAny: properties of templates are JSON
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3'
import type { Asked } from './ask-resources.ts'

/** What S3 says of a bucket's settings. */
export async function askBucket({ services: { s3 }, physicalId: Bucket }: Asked) {
  await s3.send(new HeadBucketCommand({ Bucket }))
  const orNothing = <Answer>(asking: Promise<Answer>) => asking.catch(() => undefined)
  const encryption = await orNothing(s3.send(new GetBucketEncryptionCommand({ Bucket })))
  const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket }))
  const access = await orNothing(s3.send(new GetPublicAccessBlockCommand({ Bucket })))
  const ownership = await orNothing(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })))
  const lifecycle = await orNothing(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))
  return {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: encryption?.ServerSideEncryptionConfiguration?.Rules?.map(
        ({ BucketKeyEnabled, ApplyServerSideEncryptionByDefault }) => ({
          BucketKeyEnabled,
          ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
        }),
      ),
    },
    VersioningConfiguration: versioning.Status && { Status: versioning.Status },
    PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
    OwnershipControls: ownership?.OwnershipControls,
    LifecycleConfiguration: lifecycle?.Rules && { Rules: lifecycle.Rules.map(templateRule) },
  }
}

/** What S3 says of a bucket's policy. */
export async function askBucketPolicy({ services: { s3 }, properties: { Bucket } }: Asked) {
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }))
  return Policy === undefined ? undefined : { Bucket, PolicyDocument: JSON.parse(Policy) }
}

/** A rule of a lifecycle in the words of S3, from those of templates. */
export function lifecycleRule(rule: any): LifecycleRule {
  const { Id: ID, Status, Prefix = '', ExpirationInDays: Days, NoncurrentVersionExpiration, ...others } = rule
  const { AbortIncompleteMultipartUpload, ExpiredObjectDeleteMarker, ...unknown } = others
  if (Object.keys(unknown).length > 0)
    throw new Error(`a lifecycle has words that are not known here: ${Object.keys(unknown)}`)
  return {
    ...{ ID, Status, Filter: { Prefix } },
    ...(Days !== undefined && { Expiration: { Days } }),
    ...(ExpiredObjectDeleteMarker !== undefined && { Expiration: { ExpiredObjectDeleteMarker } }),
    ...(NoncurrentVersionExpiration !== undefined && { NoncurrentVersionExpiration }),
    ...(AbortIncompleteMultipartUpload !== undefined && { AbortIncompleteMultipartUpload }),
  }
}

function templateRule({ ID: Id, Status, Filter, Expiration, ...others }: LifecycleRule): object {
  const { NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = others
  return {
    ...{ Id, Status, ...(Filter?.Prefix && { Prefix: Filter.Prefix }) },
    ...(Expiration?.Days !== undefined && { ExpirationInDays: Expiration.Days }),
    ...(Expiration?.ExpiredObjectDeleteMarker && { ExpiredObjectDeleteMarker: true }),
    ...(NoncurrentVersionExpiration && { NoncurrentVersionExpiration }),
    ...(AbortIncompleteMultipartUpload && { AbortIncompleteMultipartUpload }),
  }
}
