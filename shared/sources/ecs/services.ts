import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  type Failure,
  ListClustersCommand,
  ListServicesCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  ask,
  askPages,
  covered,
  failureOf,
  forEachConcurrently,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
  unlisted,
} from '../reading.ts'
import { type EcsReader, optionalText, texts } from './reader.ts'

const CLUSTER = 'AWS::ECS::Cluster'
/** The type of services. */
export const SERVICE = 'AWS::ECS::Service'
/** Clusters whose services are read at the same time. */
const CONCURRENCY = 4

/** Clusters and services, and the task definitions the services use. */
export interface ServicesReading {
  readonly reading: Reading
  /** ARNs with revision: of the services, their deployments under way and their task sets. */
  readonly taskDefinitionArns: readonly string[]
}

/**
 * Reads all clusters and services of the region. A cluster or service deleted meanwhile is left out; any other failure
 * leaves the listing of its type unknown, with the items that were read.
 */
export async function readServices(reader: EcsReader): Promise<ServicesReading> {
  const arns = await listClusters(reader)
  if (arns.state !== 'known') {
    return { reading: unlisted(reader, [CLUSTER, SERVICE], failureOf(arns)), taskDefinitionArns: [] }
  }
  const clusters = await inBatches(arns.value, 100, (batch) => describeClusters(reader, batch))
  const services: Service[] = []
  const failures: ReadFailure[] = []
  await forEachConcurrently(arns.value, CONCURRENCY, async (clusterArn) => {
    const found = await servicesOf(reader, clusterArn)
    services.push(...found.entries)
    failures.push(...found.failures)
  })
  const [clusterFailure] = clusters.failures
  const [serviceFailure] = failures
  return {
    reading: {
      items: [
        ...clusters.entries.map((one) => clusterItem(reader, one)),
        ...services.map((one) => serviceItem(reader, one)),
      ],
      coverage: [covered(reader, CLUSTER, clusterFailure), covered(reader, SERVICE, serviceFailure)],
      gaps: [
        ...clusters.failures.map((failure) => ({ resourceType: CLUSTER, ...failure })),
        ...failures.map((failure) => ({ resourceType: SERVICE, ...failure })),
      ],
    },
    taskDefinitionArns: [...new Set(services.flatMap(definitionsOf))],
  }
}

/** Entries that were read, and why others were not. */
export interface Found<T> {
  readonly entries: readonly T[]
  readonly failures: readonly ReadFailure[]
}

function listClusters(reader: EcsReader): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'ecs:ListClusters', undefined, async (nextToken, abortSignal) => {
    const output = await reader.client.send(new ListClustersCommand({ maxResults: 100, nextToken }), { abortSignal })
    const entries = needList(output.clusterArns, 'clusterArns').map((arn) => needText(arn, 'cluster ARN'))
    return { entries, nextToken: output.nextToken }
  })
}

