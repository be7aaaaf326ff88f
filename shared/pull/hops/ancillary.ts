import { service } from '../../network/destinations.ts'
import { explainReach, fixFor } from '../../network/explain.ts'
import type { Destination, Reach } from '../../network/types.ts'
import type { PullToTrace, StartNeed } from '../trace-types.ts'
import { failing, type HopAnswer, passing, skipping, together, undecided } from './hop-answer.ts'

/** The three services an agent on an instance stays in touch with. */
const agentServices = ['ecs', 'ecs-agent', 'ecs-telemetry'] as const

/** Whether what a task needs besides its image can be reached from one interface. */
export function ancillaryHop(pull: PullToTrace, reachOf: (destination: Destination) => Reach): HopAnswer {
  const { workload, startNeeds } = pull
  const needs = [...agentNeeds(pull), ...(startNeeds ?? [])]
  const [first, ...others] = needs.map((need) => judged(need, reachOf(service(need.service, need.region))))
  if (first !== undefined) return together([first, ...others])
  const isTask = workload.compute === 'fargateTask'
  return isTask && startNeeds === undefined
    ? skipping('not-read', 'Logs and secrets of the task are not known')
    : skipping('nothing-needed', 'Nothing else is needed to start')
}

function agentNeeds({ workload }: PullToTrace): readonly StartNeed[] {
  if (workload.compute !== 'containerInstance') return []
  const because = 'the ECS agent of the instance needs it'
  return agentServices.map((name) => ({ service: name, region: workload.scope.region, because }))
}

function judged({ service: name, because }: StartNeed, reach: Reach): HopAnswer {
  const evidence = [{ source: reach.destination.host, detail: explainReach(reach) }]
  const { assumptions } = reach
  switch (reach.verdict) {
    case 'reachable':
      return passing('services-reachable', 'What it needs besides the image can be reached', { evidence, assumptions })
    case 'blocked':
      return failing(`no-path-to-${name}`, `${explainReach(reach)} (${because})`, {
        evidence,
        assumptions,
        fix: fixFor(reach),
      })
    case 'unknown':
      return undecided(`path-to-${name}-unknown`, `${explainReach(reach)} (${because})`, reach.missing, {
        evidence,
        assumptions,
      })
    default:
      return reach.verdict satisfies never
  }
}
