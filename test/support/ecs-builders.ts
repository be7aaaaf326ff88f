import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith, stated } from './estate.ts'

const prefix = `arn:aws:ecs:${home.region}:${home.accountId}`

/** The URI of an image in the registry of home, or of another one. */
export function imageUri(repositoryAndTag = 'app:1', where: { accountId?: string; region?: string } = {}): string {
  const { accountId, region } = { ...home, ...where }
  return `${accountId}.dkr.ecr.${region}.amazonaws.com/${repositoryAndTag}`
}

/** ARN of a task definition, cluster or capacity provider of home: `ecsArn('task-definition', 'web:1')`. */
export function ecsArn(kind: 'task-definition' | 'cluster' | 'capacity-provider', name: string): string {
  return `${prefix}:${kind}/${name}`
}

/**
 * One revision of a task definition, for Fargate unless `compatibilities` says otherwise, recently recorded. Roles are ARNs
 * or names, written as they are; without them the definition has none. An image is a URI, or a container definition.
 */
export function taskDefinition(
  options: {
    readonly family?: string
    readonly revision?: number
    readonly taskRole?: string
    readonly executionRole?: string
    readonly images?: readonly (string | JsonObject)[]
    readonly compatibilities?: readonly string[]
    readonly status?: string
    readonly networkMode?: string
    /** ISO 8601. */
    readonly capturedAt?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const family = options.family ?? 'web'
  const name = `${family}:${options.revision ?? 1}`
  const arn = ecsArn('task-definition', name)
  return itemWith({
    configurationItemCaptureTime: options.capturedAt ?? '2026-11-01T00:00:00.000Z',
    resourceType: 'AWS::ECS::TaskDefinition',
    // AWS Config gives all revisions of a family the same id.
    resourceId: family,
    resourceName: name,
    ARN: arn,
    configuration: stated({
      TaskDefinitionArn: arn,
      Family: family,
      Status: options.status ?? 'ACTIVE',
      NetworkMode: options.networkMode ?? 'awsvpc',
      RequiresCompatibilities: options.compatibilities ?? ['FARGATE'],
      TaskRoleArn: options.taskRole,
      ExecutionRoleArn: options.executionRole,
      ContainerDefinitions: (options.images ?? [imageUri()]).map((image, index) =>
        typeof image === 'string' ? { Name: `c${index}`, Image: image, Essential: true } : image,
      ),
      ...options.configuration,
    }),
  })
}

/** A service in the cluster `main`; `taskDefinition` is `web:1`, `web` or an ARN, written as an ARN. */
export function ecsService(
  options: {
    readonly name?: string
    readonly cluster?: string
    readonly taskDefinition?: string
    readonly launchType?: string
    readonly capacityProviders?: readonly string[]
    readonly subnets?: readonly string[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'web'
  const cluster = options.cluster ?? 'main'
  const arn = `${prefix}:service/${cluster}/${name}`
  const definition = options.taskDefinition ?? 'web:1'
  const network = { Subnets: options.subnets ?? ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: 'DISABLED' }
  return itemWith({
    resourceType: 'AWS::ECS::Service',
    resourceId: arn,
    resourceName: name,
    ARN: arn,
    configuration: stated({
      ServiceArn: arn,
      ServiceName: name,
      Cluster: ecsArn('cluster', cluster),
      TaskDefinition: definition.startsWith('arn:') ? definition : ecsArn('task-definition', definition),
      LaunchType: options.capacityProviders === undefined ? (options.launchType ?? 'FARGATE') : undefined,
      CapacityProviderStrategy: options.capacityProviders?.map((CapacityProvider) => ({ CapacityProvider, Weight: 1 })),
      DesiredCount: 1,
      NetworkConfiguration: { AwsvpcConfiguration: network },
      ...options.configuration,
    }),
  })
}

/** A cluster with the names of its capacity providers and of the default ones. */
export function ecsCluster(
  options: {
    readonly name?: string
    readonly capacityProviders?: readonly string[]
    readonly defaults?: readonly string[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'main'
  return ecsItem('AWS::ECS::Cluster', name, ecsArn('cluster', name), {
    ClusterName: name,
    CapacityProviders: options.capacityProviders ?? [],
    DefaultCapacityProviderStrategy: (options.defaults ?? []).map((CapacityProvider) => ({ CapacityProvider })),
    ...options.configuration,
  })
}

/** A capacity provider with the ARN of its Auto Scaling group. */
export function capacityProvider(name: string, autoScalingGroupArn: string): EstatePart {
  return ecsItem('AWS::ECS::CapacityProvider', name, ecsArn('capacity-provider', name), {
    Name: name,
    AutoScalingGroupProvider: { AutoScalingGroupArn: autoScalingGroupArn },
  })
}

function ecsItem(type: string, name: string, arn: string, more: Readonly<Record<string, JsonValue>>): EstatePart {
  const configuration = { Arn: arn, ...more }
  return itemWith({ resourceType: type, resourceId: arn, resourceName: name, ARN: arn, configuration })
}
