/** One event pattern of EventBridge. */
export interface EventPattern {
  readonly source: readonly string[]
  readonly 'detail-type': readonly string[]
  readonly detail: Readonly<Record<string, readonly unknown[]>>
}

/**
 * How the texts begin by which ECS says that a task did not get what it needs to start. Prefixes, since each wildcard counts against
 * what EventBridge calls the complexity of a rule.
 */
const failedPull = [{ prefix: 'CannotPull' }, { prefix: 'ResourceInitializationError' }] as const

/**
 * The events that tell of pulls. Tasks that stopped after they ran are left out by their stop code, unless a text says that a pull
 * failed: one that somebody stops, or a service takes back, while it still tries to pull has any code. Tasks of a service that
 * start are not waited for, because its steady state says the same once for all of them.
 */
export const pullEventPatterns: readonly EventPattern[] = [
  {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      lastStatus: ['STOPPED'],
      $or: [
        { stopCode: ['TaskFailedToStart', 'EssentialContainerExited'] },
        { stoppedReason: failedPull },
        { containers: { reason: failedPull } },
      ],
    },
  },
  {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      lastStatus: ['RUNNING'],
      desiredStatus: ['RUNNING'],
      group: [{ 'anything-but': { prefix: 'service:' } }],
    },
  },
  {
    source: ['aws.ecs'],
    'detail-type': ['ECS Service Action'],
    detail: { eventName: ['SERVICE_TASK_START_IMPAIRED', 'SERVICE_STEADY_STATE'] },
  },
  {
    source: ['aws.ecr'],
    'detail-type': ['ECR Pull Through Cache Action'],
    detail: { 'sync-status': [{ exists: true }] },
  },
  { source: ['aws.ecr'], 'detail-type': ['ECR Replication Action'], detail: { result: ['FAILED', 'SUCCESS'] } },
]
