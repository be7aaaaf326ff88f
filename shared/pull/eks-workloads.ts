import type { FargateProfile, Nodegroup } from '../inventory/eks.ts'
import { absent, type Fact, known, mapFact, unknown } from '../model/fact.ts'
import { addOnRegistry } from './aws-owned-registries.ts'
import type { ImageRepository } from './can-pull.ts'
import { destinationsIn } from './pull-destinations.ts'
import type { WorkloadGround } from './workload-ground.ts'
import { type InterfaceTraits, operatingSystemOf, placedIn, traitsOfTemplate } from './workload-interfaces.ts'
import type { Workload } from './workloads.ts'

/** The node groups and Fargate profiles of EKS. Which images their pods use is in no inventory. */
export function eksWorkloads(ground: WorkloadGround): readonly Workload[] {
  const { nodegroups, fargateProfiles } = ground.inventory
  return [
    ...nodegroups.map((nodegroup) => ofNodegroup(ground, nodegroup)),
    ...fargateProfiles.map((profile) => ofProfile(ground, profile)),
  ]
}

/** Nodes pull the add-ons from AWS's registry of the region before anything else. */
function ofNodegroup(ground: WorkloadGround, nodegroup: Nodegroup): Workload {
  const { ref, name, nodeRoleArn, subnets } = nodegroup
  return {
    ...head('AWS::EKS::Nodegroup', ref, name),
    compute: 'node',
    ...placedIn(ground, subnets, nodeTraits(ground, nodegroup)),
    pullers: mapFact(nodeRoleArn, (roleName) => [{ roleName, puller: 'eksNode' as const }]),
    needs: destinationsIn(ref.region, addOnRegistry(ref.region) ?? ref.accountId, true),
  }
}

/** Pods on Fargate have no public address, and the cluster's group unless a policy inside the cluster says otherwise. */
function ofProfile(ground: WorkloadGround, profile: FargateProfile): Workload {
  const { ref, name, podExecutionRoleArn, subnets, clusterName } = profile
  const { accountId, region } = ref
  const traits: InterfaceTraits = {
    scope: { accountId, region },
    groups: clusterGroup(ground, clusterName, ref),
    publicIp: known(false),
    operatingSystem: 'linux',
    usesIpv6: false,
  }
  return {
    ...head('AWS::EKS::FargateProfile', ref, name),
    compute: 'fargatePod',
    ...placedIn(ground, subnets, traits),
    pullers: mapFact(podExecutionRoleArn, (roleName) => [{ roleName, puller: 'eksFargatePod' as const }]),
    needs: destinationsIn(region, accountId, true),
  }
}

function head(
  type: Workload['type'],
  { arn, accountId, region }: Nodegroup['ref'],
  name: string,
): Pick<Workload, 'type' | 'arn' | 'name' | 'scope' | 'images' | 'platformVersion'> {
  return {
    type,
    arn,
    name,
    scope: { accountId, region },
    images: unknown<readonly ImageRepository[]>('the images of pods are not in the inventory'),
    platformVersion: undefined,
  }
}

function nodeTraits(ground: WorkloadGround, nodegroup: Nodegroup): InterfaceTraits {
  const { ref, launchTemplate, launchTemplateVersion, securityGroupIds, clusterName } = nodegroup
  const template = launchTemplate === undefined ? undefined : ground.launchTemplate(launchTemplate, ref)
  const missing = unknown<never>(`the launch template of node group ${nodegroup.name} is not in the inventory`)
  const ofCluster = clusterGroup(ground, clusterName, ref)
  const made = template && traitsOfTemplate(template, launchTemplateVersion)
  const ofTemplate = made === undefined || made.groups.state === 'absent' ? ofCluster : made.groups
  const stated = securityGroupIds === undefined ? undefined : known(securityGroupIds)
  const isHidden = launchTemplate !== undefined && template === undefined
  return {
    scope: { accountId: ref.accountId, region: ref.region },
    groups: stated ?? (isHidden ? missing : ofTemplate),
    publicIp: isHidden ? missing : (made?.publicIp ?? absent()),
    assumptions: made?.assumptions ?? [],
    operatingSystem: operatingSystemOf(nodegroup.amiType),
    usesIpv6: true,
  }
}

function clusterGroup(ground: WorkloadGround, clusterName: string, scope: Nodegroup['ref']): Fact<readonly string[]> {
  const id = ground.eksCluster(clusterName, scope)?.clusterSecurityGroupId
  return id === undefined
    ? unknown(`the cluster security group of ${clusterName} is not in the inventory`)
    : known([id])
}
