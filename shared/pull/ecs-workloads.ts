import type { EcsService, TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import { absent, type Fact, known, unknown } from '../model/fact.ts'
import type { Destination } from '../network/types.ts'
import type { PrivateImage } from './can-pull.ts'
import { rolesOfGroup } from './instance-role.ts'
import { fetchesTokenInVpc } from './platform-version.ts'
import { destinationsIn, destinationsOf } from './pull-destinations.ts'
import { privateImagesOf } from './task-can-pull.ts'
import type { WorkloadGround } from './workload-ground.ts'
import {
  type InterfaceTraits,
  nowhere,
  operatingSystemOf,
  type Placement,
  placedIn,
  traitsOfGroup,
} from './workload-interfaces.ts'
import type { Workload, WorkloadPuller } from './workloads.ts'

/** What of a service does not depend on where it runs. */
interface ServiceGround {
  readonly ground: WorkloadGround
  readonly service: EcsService
  readonly definition: TaskDefinition | undefined
  readonly images: Fact<readonly PrivateImage[]>
}

/** The services of ECS, once for Fargate and once for each Auto Scaling group they run on. */
export function ecsWorkloads(ground: WorkloadGround): readonly Workload[] {
  return ground.inventory.ecsServices.flatMap((service) => {
    const definition = definitionOf(ground, service)
    const images =
      definition === undefined
        ? unknown<readonly PrivateImage[]>(`the task definition of service ${service.name} is not in the inventory`)
        : privateImagesOf(definition)
    return launchesOf(ground, service).map((launch) => workloadOf({ ground, service, definition, images }, launch))
  })
}

function definitionOf(ground: WorkloadGround, { ref, taskDefinitionArn }: EcsService): TaskDefinition | undefined {
  const name = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
  return name && ground.taskDefinition(name.family, name.revision, ref)
}

/** One place a service runs in. */
type Launch =
  | { readonly on: 'fargate' }
  | { readonly on: 'group'; readonly provider: string; readonly arn: string }
  | { readonly on: 'unclear'; readonly why: string }

function launchesOf(ground: WorkloadGround, service: EcsService): readonly Launch[] {
  const { launchType } = service
  if (launchType === 'FARGATE') return [{ on: 'fargate' }]
  if (launchType === 'EXTERNAL') return []
  if (launchType !== undefined && launchType !== 'EC2') {
    return [{ on: 'unclear', why: `the instances of launch type ${launchType} are not in the inventory` }]
  }
  const cluster = service.clusterArn === undefined ? undefined : ground.ecsCluster(service.clusterArn)
  const ofStrategy = launchType === 'EC2' ? [] : strategyOf(service, cluster?.defaultCapacityProviders)
  // Without a strategy tasks run on whatever instances the cluster has: those of its capacity providers, or others.
  const named = ofStrategy.length > 0 ? ofStrategy : (cluster?.capacityProviders ?? []).filter((one) => !isFargate(one))
  if (named.length === 0) {
    const why = `the container instances of cluster ${service.clusterArn ?? '(not stated)'} are not in the inventory`
    return [{ on: 'unclear', why }]
  }
  const launches = named.map((name) => launchOn(ground, name, service))
  const onFargate = launches.filter(({ on }) => on === 'fargate').slice(0, 1)
  return [...onFargate, ...launches.filter(({ on }) => on !== 'fargate')]
}

function strategyOf(service: EcsService, defaults: readonly string[] = []): readonly string[] {
  return service.capacityProviders.length > 0 ? service.capacityProviders : defaults
}

function isFargate(provider: string): boolean {
  return provider === 'FARGATE' || provider === 'FARGATE_SPOT'
}

function launchOn(ground: WorkloadGround, provider: string, { ref }: EcsService): Launch {
  if (isFargate(provider)) return { on: 'fargate' }
  const group = ground.capacityProvider(provider, ref)?.autoScalingGroupArn
  if (group?.state === 'known') return { on: 'group', provider, arn: group.value }
  const why = group?.state === 'absent' ? 'the instances' : 'the Auto Scaling group'
  return { on: 'unclear', why: `${why} of capacity provider ${provider} are not in the inventory` }
}

function workloadOf(of: ServiceGround, launch: Launch): Workload {
  const { service, images } = of
  const onFargate = launch.on === 'fargate'
  return {
    type: 'AWS::ECS::Service',
    arn: service.ref.arn,
    name: service.name,
    scope: { accountId: service.ref.accountId, region: service.ref.region },
    compute: onFargate ? 'fargateTask' : 'containerInstance',
    ...placementOf(of, launch),
    pullers: onFargate ? executionRole(of, 'fargateTask') : instancePullers(of, launch),
    images,
    platformVersion: onFargate ? service.platformVersion : undefined,
    needs: needsOf(of, !onFargate || needsToken(of)),
  }
}

function needsOf({ service, images }: ServiceGround, token: boolean): readonly Destination[] {
  if (images.state === 'unknown') return destinationsIn(service.ref.region, service.ref.accountId, token)
  return images.state === 'known' ? destinationsOf(images.value, token) : []
}

function needsToken({ service, definition }: ServiceGround): boolean {
  return fetchesTokenInVpc(service.platformVersion, operatingSystemOf(definition?.operatingSystemFamily))
}

function placementOf(of: ServiceGround, launch: Launch): Placement {
  switch (launch.on) {
    case 'fargate':
      return placedIn(of.ground, of.service.subnets, taskTraits(of))
    case 'group':
      return placedWithGroup(of, launch.arn)
    case 'unclear':
      return nowhere(launch.why, vpcOfTasks(of))
    default:
      return launch satisfies never
  }
}

function taskTraits({ service, definition }: ServiceGround): InterfaceTraits {
  const { ref, securityGroups, assignPublicIp } = service
  return {
    scope: { accountId: ref.accountId, region: ref.region },
    groups: securityGroups.length > 0 ? known(securityGroups) : absent(),
    publicIp: assignPublicIp === undefined ? unknown('assignPublicIp is not stated') : known(assignPublicIp),
    operatingSystem: operatingSystemOf(definition?.operatingSystemFamily),
    usesIpv6: false,
  }
}

/** The primary interface of an instance pulls, whatever the network mode of the task. */
function placedWithGroup(of: ServiceGround, arn: string): Placement {
  const { ground, service, definition } = of
  const group = ground.autoScalingGroup(arn)
  if (group === undefined) return nowhere(`Auto Scaling group ${arn} is not in the inventory`, vpcOfTasks(of))
  return placedIn(ground, group.subnets, {
    scope: { accountId: service.ref.accountId, region: service.ref.region },
    ...traitsOfGroup(ground, group),
    operatingSystem: operatingSystemOf(definition?.operatingSystemFamily),
    usesIpv6: true,
  })
}

/** Tasks with interfaces of their own run in the VPC of the instance. */
function vpcOfTasks({ ground, service }: ServiceGround): string | undefined {
  return service.subnets.map((id) => ground.subnet(id)?.vpcId).find((vpcId) => vpcId !== undefined)
}

function executionRole(
  { service, definition }: ServiceGround,
  puller: WorkloadPuller['puller'],
): Fact<readonly WorkloadPuller[]> {
  if (definition === undefined) return unknown(`the task definition of service ${service.name} is not in the inventory`)
  const { executionRoleArn } = definition
  return executionRoleArn.state === 'known'
    ? known([{ roleName: executionRoleArn.value, puller }], executionRoleArn.assumptions)
    : executionRoleArn
}

/** The role of the instance, and the execution role where there is one: the agent may use either. */
function instancePullers(of: ServiceGround, launch: Launch): Fact<readonly WorkloadPuller[]> {
  const execution = executionRole(of, 'ecsInstanceExecutionRole')
  const group = launch.on === 'group' ? of.ground.autoScalingGroup(launch.arn) : undefined
  const roles = group === undefined ? undefined : rolesOfGroup(of.ground.inventory, group)
  if (roles === undefined || roles.state === 'absent')
    return unknown('the role of the instances is not in the inventory')
  if (roles.state === 'unknown' || execution.state === 'unknown') return roles.state === 'unknown' ? roles : execution
  const own = roles.value.map((roleName) => ({ roleName, puller: 'ecsInstance' as const }))
  return known(execution.state === 'known' ? [...own, ...execution.value] : own, roles.assumptions)
}
