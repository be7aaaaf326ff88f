import type { Container, EcsService, TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { parseArn } from '../model/arn.ts'
import { mapFact, unknown } from '../model/fact.ts'
import { clip } from '../model/quote.ts'
import { ecrDkr } from '../network/destinations.ts'
import { addOnImages } from './node-images.ts'
import { isRegionName } from './region-name.ts'
import { remembering } from './remembered.ts'
import type { PullToTrace, StartNeed } from './trace-types.ts'
import { outsideAws, placeOfDefinition, unusedTaskDefinitions } from './unused-task-definitions.ts'
import { type WorkloadGround, workloadGround } from './workload-ground.ts'
import { imageWorkloads, type Workload } from './workloads.ts'

const remembered = remembering<readonly PullToTrace[]>()

/**
 * Every pull that the inventory shows: images of services, add-ons that nodes and profiles of EKS need, and images of task
 * definitions that no service uses. Remembered.
 */
export function pullsOfInventory(inventory: Inventory, now?: Date): readonly PullToTrace[] {
  return remembered([inventory], String(now?.getTime()), () => {
    const ground = workloadGround(inventory)
    const services = new Map(inventory.ecsServices.map((service) => [service.ref.arn, service]))
    const ofWorkloads = imageWorkloads(inventory).flatMap((workload) => {
      const service = services.get(workload.arn)
      if (workload.type !== 'AWS::ECS::Service' || service === undefined) return ofEks(inventory, workload)
      return ofDefinition(common(workload), service, definitionOf(ground, service))
    })
    const ofHosts = inventory.ecsServices
      .filter(({ launchType }) => launchType === 'EXTERNAL')
      .flatMap((service) => ofExternal(service, definitionOf(ground, service)))
    const others = unusedTaskDefinitions(inventory, now)
    return [...ofWorkloads, ...ofHosts, ...others.flatMap((one) => ofContainers(placeOfDefinition(one), one))]
  })
}

function definitionOf(ground: WorkloadGround, { ref, taskDefinitionArn }: EcsService): TaskDefinition | undefined {
  const name = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
  return name && ground.taskDefinition(name.family, name.revision, ref)
}

/** Tasks on hosts outside AWS pull with the execution role as well; the network of those hosts is in no inventory. */
function ofExternal(service: EcsService, definition: TaskDefinition | undefined): readonly PullToTrace[] {
  const { ref, name } = service
  const shared: Shared = {
    workload: {
      type: 'AWS::ECS::Service',
      arn: ref.arn,
      name,
      scope: { accountId: ref.accountId, region: ref.region },
      compute: 'containerInstance',
      platformVersion: undefined,
    },
    interfaces: [],
    unplaced: outsideAws,
    pullers:
      definition === undefined
        ? unknown('its task definition is not in the inventory')
        : mapFact(definition.executionRoleArn, (roleName) => [{ roleName, puller: 'ecsInstanceExecutionRole' }]),
  }
  return ofDefinition(shared, service, definition)
}

function ofDefinition(
  shared: Shared,
  { name: serviceName, taskDefinitionArn }: EcsService,
  definition: TaskDefinition | undefined,
): readonly PullToTrace[] {
  if (definition === undefined) {
    const name = taskDefinitionArn ?? `of service ${serviceName}`
    return [{ ...shared, image: '', unread: `task definition ${name} is not in the inventory` }]
  }
  return ofContainers(shared, definition)
}

/** One pull for each image; when the containers are not known, one whose image is not. */
function ofContainers(shared: Shared, { ref, containers: fact }: TaskDefinition): readonly PullToTrace[] {
  if (fact.state !== 'known') {
    return [
      { ...shared, image: '', unread: fact.state === 'unknown' ? fact.reason : `${ref.arn} states no containers` },
    ]
  }
  const containers = fact.value
  const startNeeds = containers.flatMap((container) => needsOf(container, shared.workload.scope.region))
  const pulls = containers.map(({ image, repositoryCredentials }) => ({
    ...shared,
    image,
    startNeeds,
    ...(repositoryCredentials === undefined ? {} : { credentials: repositoryCredentials }),
  }))
  return [...new Map(pulls.map((pull) => [`${pull.image} ${pull.credentials ?? ''}`, pull])).values()]
}

type Shared = Omit<PullToTrace, 'image'>

function common(of: Workload): Shared {
  const { type, arn, name, scope, compute, platformVersion, interfaces, unplaced, pullers, assumptions } = of
  const workload = { type, arn, name, scope, compute, platformVersion }
  return { workload, interfaces, unplaced, pullers, ...(assumptions === undefined ? {} : { assumptions }) }
}

/** On instances and on Fargate alike the services are called through the interface that pulls. */
function needsOf(container: Container, region: string): readonly StartNeed[] {
  const name = `container ${clip(container.name)}`
  const log: readonly StartNeed[] =
    container.logDriver === 'awslogs'
      ? [{ service: 'logs', region: regionOr(region, container.logRegion), because: `${name} logs to CloudWatch Logs` }]
      : []
  const secrets = container.secrets.map((text) => secretNeed(text, region, `${name} takes a secret`))
  const { repositoryCredentials } = container
  const login =
    repositoryCredentials === undefined
      ? []
      : [secretNeed(repositoryCredentials, region, `the login for the image of ${name} is a secret`, 'secretsmanager')]
  const needs = [...log, ...secrets, ...login]
  return [...new Map(needs.map((need) => [`${need.service} ${need.region}`, need])).values()]
}

/** A bare name is one of an SSM parameter; `repositoryCredentials` are always of Secrets Manager. */
function secretNeed(text: string, home: string, because: string, bare = 'ssm'): StartNeed {
  const arn = parseArn(text)
  const service = arn?.service === 'secretsmanager' || arn?.service === 'ssm' ? arn.service : bare
  return { service, region: regionOr(home, arn?.region), because }
}

/** Text of an account is a region only when it reads like one. */
function regionOr(home: string, stated: string | undefined): string {
  return stated !== undefined && isRegionName(stated) ? stated : home
}

/** A node needs the network plugin, kube-proxy and CoreDNS; on Fargate only CoreDNS runs, where a profile selects it. */
function ofEks(inventory: Inventory, workload: Workload): readonly PullToTrace[] {
  const { region } = workload.scope
  const addOns = addOnImages(region) ?? []
  const profile = inventory.fargateProfiles.find(({ ref }) => ref.arn === workload.arn)
  const onFargate = workload.compute === 'fargatePod'
  const needed = onFargate ? addOns.filter(({ repository }) => repository.endsWith('coredns')) : addOns
  if (onFargate && (profile === undefined || !mayTakeCoreDns(profile.selectors))) return []
  const shared = common(workload)
  return needed.map(({ accountId, repository }) => ({
    ...shared,
    image: `${ecrDkr(region, accountId).host}/${repository}`,
    ...(profile === undefined
      ? {}
      : {
          profile: { arn: profile.ref.arn, clusterName: profile.clusterName, name: profile.name },
          assumptions: [
            `assumes that CoreDNS of ${clip(profile.clusterName)} runs on Fargate profile ${clip(profile.name)}`,
          ],
        }),
  }))
}

function mayTakeCoreDns(selectors: Inventory['fargateProfiles'][number]['selectors']): boolean {
  if (selectors.state !== 'known') return true
  return selectors.value.some(({ namespace }) => namespace === 'kube-system' || /[*?]/.test(namespace))
}
