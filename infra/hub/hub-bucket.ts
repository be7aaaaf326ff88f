import { Aws, CfnDeletionPolicy, aws_kms as kms, RemovalPolicy, aws_s3 as s3 } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { heartbeatFolder, publishedNames } from '../../shared/sources/published/names.ts'
import { deployedRolePrefixes, hubKeyAlias, publishedPrefix, reportPrefix, retentionDays } from '../hub-config.ts'

const KEY_ID = 'HubKey'
const BUCKET_ID = 'HubBucket'

/** ARNs in the spelling of `Fn::Sub`: statements name the bucket and its key with them. */
export const hubArns = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
  bucket: `arn:\${AWS::Partition}:s3:::\${${BUCKET_ID}}`,
  key: `arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/\${${KEY_ID}}`,
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
} as const

/** The keys that members read, whole. */
export const publishedKeys: readonly string[] = Object.values(publishedNames).map((name) => `${publishedPrefix}${name}`)

/** Below which prefix members leave the signs that they work, each account in a folder of its own. */
const heartbeatPrefix = `${publishedPrefix}${heartbeatFolder}`

/** The bucket of settings, organization and reports, with its key. */
export interface HubBucketProps {
  readonly organizationId: string
}

/**
 * The hub's bucket. The accounts of the organization may read exactly what is published for them, and their functions leave
 * heartbeats in the folder of their account; what people edit, and reports, are the hub account's own. It outlives the stack,
 * with its key: reports are evidence.
 */
export class HubBucket extends Construct {
  readonly key: kms.CfnKey
  readonly bucket: s3.CfnBucket
  readonly policy: s3.CfnBucketPolicy

  constructor(scope: Construct, id: string, { organizationId }: HubBucketProps) {
    super(scope, id)
    this.key = ownKey(this, organizationId)
    this.bucket = ownBucket(this, this.key)
    this.policy = new s3.CfnBucketPolicy(this, 'Policy', {
      bucket: this.bucket.ref,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          withoutTls(this.bucket),
          publishedForOrganization(this.bucket, organizationId),
          heartbeatsOfMembers(this.bucket, organizationId),
        ],
      },
    })
    this.policy.applyRemovalPolicy(RemovalPolicy.RETAIN)
  }
}

function ownKey(scope: Construct, organizationId: string): kms.CfnKey {
  const key = new kms.CfnKey(scope, 'Key', {
    description: 'Encrypts the settings, the organization and the reports of pullpath',
    enableKeyRotation: true,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [rolesOfOwnAccount, decryptForOrganization(organizationId), encryptForMembers(organizationId)],
    },
  })
  key.overrideLogicalId(KEY_ID)
  key.applyRemovalPolicy(RemovalPolicy.RETAIN)
  new kms.CfnAlias(scope, 'Alias', { aliasName: hubKeyAlias, targetKeyId: key.ref })
  return key
}

/** Leaves it to the policies of the account's own roles. */
const rolesOfOwnAccount = {
  Sid: 'PoliciesOfOwnAccount',
  Effect: 'Allow',
  Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
  Action: 'kms:*',
  Resource: '*',
}

/** Which objects they may read, the bucket says; the key is of no use for anything but objects in S3 of this region. */
function decryptForOrganization(organizationId: string): object {
  return {
    Sid: 'OrganizationReadsThroughS3',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { StringEquals: throughS3(organizationId) },
  }
}

/** For heartbeats. Which objects they may write, the bucket says. */
function encryptForMembers(organizationId: string): object {
  return {
    Sid: 'MembersWriteThroughS3',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'kms:GenerateDataKey',
    Resource: '*',
    Condition: { StringEquals: throughS3(organizationId), ArnLike: deployedRoles() },
  }
}

function throughS3(organizationId: string): Readonly<Record<string, string>> {
  return { 'aws:PrincipalOrgID': organizationId, 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` }
}

/** Whoever administers a member account can make a role of such a name; other roles of it cannot write. */
function deployedRoles(): object {
  return { 'aws:PrincipalArn': deployedRolePrefixes.map((start) => `arn:${Aws.PARTITION}:iam::*:role/${start}*`) }
}

function ownBucket(scope: Construct, key: kms.CfnKey): s3.CfnBucket {
  const bucket = new s3.CfnBucket(scope, 'Bucket', {
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          bucketKeyEnabled: true,
          serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.attrArn },
        },
      ],
    },
    lifecycleConfiguration: { rules: [...lifecycle] },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    versioningConfiguration: { status: 'Enabled' },
  })
  bucket.overrideLogicalId(BUCKET_ID)
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  return bucket
}

/** What is published and edited stays; reports and heartbeats end, and so do versions that were replaced. */
const lifecycle: readonly s3.CfnBucket.RuleProperty[] = [
  {
    id: 'reports-end',
    status: 'Enabled',
    prefix: reportPrefix,
    expirationInDays: retentionDays.reports,
  },
  {
    id: 'heartbeats-end',
    status: 'Enabled',
    prefix: heartbeatPrefix,
    expirationInDays: retentionDays.heartbeats,
    noncurrentVersionExpiration: { noncurrentDays: retentionDays.replacedHeartbeats },
  },
  {
    id: 'replaced-versions-end',
    status: 'Enabled',
    noncurrentVersionExpiration: { noncurrentDays: retentionDays.noncurrentVersions },
    abortIncompleteMultipartUpload: { daysAfterInitiation: retentionDays.incompleteUploads },
  },
  { id: 'markers-of-deleted-reports-end', status: 'Enabled', expiredObjectDeleteMarker: true },
]

function withoutTls({ attrArn }: s3.CfnBucket): object {
  return {
    Sid: 'NeverWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [attrArn, `${attrArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}

/** No ListBucket: a member learns nothing of what else there is. */
function publishedForOrganization({ attrArn }: s3.CfnBucket, organizationId: string): object {
  return {
    Sid: 'OrganizationReadsWhatIsPublished',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 's3:GetObject',
    Resource: publishedKeys.map((key) => `${attrArn}/${key}`),
    Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
  }
}

/** Its own folder only: S3 puts in the account of whoever writes. */
function heartbeatsOfMembers({ attrArn }: s3.CfnBucket, organizationId: string): object {
  return {
    Sid: 'MembersLeaveHeartbeats',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 's3:PutObject',
    Resource: `${attrArn}/${heartbeatPrefix}\${aws:PrincipalAccount}/*`,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId }, ArnLike: deployedRoles() },
  }
}
