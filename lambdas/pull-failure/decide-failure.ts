import type { EcsServiceEvent } from '../../shared/events/ecs-service-action.ts'
import type { EcsTaskEvent } from '../../shared/events/ecs-task-stopped.ts'
import { failureFinding, type TimedFinding } from './finding.ts'
import { closed } from './open-findings.ts'
import { isAfter, newestPull } from './proof.ts'
import { newestOfKinds, type Report, reportsOfService, reportsOfTask } from './reports.ts'
import { isBroken, saidOf, type TracedWorkload, traceWorkload } from './trace-report.ts'
import type { View } from './view.ts'
import { currentRevision, type FoundWorkload, findWorkload } from './workload.ts'

/** Decides about a task that stopped: nothing unless it says that a pull failed. */
export async function decideStoppedTask(view: View, event: EcsTaskEvent): Promise<readonly TimedFinding[]> {
  const reports = await reportsOfTask(view, event)
  if (reports.length === 0) return []
  const workload = await findWorkload(view, event)
  return workload.isGone ? closed(view, workload.ref) : decideReports(view, event, workload, reports)
}

/** Decides about a service whose tasks do not start, by what ECS still shows of them. */
export async function decideImpaired(view: View, event: EcsServiceEvent): Promise<readonly TimedFinding[]> {
  const hint = { ...event, taskDefinitionArn: undefined }
  const workload = await findWorkload(view, hint)
  if (workload.isGone) return closed(view, workload.ref)
  const { reports, unread } = await reportsOfService(view, event, workload.service)
  const reason = unread ?? workload.unread?.reason
  if (reports.length === 0 && reason !== undefined) return [notReadable(workload, reason, event.time)]
  return decideReports(view, event, workload, reports)
}

function notReadable({ ref, name }: FoundWorkload, reason: string, at: string): TimedFinding {
  const finding = failureFinding('start-impaired', ref, {
    compliance: 'UNDETERMINED',
    transience: 'lasting',
    reason: `ECS says that tasks of ${name} do not start. Why could not be read: ${reason}.`,
    evidence: [{ source: 'missing fact', detail: reason }],
    remediation: {
      text: 'Let this function read tasks and services of ECS, or look at the stopped tasks of the service.',
    },
  })
  return { finding, at }
}

async function decideReports(
  view: View,
  { clusterArn }: { readonly clusterArn: string },
  workload: FoundWorkload,
  reports: readonly Report[],
): Promise<readonly TimedFinding[]> {
  const decided: TimedFinding[] = []
  for (const report of newestOfKinds(reports)) {
    const traced = await tracedFor(view, workload, report)
    decided.push(
      (await mended(view, clusterArn, workload, report, traced)) ?? {
        finding: failureFinding(report.kind, workload.ref, saidOf(report, workload, traced)),
        at: report.at,
      },
    )
  }
  return decided
}

/** The revision that failed, on the network of its service. */
async function tracedFor(view: View, { service }: FoundWorkload, report: Report): Promise<TracedWorkload> {
  const taskDefinitionArn = report.taskDefinitionArn ?? (service && currentRevision(service))
  if (taskDefinitionArn === undefined) return { traces: [], gaps: [] }
  return traceWorkload(view, {
    service: service && { ...service, taskDefinition: taskDefinitionArn },
    taskDefinitionArn,
  })
}

/** An error that arrives late: tasks have pulled since, and nothing shows that others could not. */
async function mended(
  view: View,
  clusterArn: string,
  workload: FoundWorkload,
  report: Report,
  traced: TracedWorkload,
): Promise<TimedFinding | undefined> {
  if (isBroken(traced) || traced.gaps.some(({ transience }) => transience === 'passing')) return undefined
  const proof = await newestPull(view, clusterArn, workload)
  if (proof === undefined || !isAfter(proof, report.at)) return undefined
  return proof.finding(report.kind)
}
