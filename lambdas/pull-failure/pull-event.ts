import { type PullThroughEvent, pullThroughEvent } from '../../shared/events/ecr-pull-through.ts'
import { type ReplicationEvent, replicationEvent } from '../../shared/events/ecr-replication.ts'
import { type EcsServiceEvent, ecsServiceEvent } from '../../shared/events/ecs-service-action.ts'
import { type EcsTaskEvent, ecsTaskEvent } from '../../shared/events/ecs-task-stopped.ts'
import { receivedEvent } from '../../shared/events/event-bridge.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Scope } from '../../shared/model/resource.ts'

/** The events this function serves. */
export type PullEvent = EcsTaskEvent | EcsServiceEvent | PullThroughEvent | ReplicationEvent

/**
 * Reads an event and refuses what is not ours: whoever may invoke the function must not be able to make it look at, or write
 * about, anything but its own account and region.
 * @throws InputError that names the field
 */
export function pullEvent(event: unknown, now: Date, own: Scope): PullEvent {
  const received = receivedEvent(event, now)
  const { accountId, region, source, detailType } = received.origin
  if (accountId !== own.accountId) throw new InputError('event.account: expected the account of this function')
  if (region !== own.region) throw new InputError('event.region: expected the region of this function')
  switch (`${source} ${detailType}`) {
    case 'aws.ecs ECS Task State Change':
      return ecsTaskEvent(received)
    case 'aws.ecs ECS Service Action':
      return ecsServiceEvent(received)
    case 'aws.ecr ECR Pull Through Cache Action':
      return pullThroughEvent(received)
    case 'aws.ecr ECR Replication Action':
      return replicationEvent(received)
    default:
      throw new InputError('event.detail-type: expected a task, service, pull-through cache or replication event')
  }
}
