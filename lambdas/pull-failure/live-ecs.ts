import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs'
import { reasonsOf, serviceOfGroup } from '../../shared/events/ecs-task-stopped.ts'
import type { EcsReader } from '../../shared/sources/ecs/reader.ts'
import { type Answer, ask, needList, needText } from '../../shared/sources/reading.ts'

/** `between`: neither does it run, wanted so, nor has it stopped; ECS may also just show it late. */
export type TaskPhase = 'running' | 'between' | 'stopped'

/** A task as ECS shows it now; a stopped one is shown for about an hour. */
export interface LiveTask {
  readonly arn: string
  readonly taskDefinitionArn: string
  readonly serviceName: string | undefined
  readonly phase: TaskPhase
  /** Why it and its containers stopped, cleaned; empty until it has stopped. */
  readonly reasons: readonly string[]
  /** When it began to stop, ISO 8601; undefined while it runs. Until it has stopped, its replacement may long run. */
  readonly failedAt: string | undefined
  /** When all its images were there, ISO 8601: known for a task that started and whose containers all have a digest. */
  readonly pulledAt: string | undefined
  readonly subnetId: string | undefined
}

/** Shows at most 100 tasks by their ARNs; those that ECS no longer shows are left out. */
export async function describeTasks(
  reader: EcsReader,
  cluster: string,
  tasks: readonly string[],
): Promise<Answer<readonly LiveTask[]>> {
  if (tasks.length === 0) return { state: 'known', value: [] }
  return ask(
    reader,
    'ecs:DescribeTasks',
    'ClusterNotFoundException',
    (abortSignal) => reader.client.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] }), { abortSignal }),
    (output) => needList(output.tasks, 'tasks').map(taskOf),
  )
}

/** At most 100 tasks of a service that run, or stopped within the last hour. */
export async function tasksOfService(
  reader: EcsReader,
  { cluster, serviceName, desiredStatus }: TasksAsked,
  also: readonly string[] = [],
): Promise<Answer<readonly LiveTask[]>> {
  const listed = await ask(
    reader,
    'ecs:ListTasks',
    'ClusterNotFoundException',
    (abortSignal) =>
      reader.client.send(new ListTasksCommand({ cluster, serviceName, desiredStatus, maxResults: 100 }), {
        abortSignal,
      }),
    (output) => needList(output.taskArns, 'taskArns').map((arn) => needText(arn, 'task ARN')),
  )
  if (listed.state !== 'known') return listed
  return describeTasks(reader, cluster, [...new Set([...also, ...listed.value])].slice(0, 100))
}

interface TasksAsked {
  readonly cluster: string
  readonly serviceName: string
  readonly desiredStatus: 'RUNNING' | 'STOPPED'
}

/** The service of that name as ECS shows it; absent when it is not there or is being deleted. */
export async function describeService(
  reader: EcsReader,
  cluster: string,
  serviceName: string,
): Promise<Answer<Service>> {
  const answer = await ask(
    reader,
    'ecs:DescribeServices',
    'ClusterNotFoundException',
    (abortSignal) =>
      reader.client.send(new DescribeServicesCommand({ cluster, services: [serviceName] }), { abortSignal }),
    (output) => {
      const [service] = needList(output.services, 'services')
      const [failure] = output.failures ?? []
      if (service === undefined) return needText(failure?.reason, 'a service or the reason why there is none')
      needText(service.serviceArn, 'serviceArn')
      return service
    },
  )
  if (answer.state !== 'known') return answer
  const { value } = answer
  if (value === 'MISSING') return { state: 'absent' }
  if (typeof value === 'string') {
    return { state: 'unknown', reason: 'ecs:DescribeServices did not show the service', transience: 'passing' }
  }
  return value.status === 'ACTIVE' || value.status === undefined ? { state: 'known', value } : { state: 'absent' }
}

function taskOf(task: Task): LiveTask {
  const { taskArn, taskDefinitionArn, group, stoppingAt, stoppedAt, stoppedReason, containers = [] } = task
  return {
    arn: needText(taskArn, 'taskArn'),
    taskDefinitionArn: needText(taskDefinitionArn, 'taskDefinitionArn'),
    serviceName: serviceOfGroup(group),
    phase: phaseOf(task),
    reasons: task.lastStatus === 'STOPPED' ? reasonsOf(stoppedReason, containers) : [],
    failedAt: isoOf(stoppingAt ?? stoppedAt),
    pulledAt: pulledAt(task),
    subnetId: subnetOf(task),
  }
}

function phaseOf({ lastStatus, desiredStatus }: Task): TaskPhase {
  if (lastStatus === 'STOPPED') return 'stopped'
  return lastStatus === 'RUNNING' && desiredStatus === 'RUNNING' ? 'running' : 'between'
}

/** A task that started has its images, and a digest says which; ECS states none for a container whose pull failed. */
function pulledAt({ startedAt, pullStoppedAt, containers = [] }: Task): string | undefined {
  const hasImages = containers.length > 0 && containers.every(({ imageDigest }) => (imageDigest ?? '') !== '')
  return startedAt !== undefined && hasImages ? isoOf(pullStoppedAt) : undefined
}

function subnetOf({ attachments = [] }: Task): string | undefined {
  const details = attachments.flatMap((one) => one.details ?? [])
  return details.find(({ name }) => name === 'subnetId')?.value
}

function isoOf(time: Date | undefined): string | undefined {
  return time instanceof Date && Number.isFinite(time.getTime()) ? time.toISOString() : undefined
}
