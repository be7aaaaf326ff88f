import type { Service } from '@aws-sdk/client-ecs'
import type { EcsServiceEvent } from '../../shared/events/ecs-service-action.ts'
import type { EcsTaskEvent } from '../../shared/events/ecs-task-stopped.ts'
import { cleanText } from '../../shared/events/event-bridge.ts'
import type { HopName } from '../../shared/model/pull.ts'
import type { Candidate } from '../../shared/pull/diagnose/candidate.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import { describeTasks, type LiveTask, tasksOfService } from './live-ecs.ts'
import { untilThere } from './patience.ts'
import { pullErrorIn } from './pull-error.ts'
import { NotReadYet, type View } from './view.ts'

/** An error of a pull, and what it may mean. */
export interface Report {
  readonly text: string
  /** Likeliest first, at least one. */
  readonly candidates: readonly Candidate[]
  /** The hop the likeliest one speaks of: it alone decides which finding this is, whatever can be read later. */
  readonly kind: HopName
  /** When it happened, ISO 8601. */
  readonly at: string
  /** ECS itself shows this error; otherwise only the event claims it. */
  readonly isShown: boolean
  readonly taskDefinitionArn: string | undefined
  readonly subnetId: string | undefined
}

/** How long ECS keeps what it says about a task that stopped, milliseconds. */
const KEPT = 60 * 60 * 1000

/** The report in texts; undefined when they say nothing about a pull. */
export function reportOf(
  texts: readonly string[],
  rest: Omit<Report, 'text' | 'candidates' | 'kind'>,
): Report | undefined {
  const candidates = pullErrorIn(texts)
  const [first] = candidates
  return first === undefined ? undefined : { ...rest, text: texts.join(' / '), candidates, kind: first.hop }
}

/** How long ECS is asked again for a task that is said to have stopped and does not show it, milliseconds: seconds are usual. */
const SETTLING = 20_000

/**
 * What a stopped task reports: in the words of ECS while it shows the task, in those of the event afterwards. Nothing when ECS
 * shows that the task did not fail so. What ECS shows lags behind its events: a task that still stops, or starts, says nothing yet.
 * @throws NotReadYet when ECS cannot say just now
 */
export async function reportsOfTask(view: View, event: EcsTaskEvent): Promise<readonly Report[]> {
  const { time: at, taskDefinitionArn, reasons } = event
  const claimed = reportOf(reasons, { at, isShown: false, taskDefinitionArn, subnetId: undefined })
  if (claimed === undefined) return []
  const waiting = { ...view.waiting, budget: Math.min(SETTLING, view.waiting.budget) }
  const live = await untilThere(waiting, () => liveTask(view, event), isBetween)
  if (live === undefined) return [claimed]
  if (isBetween(live))
    throw new NotReadYet(`task ${event.taskArn} is said to have stopped, and ECS does not show it yet`)
  const shown = reportOf(live.reasons, { ...shownBy(live), at })
  return shown === undefined ? [] : [shown]
}

async function liveTask({ clients, reader }: View, { clusterArn, taskArn }: EcsTaskEvent) {
  const answer = await describeTasks({ ...reader, client: clients.ecs }, clusterArn, [taskArn])
  return known(answer, `task ${taskArn}`)?.find(({ arn }) => arn === taskArn)
}

function isBetween(task: LiveTask | undefined): boolean {
  return task?.phase === 'between'
}

/** What a service reports, and why that may not be all. */
export interface ServiceReports {
  readonly reports: readonly Report[]
  readonly unread?: string
}

/**
 * What the tasks of a service reported that ECS still shows; when none did, what it says of the service itself (undefined when
 * nobody may look).
 * @throws NotReadYet when ECS cannot say just now
 */
export async function reportsOfService(
  { clients, reader }: View,
  event: EcsServiceEvent,
  service: Service | undefined,
): Promise<ServiceReports> {
  const { clusterArn: cluster, serviceName, time } = event
  const asked = { cluster, serviceName, desiredStatus: 'STOPPED' } as const
  const answer = await tasksOfService({ ...reader, client: clients.ecs }, asked)
  const tasks = known(answer, `tasks of ${serviceName}`) ?? []
  const ofTasks = tasks.flatMap((task) => reportOf(task.reasons, { ...shownBy(task), at: task.failedAt ?? time }) ?? [])
  const reports = ofTasks.length > 0 || service === undefined ? ofTasks : messagesOf(service, time)
  return { reports, ...(answer.state === 'unknown' ? { unread: answer.reason } : {}) }
}

function messagesOf({ events = [], taskDefinition }: Service, time: string): readonly Report[] {
  const isFresh = (at: number) => at >= Date.parse(time) - KEPT
  return events.slice(0, 100).flatMap(({ message, createdAt }) => {
    if (message === undefined || createdAt === undefined || !isFresh(createdAt.getTime())) return []
    const at = createdAt.toISOString()
    const rest = { at, isShown: true, taskDefinitionArn: taskDefinition, subnetId: undefined }
    return reportOf([cleanText(message, 4_096)], rest) ?? []
  })
}

function shownBy({ taskDefinitionArn, subnetId }: LiveTask) {
  return { isShown: true, taskDefinitionArn, subnetId }
}

/** Undefined when it is not there, or nobody may look. @throws NotReadYet for a reason that passes */
function known<T>(answer: Answer<T>, what: string): T | undefined {
  if (answer.state === 'unknown' && answer.transience === 'passing') {
    throw new NotReadYet(`${what} could not be read yet: ${answer.reason}`)
  }
  return answer.state === 'known' ? answer.value : undefined
}

/** The newest report of each kind. */
export function newestOfKinds(reports: readonly Report[]): readonly Report[] {
  const newest = new Map<HopName, Report>()
  for (const report of reports) {
    const before = newest.get(report.kind)
    if (before === undefined || Date.parse(report.at) > Date.parse(before.at)) newest.set(report.kind, report)
  }
  return [...newest.values()]
}
