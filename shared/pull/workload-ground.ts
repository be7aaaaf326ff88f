import type { AutoScalingGroup, LaunchTemplate } from '../inventory/compute.ts'
import type { EcsCapacityProvider, EcsCluster, TaskDefinition } from '../inventory/ecs.ts'
import type { EksCluster } from '../inventory/eks.ts'
import type { Inventory, InventoryResource } from '../inventory/inventory.ts'
import type { Subnet } from '../inventory/network.ts'
import type { Scope } from '../model/resource.ts'

/** Lookups that finding workloads needs, each made once per inventory. */
export interface WorkloadGround {
  readonly inventory: Inventory
  /** The owner's item of a subnet, else that of a participant. */
  subnet(id: string): Subnet | undefined
  /** Id of the group named `default` of a VPC. */
  defaultGroup(vpcId: string): string | undefined
  /** By id or name. */
  launchTemplate(idOrName: string, scope: Scope): LaunchTemplate | undefined
  autoScalingGroup(arn: string): AutoScalingGroup | undefined
  ecsCluster(arn: string): EcsCluster | undefined
  capacityProvider(name: string, scope: Scope): EcsCapacityProvider | undefined
  eksCluster(name: string, scope: Scope): EksCluster | undefined
  /** A revision; without a number the newest active one. */
  taskDefinition(family: string, revision: number | undefined, scope: Scope): TaskDefinition | undefined
}

/** Indexes the resources that say where workloads run. */
export function workloadGround(inventory: Inventory): WorkloadGround {
  const { network } = inventory
  const groups = network.securityGroups.filter(({ name }) => name === 'default')
  const defaultGroups = new Map(groups.map(({ vpcId, id }) => [vpcId, id]))
  const templates = byKeys(inventory.launchTemplates, ({ name, ref }) => [name, ref.id])
  const scalingGroups = new Map(inventory.autoScalingGroups.map((group) => [group.ref.arn, group]))
  const clusters = new Map(inventory.ecsClusters.map((cluster) => [cluster.ref.arn, cluster]))
  const providers = byKeys(inventory.ecsCapacityProviders, ({ name }) => [name])
  const eksClusters = byKeys(inventory.eksClusters, ({ name }) => [name])
  const revisions = revisionsByKey(inventory.taskDefinitions)
  return {
    inventory,
    subnet: (id) => network.subnet(id),
    defaultGroup: (vpcId) => defaultGroups.get(vpcId),
    launchTemplate: (idOrName, scope) => templates.get(keyIn(scope, idOrName)),
    autoScalingGroup: (arn) => scalingGroups.get(arn),
    ecsCluster: (arn) => clusters.get(arn),
    capacityProvider: (name, scope) => providers.get(keyIn(scope, name)),
    eksCluster: (name, scope) => eksClusters.get(keyIn(scope, name)),
    taskDefinition: (family, revision, scope) => revisions.get(keyIn(scope, `${family}:${revision ?? 'newest'}`)),
  }
}

function keyIn({ accountId, region }: Scope, name: string): string {
  return `${accountId} ${region} ${name}`
}

function byKeys<T extends InventoryResource>(
  resources: readonly T[],
  names: (resource: T) => readonly string[],
): ReadonlyMap<string, T> {
  return new Map(resources.flatMap((resource) => names(resource).map((name) => [keyIn(resource.ref, name), resource])))
}

function revisionsByKey(definitions: readonly TaskDefinition[]): ReadonlyMap<string, TaskDefinition> {
  const revisions = new Map<string, TaskDefinition>()
  for (const definition of definitions) {
    const { family, revision, ref, status } = definition
    revisions.set(keyIn(ref, `${family}:${revision}`), definition)
    const newest = keyIn(ref, `${family}:newest`)
    const isNewer = (revisions.get(newest)?.revision ?? -1) < revision
    if ((status === undefined || status === 'ACTIVE') && isNewer) revisions.set(newest, definition)
  }
  return revisions
}