async function servicesOf(reader: EcsReader, cluster: string): Promise<Found<Service>> {
  const gone = 'ClusterNotFoundException'
  const arns = await askPages(reader, 'ecs:ListServices', gone, async (nextToken, abortSignal) => {
    const command = new ListServicesCommand({ cluster, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.serviceArns, 'serviceArns').map((arn) => needText(arn, 'service ARN'))
    return { entries, nextToken: output.nextToken }
  })
  if (arns.state === 'absent') return { entries: [], failures: [] }
  if (arns.state === 'unknown') return { entries: [], failures: [failureOf(arns)] }
  return inBatches(arns.value, 10, (batch) => describeServices(reader, cluster, batch))
}

async function inBatches<T>(
  arns: readonly string[],
  size: number,
  describe: (batch: readonly string[]) => Promise<Found<T>>,
): Promise<Found<T>> {
  const entries: T[] = []
  const failures: ReadFailure[] = []
  for (let start = 0; start < arns.length; start += size) {
    const found = await describe(arns.slice(start, start + size))
    entries.push(...found.entries)
    failures.push(...found.failures)
  }
  return { entries, failures }
}

async function describeClusters(reader: EcsReader, batch: readonly string[]): Promise<Found<Cluster>> {
  const action = 'ecs:DescribeClusters'
  const answer = await ask(
    reader,
    action,
    undefined,
    (abortSignal) => reader.client.send(new DescribeClustersCommand({ clusters: [...batch] }), { abortSignal }),
    (output) => answered(action, batch, output.clusters, (one) => one.clusterArn, output.failures),
  )
  return foundIn(answer, (cluster) => void clusterItem(reader, cluster), action)
}

/** Describes at most 10 services of a cluster by their ARNs. Those that are missing are left out; so are all when the cluster is gone. */
export async function describeServices(
  reader: EcsReader,
  cluster: string,
  batch: readonly string[],
): Promise<Found<Service>> {
  const action = 'ecs:DescribeServices'
  const answer = await ask(
    reader,
    action,
    'ClusterNotFoundException',
    (abortSignal) =>
      reader.client.send(new DescribeServicesCommand({ cluster, services: [...batch] }), { abortSignal }),
    (output) => answered(action, batch, output.services, (one) => one.serviceArn, output.failures),
  )
  return foundIn(answer, (service) => void serviceItem(reader, service), action)
}

/** Checks that the answer speaks of each thing asked for: it is described, missing, or failed for a stated reason. */
function answered<T>(
  action: string,
  asked: readonly string[],
  entries: readonly T[] | undefined,
  arnOf: (entry: T) => string | undefined,
  failures: readonly Failure[] | undefined,
): Found<T> {
  const found = needList(entries, 'descriptions')
  const failed = needList(failures ?? [], 'failures')
  const spokenOf = new Set([...found.map(arnOf), ...failed.map((failure) => failure.arn)])
  const silent = asked.find((arn) => !spokenOf.has(arn))
  if (silent !== undefined) throw new MalformedAnswer(`answer without ${silent}`)
  return {
    entries: found,
    failures: failed
      .filter((failure) => failure.reason !== 'MISSING')
      .map((failure) => ({ reason: `${action} failed for ${failure.arn}: ${failure.reason}`, transience: 'passing' })),
  }
}

/** The entries, unless one of them cannot become an item: then the answer as a whole is not as documented. */
function foundIn<T>(answer: Answer<Found<T>>, check: (entry: T) => void, action: string): Found<T> {
  if (answer.state === 'absent') return { entries: [], failures: [] }
  if (answer.state === 'unknown') return { entries: [], failures: [failureOf(answer)] }
  try {
    answer.value.entries.forEach(check)
    return answer.value
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error
    return { entries: [], failures: [{ reason: `${action} failed with MalformedAnswer`, transience: 'passing' }] }
  }
}

function definitionsOf(service: Service): readonly string[] {
  const used = [service, ...(service.deployments ?? []), ...(service.taskSets ?? [])]
  return used.flatMap((one) => optionalText(one.taskDefinition, 'taskDefinition') ?? [])
}

function clusterItem(reader: EcsReader, cluster: Cluster): JsonObject {
  const arn = needText(cluster.clusterArn, 'clusterArn')
  const name = needText(cluster.clusterName, 'clusterName')
  return rawItem(
    reader,
    CLUSTER,
    { id: name, arn },
    {
      Arn: arn,
      ClusterName: name,
      CapacityProviders: texts(cluster.capacityProviders, 'capacityProviders'),
      DefaultCapacityProviderStrategy: strategyOf(cluster.defaultCapacityProviderStrategy),
    },
  )
}

/** The raw item of a service. @throws MalformedAnswer when a part is not as documented */
export function serviceItem(reader: EcsReader, service: Service): JsonObject {
  const arn = needText(service.serviceArn, 'serviceArn')
  const name = needText(service.serviceName, 'serviceName')
  const network = service.networkConfiguration?.awsvpcConfiguration
  definitionsOf(service)
  const configuration = present({
    ServiceArn: arn,
    ServiceName: name,
    Cluster: needText(service.clusterArn, 'clusterArn'),
    TaskDefinition: optionalText(service.taskDefinition, 'taskDefinition'),
    LaunchType: optionalText(service.launchType, 'launchType'),
    CapacityProviderStrategy: strategyOf(service.capacityProviderStrategy),
    PlatformVersion: optionalText(service.platformVersion, 'platformVersion'),
    DesiredCount: service.desiredCount,
    DeploymentController: service.deploymentController && present({ Type: service.deploymentController.type }),
    NetworkConfiguration: network && {
      AwsvpcConfiguration: present({
        Subnets: texts(network.subnets, 'subnets'),
        SecurityGroups: texts(network.securityGroups, 'securityGroups'),
        AssignPublicIp: optionalText(network.assignPublicIp, 'assignPublicIp'),
      }),
    },
  })
  return rawItem(reader, SERVICE, { id: arn, arn, name }, configuration)
}

function strategyOf(
  strategy:
    | readonly {
        readonly capacityProvider?: string | undefined
        readonly weight?: number | undefined
        readonly base?: number | undefined
      }[]
    | undefined,
): readonly JsonObject[] {
  return needList(strategy ?? [], 'strategy').map((one) =>
    present({
      CapacityProvider: needText(one.capacityProvider, 'capacityProvider'),
      Weight: one.weight,
      Base: one.base,
    }),
  )
}
