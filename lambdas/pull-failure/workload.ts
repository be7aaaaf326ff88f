import type { Service } from '@aws-sdk/client-ecs'
import { parseArn, partitionOf } from '../../shared/model/arn.ts'
import type { ResourceRef, Scope } from '../../shared/model/resource.ts'
import type { ReadFailure } from '../../shared/sources/failure.ts'
import { describeService } from './live-ecs.ts'
import { answered } from './patience.ts'
import { NotReadYet, type View } from './view.ts'

/** Where an event says that tasks run. */
export interface WorkloadHint {
  readonly clusterArn: string
  /** Undefined for tasks that no service runs. */
  readonly serviceName: string | undefined
  /** Of a task. */
  readonly taskDefinitionArn: string | undefined
}

/** The service, or the family of task definitions, that findings are about. */
export interface FoundWorkload {
  readonly ref: ResourceRef
  /** `service web`, `task definition batch`. */
  readonly name: string
  /** As ECS shows it. */
  readonly service: Service | undefined
  /** Why the service is not known although there is one. */
  readonly unread?: ReadFailure
  /** There is no such service any more. */
  readonly isGone?: true
}

/** Looks at the workload an event names. @throws NotReadYet when ECS cannot say just now */
export async function findWorkload({ clients, reader, waiting }: View, hint: WorkloadHint): Promise<FoundWorkload> {
  const { clusterArn, serviceName, taskDefinitionArn } = hint
  if (serviceName === undefined) return familyOf(reader, taskDefinitionArn ?? '')
  const name = `service ${serviceName}`
  const stated = serviceRef(reader, `${clusterArn.replace(':cluster/', ':service/')}/${serviceName}`)
  const at = { ...reader, client: clients.ecs }
  const answer = await answered(waiting, () => describeService(at, clusterArn, serviceName))
  switch (answer.state) {
    case 'known':
      return { ref: serviceRef(reader, answer.value.serviceArn ?? stated.arn), name, service: answer.value }
    case 'absent':
      return { ref: stated, name, service: undefined, isGone: true }
    case 'unknown':
      if (answer.transience === 'passing') throw new NotReadYet(`${name} could not be read yet: ${answer.reason}`)
      return { ref: stated, name, service: undefined, unread: answer }
    default:
      return answer satisfies never
  }
}

function serviceRef({ accountId, region }: Scope, arn: string): ResourceRef {
  return { type: 'AWS::ECS::Service', id: arn, arn, accountId, region }
}

/** A family stands for all its revisions: an error is mended by the next one. */
function familyOf({ accountId, region }: Scope, definitionArn: string): FoundWorkload {
  const family = /^task-definition\/([\w-]{1,255}):\d+$/.exec(parseArn(definitionArn)?.resource ?? '')?.[1] ?? 'unknown'
  const arn = `arn:${partitionOf(region)}:ecs:${region}:${accountId}:task-definition/${family}`
  return {
    ref: { type: 'AWS::ECS::TaskDefinition', id: family, arn, accountId, region },
    name: `task definition ${family}`,
    service: undefined,
  }
}

/** The revision that new tasks of a service run; of a service that others deploy it is that of its primary task set. */
export function currentRevision({ taskDefinition, taskSets = [] }: Service): string | undefined {
  return taskDefinition ?? taskSets.find(({ status }) => status === 'PRIMARY')?.taskDefinition
}
