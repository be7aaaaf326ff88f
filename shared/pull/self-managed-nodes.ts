import type { AutoScalingGroup } from '../inventory/compute.ts'
import { mapFact, unknown } from '../model/fact.ts'
import { addOnRegistry } from './aws-owned-registries.ts'
import type { ImageRepository } from './can-pull.ts'
import { rolesOfGroup } from './instance-role.ts'
import { destinationsIn } from './pull-destinations.ts'
import type { WorkloadGround } from './workload-ground.ts'
import { placedIn, traitsOfGroup } from './workload-interfaces.ts'
import type { Workload } from './workloads.ts'

const ownedBy = 'kubernetes.io/cluster/'

/** Nodes that join a cluster of EKS without a managed node group: Auto Scaling groups whose tags say so. */
export function selfManagedNodes(ground: WorkloadGround): readonly Workload[] {
  return ground.inventory.autoScalingGroups.filter(isOfCluster).map((group) => workloadOf(ground, group))
}

/** The groups behind managed node groups carry the name of those: they are judged as node groups. */
function isOfCluster({ tags }: AutoScalingGroup): boolean {
  if (tags.has('eks:nodegroup-name')) return false
  return tags.has('eks:cluster-name') || [...tags].some(([key, value]) => key.startsWith(ownedBy) && value === 'owned')
}

function workloadOf(ground: WorkloadGround, group: AutoScalingGroup): Workload {
  const { ref, name, subnets } = group
  const { accountId, region } = ref
  const scope = { accountId, region }
  return {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    arn: ref.arn,
    name,
    scope,
    compute: 'node',
    ...placedIn(ground, subnets, {
      scope,
      ...traitsOfGroup(ground, group),
      operatingSystem: 'linux',
      usesIpv6: true,
    }),
    pullers: mapFact(rolesOfGroup(ground.inventory, group), (roles) =>
      roles.map((roleName) => ({ roleName, puller: 'eksNode' as const })),
    ),
    images: unknown<readonly ImageRepository[]>('the images of pods are not in the inventory'),
    platformVersion: undefined,
    needs: destinationsIn(region, addOnRegistry(region) ?? accountId, true),
  }
}
