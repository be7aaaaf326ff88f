import type { AutoScalingGroup } from '../inventory/compute.ts'
import type { EcsCluster, EcsService } from '../inventory/ecs.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type Fact, known, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import { versionHeld } from './template-version.ts'

/**
 * Roles (names or ARNs) of the container instances a service runs on: capacity provider, Auto Scaling group, launch
 * template, instance profile, role. Unknown, naming the missing link, when the chain is not in the inventory.
 */
export function instanceRolesOf(inventory: Inventory, service: EcsService): Fact<readonly string[]> {
  const cluster = inventory.ecsClusters.find(({ ref }) => ref.arn === service.clusterArn)
  const providers = providersOf(service, cluster).filter((name) => name !== 'FARGATE' && name !== 'FARGATE_SPOT')
  if (providers.length === 0) {
    return unknown(
      `the container instances of cluster ${service.clusterArn ?? '(not stated)'} are not in the inventory`,
    )
  }
  const roles: string[] = []
  const assumptions: string[] = []
  for (const name of providers) {
    const ofProvider = rolesOfProvider(inventory, name, service.ref)
    if (ofProvider.state !== 'known') return ofProvider
    roles.push(...ofProvider.value)
    assumptions.push(...ofProvider.assumptions)
  }
  return known([...new Set(roles)], [...new Set(assumptions)])
}

/** Without a strategy of its own and of its cluster a service runs on whatever instances the cluster has. */
function providersOf(
  { launchType, capacityProviders }: EcsService,
  cluster: EcsCluster | undefined,
): readonly string[] {
  const defaults = launchType === undefined ? (cluster?.defaultCapacityProviders ?? []) : []
  const ofStrategy = capacityProviders.length > 0 ? capacityProviders : defaults
  return ofStrategy.length > 0 ? ofStrategy : (cluster?.capacityProviders ?? [])
}

function rolesOfProvider(inventory: Inventory, name: string, scope: Scope): Fact<readonly string[]> {
  const provider = inventory.ecsCapacityProviders.find((one) => one.name === name && isIn(one.ref, scope))
  if (provider === undefined) return unknown(`capacity provider ${name} is not in the inventory`)
  if (provider.autoScalingGroupArn.state !== 'known') {
    return unknown(`the Auto Scaling group of capacity provider ${name} is not in the inventory`)
  }
  const arn = provider.autoScalingGroupArn.value
  const group = inventory.autoScalingGroups.find(({ ref }) => ref.arn === arn)
  if (group === undefined) return unknown(`Auto Scaling group ${arn} is not in the inventory`)
  return rolesOfGroup(inventory, group)
}

/** Roles of the instances an Auto Scaling group launches. */
export function rolesOfGroup(inventory: Inventory, group: AutoScalingGroup): Fact<readonly string[]> {
  if (group.launchTemplate.state !== 'known') {
    return unknown(`Auto Scaling group ${group.name} names no launch template in the inventory`)
  }
  const wanted = group.launchTemplate.value
  const template = inventory.launchTemplates.find(
    ({ name, ref }) => (name === wanted || ref.id === wanted) && isIn(ref, group.ref),
  )
  if (template === undefined) return unknown(`launch template ${wanted} is not in the inventory`)
  const held = versionHeld(template, group.launchTemplateVersion)
  if (held.state === 'missing') return unknown(held.reason)
  if (template.instanceProfile.state !== 'known') {
    return unknown(`launch template ${template.name} names no instance profile in the inventory`)
  }
  const profileName = template.instanceProfile.value
  const profile = inventory.instanceProfiles.find(
    ({ name, ref }) => (name === profileName || ref.arn === profileName) && ref.accountId === group.ref.accountId,
  )
  if (profile === undefined) return unknown(`instance profile ${profileName} is not in the inventory`)
  if (profile.roles.state === 'unknown') return profile.roles
  return profile.roles.state === 'known' && profile.roles.value.length > 0
    ? known(profile.roles.value, held.assumptions)
    : unknown(`instance profile ${profileName} has no role`)
}

function isIn(ref: Scope, scope: Scope): boolean {
  return ref.accountId === scope.accountId && ref.region === scope.region
}
