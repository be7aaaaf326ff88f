import type { EcsService, TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { absent, type Fact, known, mapFact, unknown } from '../model/fact.ts'
import { instanceRolesOf } from './instance-role.ts'

/** Where a revision runs, as far as services and its own requirements say. */
export interface TaskPlaces {
  /** True when some of its tasks run where only an execution role can pull: Fargate, ECS Anywhere, Managed Instances. */
  readonly needsExecutionRole: boolean
  /** True when that is certain: a service runs it so, or its requirement says so and no service runs it on instances. */
  readonly pullsWithExecutionRole: boolean
  /** One sentence without a full stop: why. */
  readonly because: string
  /**
   * Roles of the container instances it runs on: absent when nothing says that it runs on EC2, unknown when a service
   * puts it there and the instances are not in the inventory.
   */
  readonly instanceRoles: Fact<readonly string[]>
  /** Names of the services that use the revision; absent without any service, unknown when they or where they run were not listed. */
  readonly services: Fact<readonly string[]>
}

const withoutInstances = ['FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']

type Launch = 'withoutInstances' | 'instances' | 'unclear'

/** Where the tasks of a revision run: each service that uses it, else what the definition itself requires. */
export function placesOf(inventory: Inventory, definition: TaskDefinition): TaskPlaces {
  const users = inventory.ecsServices.filter((service) => uses(inventory, service, definition))
  const launches = users.map((service) => ({ service, on: launchOf(inventory, service) }))
  const elsewhere = launches.find(({ on }) => on === 'withoutInstances')
  const unclear = launches.find(({ on }) => on === 'unclear')
  const required = definition.requiresCompatibilities.find(isWithoutInstances)
  const onInstances = launches.filter(({ on }) => on !== 'withoutInstances').map(({ service }) => service)
  return {
    needsExecutionRole: elsewhere !== undefined || required !== undefined,
    pullsWithExecutionRole: elsewhere !== undefined || (required !== undefined && onInstances.length === 0),
    because: becauseOf(elsewhere?.service, required),
    instanceRoles: together(onInstances.map((service) => instanceRolesOf(inventory, service))),
    services:
      unclear === undefined
        ? mapFact(inventory.listing('AWS::ECS::Service', definition.ref), () => users.map(({ name }) => name))
        : unknown(`where service ${unclear.service.name} runs its tasks is not in the inventory`),
  }
}

function becauseOf(elsewhere: EcsService | undefined, required: string | undefined): string {
  if (elsewhere !== undefined) return `service ${elsewhere.name} runs it on ${placeName(elsewhere)}`
  return required === undefined ? 'neither it nor a service says that it runs on Fargate' : `it requires ${required}`
}

/** A service that names no revision runs the newest. */
function uses(inventory: Inventory, { ref, taskDefinitionArn }: EcsService, definition: TaskDefinition): boolean {
  if (ref.accountId !== definition.ref.accountId || ref.region !== definition.ref.region) return false
  const named = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
  if (named?.family !== definition.family) return false
  return named.revision === undefined
    ? inventory.supersededBy(definition) === undefined
    : named.revision === definition.revision
}

/** A service without launch type and strategy follows its cluster's default strategy, and runs on EC2 without one. */
function launchOf(inventory: Inventory, service: EcsService): Launch {
  if (service.launchType !== undefined) return isWithoutInstances(service.launchType) ? 'withoutInstances' : 'instances'
  const cluster = inventory.ecsClusters.find(({ ref }) => ref.arn === service.clusterArn)
  if (service.capacityProviders.length === 0 && cluster === undefined) return 'unclear'
  const named =
    service.capacityProviders.length > 0 ? service.capacityProviders : (cluster?.defaultCapacityProviders ?? [])
  const launches = named.map((name) => launchOfProvider(inventory, name, service))
  return launches.find((one) => one === 'withoutInstances') ?? launches.find((one) => one === 'unclear') ?? 'instances'
}

/** A capacity provider that is known to have no Auto Scaling group is one of Managed Instances. */
function launchOfProvider(inventory: Inventory, name: string, { ref }: EcsService): Launch {
  if (isFargateProvider(name)) return 'withoutInstances'
  const provider = inventory.ecsCapacityProviders.find(
    (one) => one.name === name && one.ref.accountId === ref.accountId && one.ref.region === ref.region,
  )
  switch (provider?.autoScalingGroupArn.state) {
    case 'known':
      return 'instances'
    case 'absent':
      return 'withoutInstances'
    default:
      return 'unclear'
  }
}

function isWithoutInstances(launchType: string): boolean {
  return withoutInstances.includes(launchType)
}

function isFargateProvider(name: string): boolean {
  return name === 'FARGATE' || name === 'FARGATE_SPOT'
}

function placeName({ launchType, capacityProviders }: EcsService): string {
  if (launchType !== undefined) return launchType
  return capacityProviders.find(isFargateProvider) ?? 'the default capacity provider of its cluster'
}

function together(facts: readonly Fact<readonly string[]>[]): Fact<readonly string[]> {
  const open = facts.find((fact) => fact.state === 'unknown')
  if (open?.state === 'unknown') return unknown(open.reason, open.transience)
  const roles = facts.flatMap((fact) => (fact.state === 'known' ? fact.value : []))
  const assumptions = facts.flatMap((fact) => (fact.state === 'unknown' ? [] : fact.assumptions))
  return roles.length === 0 ? absent(assumptions) : known([...new Set(roles)], [...new Set(assumptions)])
}
