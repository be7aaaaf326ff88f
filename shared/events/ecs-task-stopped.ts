import * as z from 'zod/mini'
import { bounded, checked, cleanText, type EventOrigin, ownArn, type ReceivedEvent } from './event-bridge.ts'

/** Longest reason that is looked at; ECS itself writes at most 1,024 characters. */
const MAX_REASON = 4_096
/** A task has at most ten containers; some room for what AWS adds. */
const MAX_CONTAINERS = 50

const reason = z.nullish(z.string())
const detail = z.object({
  taskArn: bounded(2048),
  clusterArn: bounded(2048),
  taskDefinitionArn: bounded(2048),
  lastStatus: bounded(64),
  group: z.nullish(z.string().check(z.maxLength(512))),
  stopCode: z.nullish(z.string().check(z.maxLength(64))),
  stoppedReason: reason,
  containers: z.nullish(z.array(z.object({ reason })).check(z.maxLength(MAX_CONTAINERS))),
})

/** A task that changed its state: where to look, and what ECS is said to have said. */
export interface EcsTaskEvent extends EventOrigin {
  readonly kind: 'task'
  readonly taskArn: string
  readonly clusterArn: string
  readonly taskDefinitionArn: string
  /** `RUNNING`, `STOPPED`, …. */
  readonly lastStatus: string
  /** Name of the service that started it; undefined for tasks that no service runs. */
  readonly serviceName: string | undefined
  /** Why the task and its containers stopped, each at most 4,096 characters on one line. */
  readonly reasons: readonly string[]
}

/**
 * Reads an `ECS Task State Change`.
 * @throws InputError that names the field
 */
export function ecsTaskEvent({ origin, detail: stated }: ReceivedEvent): EcsTaskEvent {
  const task = checked(detail, stated, 'event.detail')
  const own = (text: string, field: string) => ownArn(text, 'ecs', origin, `event.detail.${field}`)
  return {
    kind: 'task',
    ...origin,
    taskArn: own(task.taskArn, 'taskArn'),
    clusterArn: own(task.clusterArn, 'clusterArn'),
    taskDefinitionArn: own(task.taskDefinitionArn, 'taskDefinitionArn'),
    lastStatus: task.lastStatus,
    serviceName: serviceOfGroup(task.group),
    reasons: reasonsOf(task.stoppedReason, task.containers),
  }
}

/** The service in a task's `group`; other groups are families and names that people gave. */
export function serviceOfGroup(group: string | null | undefined): string | undefined {
  return /^service:([\w-]{1,255})$/.exec(group ?? '')?.[1]
}

/** The texts that say why a task stopped: its own and those of its containers, cleaned, each once. */
export function reasonsOf(
  stoppedReason: string | null | undefined,
  containers: readonly { readonly reason?: string | null | undefined }[] | null | undefined,
): readonly string[] {
  const all = [stoppedReason, ...(containers ?? []).slice(0, MAX_CONTAINERS).map((container) => container.reason)]
  const texts = all.flatMap((text) => (typeof text === 'string' ? [cleanText(text, MAX_REASON)] : []))
  return [...new Set(texts)].filter((text) => text !== '')
}
