import type { Container, TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { parseArn } from '../model/arn.ts'
import { clip } from '../model/quote.ts'
import { ecrDkr } from '../network/destinations.ts'
import { addOnImages } from './node-images.ts'
import { isRegionName } from './region-name.ts'
import { remembering } from './remembered.ts'
import type { PullToTrace, StartNeed } from './trace-types.ts'
import { type WorkloadGround, workloadGround } from './workload-ground.ts'
import { imageWorkloads, type Workload } from './workloads.ts'

const remembered = remembering<readonly PullToTrace[]>()

/** Every pull that the inventory shows: images of services, and the add-ons that nodes and profiles of EKS need. Remembered. */
export function pullsOfInventory(inventory: Inventory): readonly PullToTrace[] {
  return remembered([inventory], '', () => {
    const ground = workloadGround(inventory)
    const services = new Map(inventory.ecsServices.map((service) => [service.ref.arn, service]))
    return imageWorkloads(inventory).flatMap((workload) => {
      const service = services.get(workload.arn)
      if (workload.type !== 'AWS::ECS::Service' || service === undefined) return ofEks(inventory, workload)
      return ofService(workload, definitionOf(ground, service))
    })
  })
}

function definitionOf(
  ground: WorkloadGround,
  { ref, taskDefinitionArn }: Inventory['ecsServices'][number],
): TaskDefinition | undefined {
  const name = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
  return name && ground.taskDefinition(name.family, name.revision, ref)
}

/** One pull for each image; when the containers are not known, one whose image is not. */
function ofService(workload: Workload, definition: TaskDefinition | undefined): readonly PullToTrace[] {
  const shared = common(workload)
  if (definition?.containers.state !== 'known') return [{ ...shared, image: '' }]
  const containers = definition.containers.value
  const startNeeds = containers.flatMap((container) => needsOf(container, workload.scope.region))
  const pulls = containers.map(({ image, repositoryCredentials }) => ({
    ...shared,
    image,
    startNeeds,
    ...(repositoryCredentials === undefined ? {} : { credentials: repositoryCredentials }),
  }))
  return [...new Map(pulls.map((pull) => [`${pull.image} ${pull.credentials ?? ''}`, pull])).values()]
}

function common({
  type,
  arn,
  name,
  scope,
  compute,
  platformVersion,
  interfaces,
  unplaced,
  pullers,
}: Workload): Omit<PullToTrace, 'image'> {
  return { workload: { type, arn, name, scope, compute, platformVersion }, interfaces, unplaced, pullers }
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
