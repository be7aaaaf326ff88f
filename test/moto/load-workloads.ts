import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import {
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  EKSClient,
  CreateClusterCommand as EksCreateClusterCommand,
} from '@aws-sdk/client-eks'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { apiWords, ofType, type Place, put, type Words } from './load-place.ts'

/** Puts task definitions, services, node groups and Fargate profiles into moto. */
export async function loadWorkloads(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const ecs = new ECSClient({ ...place, maxAttempts: 1 })
  await loadTaskDefinitions(place, ecs, ofType(items, 'AWS::ECS::TaskDefinition'))
  await loadServices(place, ecs, items)
  await loadKubernetes(place, items)
}

/** moto numbers revisions itself: those the items leave out are filled up; superseded, they are never read. */
async function loadTaskDefinitions(place: Place, ecs: ECSClient, items: readonly ConfigurationItem[]): Promise<void> {
  const byFamily = Map.groupBy(items, ({ configuration }) => String(configuration.Family))
  for (const [family, revisions] of byFamily) {
    const byNumber = new Map(revisions.map((item) => [Number(item.arn.split(':').at(-1)), item]))
    for (let number = 1; number <= Math.max(...byNumber.keys()); number++) {
      const item = byNumber.get(number)
      const { status, revision: _, taskDefinitionArn: __, ...words } = apiWords(item?.configuration ?? {})
      const input = item
        ? { ...words, family }
        : { family, containerDefinitions: [{ name: 'gone', image: 'gone', memory: 128 }] }
      await put(place, `task definition ${family}:${number}`, () => ecs.send(new RegisterTaskDefinitionCommand(input)))
      if (status !== 'INACTIVE') continue
      const command = new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:${number}` })
      await put(place, `task definition ${family}:${number}`, () => ecs.send(command))
    }
  }
}

async function loadServices(place: Place, ecs: ECSClient, items: readonly ConfigurationItem[]): Promise<void> {
  const services = ofType(items, 'AWS::ECS::Service')
  for (const { arn, configuration } of ofType(items, 'AWS::ECS::Cluster')) {
    const { clusterName, capacityProviders, defaultCapacityProviderStrategy } = apiWords(configuration)
    const input = { clusterName, capacityProviders, defaultCapacityProviderStrategy }
    await put(place, `cluster ${arn}`, () => ecs.send(new CreateClusterCommand(input)))
  }
  if (services.length === 0) return
  const strategies = new Map<string, unknown>()
  for (const { arn, configuration } of services) {
    const words = apiWords(configuration)
    if (words.capacityProviderStrategy !== undefined) strategies.set(arn, words.capacityProviderStrategy)
    const input = {
      cluster: words.cluster,
      serviceName: words.serviceName,
      taskDefinition: words.taskDefinition,
      desiredCount: words.desiredCount,
      launchType: words.launchType,
      networkConfiguration: words.networkConfiguration,
    }
    await put(place, `service ${arn}`, () => ecs.send(new CreateServiceCommand(input)))
  }
  place.overlay.mend('ecs:DescribeServices', place, (answer) => ({
    ...answer,
    services: answer.services.map((one: Words) => withStrategy(one, strategies.get(one.serviceArn))),
  }))
}

/** moto drops strategies and says EC2 instead. */
function withStrategy(service: Words, capacityProviderStrategy: unknown): Words {
  if (capacityProviderStrategy === undefined) return service
  const { launchType: _, ...rest } = service
  return { ...rest, capacityProviderStrategy }
}

async function loadKubernetes(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const eks = new EKSClient({ ...place, maxAttempts: 1 })
  const clusterGroups = new Map<string, unknown>()
  for (const { arn, configuration, supplementaryConfiguration } of ofType(items, 'AWS::EKS::Cluster')) {
    const { name, roleArn, version, resourcesVpcConfig } = apiWords(configuration)
    clusterGroups.set(arn, supplementaryConfiguration.clusterSecurityGroupId)
    const { subnetIds, securityGroupIds } = resourcesVpcConfig
    const input = { name, roleArn, version, resourcesVpcConfig: { subnetIds, securityGroupIds } }
    await put(place, `cluster ${arn}`, () => eks.send(new EksCreateClusterCommand(input)))
  }
  // moto gives clusters no security group of their own.
  place.overlay.mend('eks:DescribeCluster', place, ({ cluster }) => {
    const resourcesVpcConfig = { ...cluster.resourcesVpcConfig, clusterSecurityGroupId: clusterGroups.get(cluster.arn) }
    return { cluster: { ...cluster, resourcesVpcConfig } }
  })
  for (const { arn, configuration } of ofType(items, 'AWS::EKS::Nodegroup')) {
    const { clusterName, nodegroupName, nodeRole, subnets, labels } = apiWords(configuration)
    const input = { clusterName, nodegroupName, nodeRole, subnets, labels }
    await put(place, `node group ${arn}`, () => eks.send(new CreateNodegroupCommand(input)))
  }
  for (const { arn, configuration } of ofType(items, 'AWS::EKS::FargateProfile')) {
    const { clusterName, fargateProfileName, podExecutionRoleArn, subnets, selectors } = apiWords(configuration)
    const named = selectors.map(({ namespace }: { namespace: string }) => ({ namespace }))
    const input = { clusterName, fargateProfileName, podExecutionRoleArn, subnets, selectors: named }
    await put(place, `profile ${arn}`, () => eks.send(new CreateFargateProfileCommand(input)))
  }
}
