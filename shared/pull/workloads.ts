import type { Inventory } from '../inventory/inventory.ts'
import type { Fact } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { Destination, SourceInterface } from '../network/types.ts'
import type { ImageRepository } from './can-pull.ts'
import { ecsWorkloads } from './ecs-workloads.ts'
import { eksWorkloads } from './eks-workloads.ts'
import { selfManagedNodes } from './self-managed-nodes.ts'
import type { Puller } from './types.ts'
import { workloadGround } from './workload-ground.ts'

/** Something that starts containers: it pulls their images through network interfaces in subnets. */
export interface Workload {
  readonly type:
    | 'AWS::ECS::Service'
    | 'AWS::EKS::Nodegroup'
    | 'AWS::EKS::FargateProfile'
    | 'AWS::AutoScaling::AutoScalingGroup'
  readonly arn: string
  readonly name: string
  /** Account and region of the workload; the VPC may belong to another account. */
  readonly scope: Scope
  /** Whose network interface pulls: that of the task or pod, or the primary one of the instance. */
  readonly compute: 'fargateTask' | 'containerInstance' | 'node' | 'fargatePod'
  /** The VPC of its subnets; undefined when none of them is in the inventory. */
  readonly vpcId: string | undefined
  /** One per subnet it may start in; empty when `unplaced` says why. */
  readonly interfaces: readonly SourceInterface[]
  /** Why its subnets are not known, one sentence without a full stop. */
  readonly unplaced: string | undefined
  /** What its interfaces rest on besides the inventory. */
  readonly assumptions?: readonly string[]
  /**
   * Roles that may fetch the images, as the workload names them. Absent: none is named. Unknown, naming the missing link,
   * when the chain to the instance role is not in the inventory.
   */
  readonly pullers: Fact<readonly WorkloadPuller[]>
  /** Images of private ECR registries it fetches; those of pods are not in any inventory. */
  readonly images: Fact<readonly ImageRepository[]>
  /** As the service states it, such as `1.4.0` or `LATEST`; of Fargate tasks only. */
  readonly platformVersion: string | undefined
  /** Hosts it talks to when it pulls, in the order it does. Empty when it is known to use no image of ECR. */
  readonly needs: readonly Destination[]
}

/** A role that may fetch images for a workload. */
export interface WorkloadPuller {
  readonly roleName: string
  readonly puller: Puller
}

/** The workloads of an inventory by where they are. */
interface Found {
  readonly all: readonly Workload[]
  readonly byVpc: ReadonlyMap<string | undefined, readonly Workload[]>
}

const remembered = new WeakMap<Inventory, Found>()

/**
 * ECS services, EKS node groups, managed or not, and EKS Fargate profiles with the interfaces through which they pull. A service that runs on
 * several capacity providers gives a workload for each. Tasks on hosts outside AWS are left out: no VPC is theirs.
 */
export function imageWorkloads(inventory: Inventory): readonly Workload[] {
  return foundIn(inventory).all
}

/** Those in one VPC that use images of ECR, or may; for `undefined` those of which no VPC is known. */
export function workloadsInVpc(inventory: Inventory, vpcId: string | undefined): readonly Workload[] {
  return foundIn(inventory).byVpc.get(vpcId) ?? []
}

function foundIn(inventory: Inventory): Found {
  const before = remembered.get(inventory)
  if (before !== undefined) return before
  const ground = workloadGround(inventory)
  const all = [...ecsWorkloads(ground), ...eksWorkloads(ground), ...selfManagedNodes(ground)]
  const byVpc = new Map<string | undefined, Workload[]>()
  for (const workload of all.filter(({ needs }) => needs.length > 0)) {
    const here = byVpc.get(workload.vpcId) ?? []
    here.push(workload)
    byVpc.set(workload.vpcId, here)
  }
  const found = { all, byVpc }
  remembered.set(inventory, found)
  return found
}

/** Ids of the subnets a workload may start in. */
export function subnetsOf({ interfaces }: Workload): readonly string[] {
  return interfaces.map(({ subnetId }) => subnetId)
}
