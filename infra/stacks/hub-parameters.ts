import { Aws, CfnCondition, CfnParameter, Fn, aws_iam as iam, type Stack } from 'aws-cdk-lib'
import { heartbeatKey, publishedNames } from '../../shared/sources/published/names.ts'
import { deployedAreas } from '../config.ts'
import { type DeployedRoles, namesOf } from '../constructs/deployed-roles.ts'
import { regionPattern } from '../region-pattern.ts'

/** Where a hub publishes settings and the organization, if there is one. */
export interface HubParameters {
  readonly isGiven: CfnCondition
  readonly hasKey: CfnCondition
  /** The variables `shared/live/hub-place.ts` reads: empty without a hub. */
  readonly environment: Readonly<Record<string, string>>
  readonly bucket: string
  readonly prefix: string
  readonly key: string
  readonly region: string
}

/** The parameters that name the hub. All are empty where an account stands alone. */
export function hubParameters(scope: Stack): HubParameters {
  const named = (id: string, allowedPattern: string, description: string): string =>
    new CfnParameter(scope, id, { default: '', allowedPattern, description }).valueAsString
  const bucket = named(
    'HubBucket',
    '^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$',
    'Bucket in which the hub publishes settings and the organization. Empty: there is no hub.',
  )
  // Without the * that S3 allows in keys: in the resource of a policy it would stand for anything.
  const prefix = named('HubPrefix', "^([A-Za-z0-9_!.'()/-]{1,50}/)?$", 'Prefix of what the hub publishes, with its /.')
  const account = named('HubAccount', '^([0-9]{12})?$', "Id of the hub's account, which must own the bucket.")
  const region = named('HubRegion', `^(${regionPattern})?$`, 'Region of the bucket. Empty: this one.')
  const key = named(
    'HubKey',
    '^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$',
    'ARN of the KMS key of the bucket. Empty: it is encrypted without one.',
  )
  const given = (id: string, value: string) =>
    new CfnCondition(scope, id, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) })
  return {
    ...{ isGiven: given('HasHub', bucket), hasKey: given('HasHubKey', key), bucket, prefix, key, region },
    environment: {
      PULLPATH_HUB_BUCKET: bucket,
      PULLPATH_HUB_PREFIX: prefix,
      PULLPATH_HUB_ACCOUNT: account,
      PULLPATH_HUB_REGION: region,
    },
  }
}

/**
 * Lets functions read what the hub publishes for members: these objects, and nothing else of the bucket; and leave their own
 * account's heartbeats.
 */
export function permitHub(scope: Stack, hub: HubParameters, roles: DeployedRoles): void {
  const objects = Object.values(publishedNames).map(
    (name) => `arn:${Aws.PARTITION}:s3:::${hub.bucket}/${hub.prefix}${name}`,
  )
  const reading = { Sid: 'ReadWhatTheHubPublishes', Effect: 'Allow', Action: 's3:GetObject', Resource: objects }
  attached(scope, 'HubReading', reading, roles).cfnOptions.condition = hub.isGiven
  attached(scope, 'HubDecryption', decryption(hub.key), roles).cfnOptions.condition = hub.hasKey
  attached(scope, 'HubHeartbeat', heartbeats(hub), roles).cfnOptions.condition = hub.isGiven
  attached(scope, 'HubEncryption', encryption(hub.key), roles).cfnOptions.condition = hub.hasKey
}

/** Whoever may write here can claim that this account's functions work, and nothing of another account. */
function heartbeats({ bucket, prefix }: HubParameters): object {
  const keys = deployedAreas.map((area) => heartbeatKey(Aws.ACCOUNT_ID, Aws.REGION, area))
  const Resource = keys.map((key) => `arn:${Aws.PARTITION}:s3:::${bucket}/${prefix}${key}`)
  return { Sid: 'TellTheHubOfSweeps', Effect: 'Allow', Action: 's3:PutObject', Resource }
}

function attached(scope: Stack, id: string, statement: object, roles: DeployedRoles): iam.CfnPolicy {
  const policyDocument = { Version: '2012-10-17', Statement: [statement] }
  return new iam.CfnPolicy(scope, id, { policyName: id, roles: namesOf(roles), policyDocument })
}

function decryption(key: string): object {
  return { Sid: 'DecryptWhatTheHubPublishes', Effect: 'Allow', Action: 'kms:Decrypt', Resource: key, ...throughS3 }
}

function encryption(key: string): object {
  return { Sid: 'EncryptHeartbeats', Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: key, ...throughS3 }
}

/** In the region of the bucket, which need not be this one. */
const throughS3 = { Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com*' } } }
