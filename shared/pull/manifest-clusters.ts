import type { FargateProfile, Nodegroup } from '../inventory/eks.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { partitionOf } from '../model/arn.ts'
import type { ResourceRef, Scope } from '../model/resource.ts'
import { platformOf } from './image-platform.ts'
import { imageWorkloads, type Workload } from './workloads.ts'

/** A node group with what the pulls of its nodes depend on. */
export interface NodePlace {
  readonly group: Nodegroup
  readonly workload: Workload
  /** `linux/arm64`; undefined when its image does not tell. */
  readonly platform: string | undefined
}

/** A Fargate profile with what the pulls of its pods depend on. */
export interface ProfilePlaceOfPods {
  readonly profile: FargateProfile
  readonly workload: Workload
}

/** A cluster and where its pods may run. */
export interface KubernetesCluster {
  readonly scope: Scope
  readonly name: string
  readonly arn: string
  readonly nodes: readonly NodePlace[]
  readonly profiles: readonly ProfilePlaceOfPods[]
}

interface Found {
  readonly scope: Scope
  readonly name: string
  readonly nodes: NodePlace[]
  readonly profiles: ProfilePlaceOfPods[]
}

/** Every cluster the inventory knows, also those that only a node group or a profile names. Sorted as they are there. */
export function clustersOf(inventory: Inventory): readonly KubernetesCluster[] {
  const workloads = new Map(imageWorkloads(inventory).map((workload) => [workload.arn, workload]))
  const clusters = new Map<string, Found>()
  const at = (ref: ResourceRef, name: string): Found => {
    const key = `${ref.accountId} ${ref.region} ${name}`
    const scope = { accountId: ref.accountId, region: ref.region }
    const found = clusters.get(key) ?? { scope, name, nodes: [], profiles: [] }
    clusters.set(key, found)
    return found
  }
  for (const { ref, name } of inventory.eksClusters) at(ref, name)
  for (const group of inventory.nodegroups) {
    const workload = workloads.get(group.ref.arn)
    const cluster = at(group.ref, group.clusterName)
    if (workload !== undefined) cluster.nodes.push({ group, workload, platform: platformOf(inventory, workload) })
  }
  for (const profile of inventory.fargateProfiles) {
    const workload = workloads.get(profile.ref.arn)
    const cluster = at(profile.ref, profile.clusterName)
    if (workload !== undefined) cluster.profiles.push({ profile, workload })
  }
  return [...clusters.values()].map((cluster) => ({ ...cluster, arn: arnOf(cluster) }))
}

function arnOf({ scope: { accountId, region }, name }: Found): string {
  return `arn:${partitionOf(region)}:eks:${region}:${accountId}:cluster/${name}`
}
