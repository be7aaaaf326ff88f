import { parseArn, partitionOf } from '../model/arn.ts'
import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { EcsCapacityProvider, EcsCluster, EcsService } from './ecs.ts'
import {
  enumProperty,
  listProperty,
  numberProperty,
  objectProperty,
  property,
  stringListProperty,
  stringProperty,
} from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::ECS::Service` item. */
export function ecsServiceOf(item: ConfigurationItem): EcsService {
  const { configuration } = item
  const network = objectProperty(configuration, 'NetworkConfiguration')
  const vpc = network && objectProperty(network, 'AwsvpcConfiguration')
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'ServiceName') ?? item.resourceName ?? item.resourceId,
    clusterArn: clusterArn(item),
    taskDefinitionArn: stringProperty(configuration, 'TaskDefinition'),
    launchType: enumProperty(configuration, 'LaunchType'),
    capacityProviders: strategy(configuration, 'CapacityProviderStrategy'),
    platformVersion: stringProperty(configuration, 'PlatformVersion'),
    subnets: (vpc && stringListProperty(vpc, 'Subnets')) ?? [],
    securityGroups: (vpc && stringListProperty(vpc, 'SecurityGroups')) ?? [],
    assignPublicIp: vpc && enabled(enumProperty(vpc, 'AssignPublicIp')),
    desiredCount: numberProperty(configuration, 'DesiredCount'),
  }
}

/** The typed view of an `AWS::ECS::Cluster` item. */
export function ecsClusterOf(item: ConfigurationItem): EcsCluster {
  const { configuration } = item
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'ClusterName') ?? item.resourceName ?? item.resourceId,
    capacityProviders: stringListProperty(configuration, 'CapacityProviders') ?? [],
    defaultCapacityProviders: strategy(configuration, 'DefaultCapacityProviderStrategy'),
  }
}

/** The typed view of an `AWS::ECS::CapacityProvider` item. */
export function ecsCapacityProviderOf(item: ConfigurationItem): EcsCapacityProvider {
  const name = stringProperty(item.configuration, 'Name') ?? item.resourceName ?? item.resourceId
  return { ...resourceOfItem(item), name, autoScalingGroupArn: autoScalingGroupArn(item.configuration, name) }
}

function clusterArn({ configuration, accountId, region }: ConfigurationItem): string | undefined {
  const cluster = stringProperty(configuration, 'Cluster')
  if (cluster === undefined || parseArn(cluster)) return cluster
  return `arn:${partitionOf(region)}:ecs:${region}:${accountId}:cluster/${cluster}`
}

/**
 * The providers of a strategy that tasks are placed on: where one has a weight, those with neither weight nor base get
 * none (both are 0 when they are not stated). A strategy without any weight places nothing by itself, and then none is
 * left out: what runs under it is not known to run elsewhere.
 */
function strategy(configuration: JsonObject, name: string): readonly string[] {
  const entries = (listProperty(configuration, name) ?? []).filter(isJsonObject).flatMap((entry) => {
    const provider = stringProperty(entry, 'CapacityProvider')
    return provider === undefined ? [] : [{ provider, entry }]
  })
  const isWeighted = entries.some(({ entry }) => (numberProperty(entry, 'Weight') ?? 0) > 0)
  const placed = entries.filter(({ entry }) => !isWeighted || !isZero(entry, 'Weight') || !isZero(entry, 'Base'))
  return placed.map(({ provider }) => provider)
}

/** What is stated and is no number is not known to be zero. */
function isZero(entry: JsonObject, name: string): boolean {
  const value = property(entry, name)
  return value === undefined || value === null || value === 0
}

function enabled(word: string | undefined): boolean | undefined {
  return word === 'ENABLED' ? true : word === 'DISABLED' ? false : undefined
}

function autoScalingGroupArn(configuration: JsonObject, name: string): Fact<string> {
  const provider = objectProperty(configuration, 'AutoScalingGroupProvider')
  const arn = provider && stringProperty(provider, 'AutoScalingGroupArn')
  if (arn !== undefined) return known(arn)
  const managed = objectProperty(configuration, 'ManagedInstancesProvider') !== undefined
  if (managed || name === 'FARGATE' || name === 'FARGATE_SPOT') return absent()
  return unknown(`the Auto Scaling group of the capacity provider ${name} is missing`)
}
