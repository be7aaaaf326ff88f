import type { TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type Fact, known, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { PullToTrace } from './trace-types.ts'
import type { WorkloadPuller } from './workloads.ts'

/** Why the network of ECS Anywhere is not known, one clause. */
export const outsideAws = 'it runs on hosts outside AWS'

/** The current task definitions of families that no service uses: schedules, pipelines or people run them. */
export function unusedTaskDefinitions(inventory: Inventory, now: Date | undefined): readonly TaskDefinition[] {
  const used = new Set(
    inventory.ecsServices.flatMap(({ ref, taskDefinitionArn }) => {
      const name = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
      return name === undefined ? [] : [familyKey(ref, name.family)]
    }),
  )
  return inventory.currentTaskDefinitions(now).filter(({ ref, family }) => !used.has(familyKey(ref, family)))
}

function familyKey({ accountId, region }: Scope, family: string): string {
  return `${accountId} ${region} ${family}`
}

/** Who runs the definition, its images aside. Where it runs is in no inventory. */
export function placeOfDefinition(definition: TaskDefinition): Omit<PullToTrace, 'image'> {
  const { ref, family, revision, requiresCompatibilities } = definition
  return {
    workload: {
      type: 'AWS::ECS::TaskDefinition',
      arn: ref.arn,
      name: `${family}:${revision}`,
      scope: { accountId: ref.accountId, region: ref.region },
      compute: requiresCompatibilities.includes('FARGATE') ? 'fargateTask' : 'containerInstance',
      platformVersion: undefined,
    },
    interfaces: [],
    unplaced: isOnly(definition, 'EXTERNAL') ? outsideAws : 'nothing says in which subnets it is run',
    pullers: pullersOf(definition),
  }
}

/** On instances the role of the instance may pull as well, and which that is nobody can tell. */
function pullersOf(definition: TaskDefinition): Fact<readonly WorkloadPuller[]> {
  const { requiresCompatibilities, executionRoleArn } = definition
  const onFargate = requiresCompatibilities.includes('FARGATE')
  if (!onFargate && !isOnly(definition, 'MANAGED_INSTANCES', 'EXTERNAL')) {
    return unknown('nothing says on which instances it is run, and their role may pull')
  }
  if (executionRoleArn.state !== 'known') return executionRoleArn
  const puller = onFargate ? 'fargateTask' : 'ecsInstanceExecutionRole'
  return known([{ roleName: executionRoleArn.value, puller }], executionRoleArn.assumptions)
}

function isOnly({ requiresCompatibilities }: TaskDefinition, ...kinds: readonly string[]): boolean {
  return requiresCompatibilities.length > 0 && requiresCompatibilities.every((one) => kinds.includes(one))
}
