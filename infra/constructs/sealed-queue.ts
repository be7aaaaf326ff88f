import { Aws, Fn, aws_sqs as sqs } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { QueueKey } from './queue-key.ts'

/** What a queue is made from. */
export interface SealedQueueProps extends Omit<sqs.CfnQueueProps, 'queueName'> {
  readonly queueName: string
  /** Missing: SQS encrypts by its own. */
  readonly key?: QueueKey
  /** For a queue that only roles of the account send to and read: without a key it has the account's KMS key of SQS. */
  readonly isInternal?: true
  /** ARNs of the EventBridge rules that may send; nobody else may without a permission of their own role. */
  readonly eventRules?: readonly string[]
}

/** A queue that is encrypted, by SQS or the deployer's key, and answers over TLS only. */
export class SealedQueue extends Construct {
  readonly queueName: string
  readonly queue: sqs.CfnQueue

  constructor(scope: Construct, id: string, { key, isInternal, eventRules = [], ...props }: SealedQueueProps) {
    super(scope, id)
    this.queueName = props.queueName
    this.queue = new sqs.CfnQueue(this, 'Queue', { ...props, ...encryptedBy(key, isInternal) })
    new sqs.CfnQueuePolicy(this, 'Policy', {
      queues: [this.queue.ref],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [withoutTls(this.queue), ...(eventRules.length > 0 ? [fromRules(this.queue, eventRules)] : [])],
      },
    })
  }
}

/** The ARN of an own queue by its name, before the queue is there: queues that name each other. */
export function queueArn(queueName: string): string {
  return `arn:${Aws.PARTITION}:sqs:${Aws.REGION}:${Aws.ACCOUNT_ID}:${queueName}`
}

/** The key that AWS keeps for SQS in each account: its policy lets every role of the account in that may use the queue, and no service. */
const accountKey = 'alias/aws/sqs'
/** Seconds that SQS uses a data key for: as long as it lets one. Messages are small, and KMS is paid by the call. */
const dataKeyReuse = 86_400

/** Keys of SQS itself cost nothing; a key of one's own, or one that is shared, can be taken away from a thief. */
function encryptedBy(key: QueueKey | undefined, isInternal: true | undefined) {
  if (key === undefined) return { sqsManagedSseEnabled: true }
  const { isGiven, arn } = key
  if (isInternal) {
    const kmsMasterKeyId = Fn.conditionIf(isGiven.logicalId, arn, accountKey).toString()
    return { kmsMasterKeyId, kmsDataKeyReusePeriodSeconds: dataKeyReuse }
  }
  return {
    kmsMasterKeyId: Fn.conditionIf(isGiven.logicalId, arn, Aws.NO_VALUE).toString(),
    sqsManagedSseEnabled: Fn.conditionIf(isGiven.logicalId, Aws.NO_VALUE, true),
  }
}

function withoutTls({ attrArn }: sqs.CfnQueue): object {
  return {
    Sid: 'NeverWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: attrArn,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}

/** The service acts for whoever wrote the rule: only our own rules may send. */
function fromRules({ attrArn }: sqs.CfnQueue, rules: readonly string[]): object {
  return {
    Sid: 'EventsOfOwnRules',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: attrArn,
    Condition: { ArnEquals: { 'aws:SourceArn': rules } },
  }
}
