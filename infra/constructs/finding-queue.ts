import { aws_lambda as lambda } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { findingDelivery, queueNames, retention } from '../config.ts'
import type { InlineFunction } from './inline-function.ts'
import type { QueueKey } from './queue-key.ts'
import { queueArn, SealedQueue } from './sealed-queue.ts'

/** What the queue of findings is made from. */
export interface FindingQueueProps {
  readonly publisher: InlineFunction
  readonly key: QueueKey
}

/**
 * The queue of findings with its dead letters, and the poller that hands findings to finding-publisher. Messages the function
 * answers with come again alone; the rest of their batch is done.
 */
export class FindingQueue extends Construct {
  readonly findings: SealedQueue
  readonly deadLetters: SealedQueue

  constructor(scope: Construct, id: string, { publisher, key }: FindingQueueProps) {
    super(scope, id)
    this.deadLetters = new SealedQueue(this, 'DeadLetters', {
      queueName: queueNames.findingDeadLetters,
      ...{ key, isInternal: true },
      messageRetentionPeriod: retention.deadLetters,
      redriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn(queueNames.findings)] },
    })
    this.findings = new SealedQueue(this, 'Findings', {
      queueName: queueNames.findings,
      ...{ key, isInternal: true },
      messageRetentionPeriod: retention.findings,
      visibilityTimeout: findingDelivery.visibilityTimeoutSeconds,
      redrivePolicy: {
        deadLetterTargetArn: this.deadLetters.queue.attrArn,
        maxReceiveCount: findingDelivery.maxReceiveCount,
      },
    })
    const { batchSize, batchingWindowSeconds, maximumConcurrency } = findingDelivery
    new lambda.CfnEventSourceMapping(this, 'Poller', {
      eventSourceArn: this.findings.queue.attrArn,
      functionName: publisher.function.ref,
      batchSize,
      maximumBatchingWindowInSeconds: batchingWindowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency },
    })
  }
}
