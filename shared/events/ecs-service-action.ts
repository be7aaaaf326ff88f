import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import { bounded, checked, type EventOrigin, ownArn, type ReceivedEvent } from './event-bridge.ts'

const detail = z.object({ eventName: bounded(128), clusterArn: bounded(2048) })

/** Something that ECS says of a service: where to look. */
export interface EcsServiceEvent extends EventOrigin {
  readonly kind: 'service'
  /** `SERVICE_STEADY_STATE`, `SERVICE_TASK_START_IMPAIRED`, …. */
  readonly eventName: string
  readonly clusterArn: string
  readonly serviceName: string
}

/**
 * Reads an `ECS Service Action`.
 * @throws InputError that names the field
 */
export function ecsServiceEvent({ origin, resources, detail: stated }: ReceivedEvent): EcsServiceEvent {
  const { eventName, clusterArn } = checked(detail, stated, 'event.detail')
  const [first] = resources
  if (first === undefined) throw new InputError('event.resources: expected the ARN of a service')
  const serviceArn = ownArn(first, 'ecs', origin, 'event.resources.0')
  // Old ARNs lack the cluster.
  const serviceName = /:service\/(?:[\w-]{1,255}\/)?([\w-]{1,255})$/.exec(serviceArn)?.[1]
  if (serviceName === undefined) throw new InputError('event.resources.0: expected the ARN of a service')
  const cluster = ownArn(clusterArn, 'ecs', origin, 'event.detail.clusterArn')
  return { kind: 'service', ...origin, eventName, clusterArn: cluster, serviceName }
}
