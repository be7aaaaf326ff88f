import type { EcsServiceEvent } from '../../shared/events/ecs-service-action.ts'
import type { EcsTaskEvent } from '../../shared/events/ecs-task-stopped.ts'
import { type FailureKind, failureFinding, type TimedFinding } from './finding.ts'
import { describeTasks, type LiveTask, tasksOfService } from './live-ecs.ts'
import { closed, stillOpen } from './open-findings.ts'
import { isBroken, traceWorkload } from './trace-report.ts'
import { NotReadYet, type View } from './view.ts'
import { currentRevision, type FoundWorkload, findWorkload } from './workload.ts'

/** A pull that ECS shows to have worked. */
export interface Proof {
  /** ISO 8601. */
  readonly pulledAt: string
  readonly finding: (kind: FailureKind) => TimedFinding
}

/**
 * The newest pull of a service's current revision, or of a family by the task `also`, that ECS shows: tasks that started, with
 * a digest for every container. Undefined when there is none, or nobody may look.
 * @throws NotReadYet when ECS cannot say just now
 */
export async function newestPull(
  { clients, reader }: View,
  cluster: string,
  workload: FoundWorkload,
  also: readonly string[] = [],
): Promise<Proof | undefined> {
  const { service, ref } = workload
  const at = { ...reader, client: clients.ecs }
  const asked = { cluster, serviceName: service?.serviceName ?? '', desiredStatus: 'RUNNING' } as const
  const answer = service === undefined ? await describeTasks(at, cluster, also) : await tasksOfService(at, asked, also)
  if (answer.state === 'unknown' && answer.transience === 'passing') {
    throw new NotReadYet(`tasks of ${workload.name} could not be read yet: ${answer.reason}`)
  }
  const tasks = answer.state === 'known' ? answer.value : []
  const isCurrent = ({ taskDefinitionArn, serviceName }: LiveTask) =>
    service === undefined
      ? serviceName === undefined && taskDefinitionArn.startsWith(`${ref.arn}:`)
      : serviceName === service.serviceName && taskDefinitionArn === currentRevision(service)
  const pulls = tasks.filter(isCurrent).flatMap((task) => (task.pulledAt === undefined ? [] : [pullBy(task, workload)]))
  return pulls.toSorted((one, other) => Date.parse(other.pulledAt) - Date.parse(one.pulledAt))[0]
}

/** Times of events are whole seconds, rounded down: a pull within that second may have come before the error. */
export function isAfter({ pulledAt }: Proof, errorAt: string): boolean {
  return Date.parse(pulledAt) >= Date.parse(errorAt) + 1_000
}

/** The time is that of the pull: newer than the error it answers, and older than any later one. */
function pullBy(task: LiveTask, { ref, name }: FoundWorkload): Proof {
  const pulledAt = task.pulledAt ?? ''
  const where = task.subnetId === undefined ? '' : ` in ${task.subnetId}`
  const finding = (kind: FailureKind) => ({
    at: pulledAt,
    finding: failureFinding(kind, ref, {
      compliance: 'COMPLIANT',
      reason: `A task of ${name}${where} pulled all its images at ${pulledAt}, after the error.`,
      evidence: [
        { source: `task ${task.arn}`, detail: `started with a digest for every container; pulled at ${pulledAt}` },
      ],
      assumptions: [
        `assumes that what one task${where} could pull, others can: nothing read says otherwise`,
        ...(where === '' ? ['assumes that the instance fetched the images and did not merely have them'] : []),
      ],
    }),
  })
  return { pulledAt, finding }
}

/**
 * Decides about an event that tells of success. It only makes us look: a finding is closed when ECS shows a pull of the current
 * revision that is newer than the error, and the configuration does not show that other tasks would fail.
 */
export async function decideSuccess(
  view: View,
  event: EcsTaskEvent | EcsServiceEvent,
): Promise<readonly TimedFinding[]> {
  const hint = event.kind === 'task' ? event : { ...event, taskDefinitionArn: undefined }
  const workload = await findWorkload(view, hint)
  if (workload.isGone) return closed(view, workload.ref)
  const open = await stillOpen(view, workload.ref)
  if (open.length === 0 || workload.unread !== undefined) return []
  const proof = await newestPull(view, event.clusterArn, workload, event.kind === 'task' ? [event.taskArn] : [])
  if (proof === undefined) return []
  const answered = open.filter(({ updatedAt }) => isAfter(proof, updatedAt))
  if (answered.length === 0 || (await stillBroken(view, workload, hint.taskDefinitionArn))) return []
  return answered.map(({ kind }) => proof.finding(kind))
}

/** One subnet that works says nothing of the next. */
async function stillBroken(view: View, workload: FoundWorkload, ofTask: string | undefined): Promise<boolean> {
  const { service, name } = workload
  const taskDefinitionArn = service === undefined ? ofTask : currentRevision(service)
  if (taskDefinitionArn === undefined) return false
  const traced = await traceWorkload(view, { service, taskDefinitionArn })
  const passing = traced.gaps.find(({ transience }) => transience === 'passing')
  if (isBroken(traced)) return true
  if (passing !== undefined) throw new NotReadYet(`what ${name} pulls with could not be read yet: ${passing.reason}`)
  return false
}
