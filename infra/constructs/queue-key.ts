import { Aws, CfnCondition, CfnParameter, Fn, aws_iam as iam, type Stack } from 'aws-cdk-lib'
import { type DeployedRoles, namesOf } from './deployed-roles.ts'

/** The key that the queues are encrypted with, if the deployer gives one. */
export interface QueueKey {
  readonly isGiven: CfnCondition
  /** A token; empty unless it is given. */
  readonly arn: string
}

/**
 * Without a key the queues of findings have the account's own of SQS, which services cannot use, and SQS encrypts the others by its
 * own. A customer key costs a dollar a month in each account and region, so it is for the
 * deployer to bring one, as a rule one that the organization shares.
 */
export function queueKeyParameter(scope: Stack): QueueKey {
  const parameter = new CfnParameter(scope, 'QueueKey', {
    default: '',
    allowedPattern: '^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$',
    description:
      'ARN of a KMS key for the queues; its policy must let this account use it, and events.amazonaws.com and sqs.amazonaws.com. Empty: the queues of findings have the key of SQS in the account (aws/sqs), the others one of SQS itself.',
  })
  const isGiven = new CfnCondition(scope, 'HasQueueKey', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
  })
  return { isGiven, arn: parameter.valueAsString }
}

/** Lets the functions read and write encrypted queues, and use the key for nothing else. */
export function permitKey(scope: Stack, { isGiven, arn }: QueueKey, roles: DeployedRoles): iam.CfnPolicy {
  const policy = new iam.CfnPolicy(scope, 'QueueKeyUse', {
    policyName: 'queue-key',
    roles: namesOf(roles),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'UseKeyOfQueues',
          Effect: 'Allow',
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: arn,
          // The star: the suffix differs between partitions.
          Condition: { StringLike: { 'kms:ViaService': `sqs.${Aws.REGION}.amazonaws.com*` } },
        },
      ],
    },
  })
  policy.cfnOptions.condition = isGiven
  return policy
}
