import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import { taskDefinitionUse } from './current-task-definitions.ts'
import { autoScalingGroupOf, launchTemplateOf } from './ec2-compute.ts'
import { pullThroughCacheRuleOf } from './ecr-pull-through-cache.ts'
import { registryOfScope, registryPolicyOf } from './ecr-registry.ts'
import { repositoryOf } from './ecr-repository.ts'
import { ecsCapacityProviderOf, ecsClusterOf, ecsServiceOf } from './ecs-service.ts'
import { taskDefinitionOf } from './ecs-task-definition.ts'
import { eksClusterOf, fargateProfileOf, nodegroupOf, podIdentityAssociationOf } from './eks-cluster.ts'
import { instanceProfileOf, instanceProfilesOfRole } from './iam-instance-profile.ts'
import { managedPolicyOf } from './iam-policy.ts'
import { roleOf } from './iam-role.ts'
import type { Inventory } from './inventory.ts'
import { lazily } from './lazily.ts'
import { scopeKey } from './listings.ts'
import { managedPolicyLookup, repositoryLookup, roleLookup } from './lookups.ts'
import { networkInventoryOf } from './network-inventory.ts'
import { organizationTreeOf } from './organization-tree.ts'
import { globalRegion } from './recordable-types.ts'

/** The part of an inventory that is there before any type is looked at. */
export type Listings = Pick<Inventory, 'scopes' | 'coverage' | 'items' | 'listing' | 'capturedPolicy'>

/** Completes an inventory with its typed views, each made when it is first asked for: a rule pays for what it reads. */
export function withTypedViews(listings: Listings): Inventory {
  const { scopes, listing } = listings
  const registryOf = oncePerScope((scope) => registryOfScope(scope, listing))
  const regional = scopes.filter((scope) => scope.region !== globalRegion)
  const ground = { listing, accounts: new Set(scopes.map((scope) => scope.accountId)) }
  const views = lazily({
    ...viewMakers(listings.items),
    registries: () => regional.map(registryOf),
    organizationTree: () => organizationTreeOf(listings),
    network: () => networkInventoryOf(listings),
  })
  const find = lazily({
    role: () => roleLookup(views.roles, ground),
    policy: () => managedPolicyLookup(listings.items('AWS::IAM::Policy').map(managedPolicyOf), ground),
    repository: () => repositoryLookup(views.repositories, ground),
    use: () => taskDefinitionUse(views.taskDefinitions, views.ecsServices, listing),
  })
  const answers: Omit<Inventory, keyof typeof views> = {
    ...listings,
    registryOf,
    role: (arnOrName, near) => find.role(arnOrName, near),
    managedPolicy: (arn) => find.policy(arn),
    repository: (name, scope) => find.repository(name, scope),
    currentTaskDefinitions: (now) => find.use.current(now),
    supersededBy: (definition) => find.use.supersededBy(definition),
  }
  return Object.freeze(Object.assign(views, answers))
}

function viewMakers(items: Inventory['items']) {
  const all =
    <T>(type: string, view: (item: ConfigurationItem) => T) =>
    (): readonly T[] =>
      items(type).map(view)
  return {
    repositories: all('AWS::ECR::Repository', repositoryOf),
    registryPolicies: all('AWS::ECR::RegistryPolicy', registryPolicyOf),
    pullThroughCacheRules: all('AWS::ECR::PullThroughCacheRule', pullThroughCacheRuleOf),
    roles: all('AWS::IAM::Role', roleOf),
    instanceProfiles: () => instanceProfilesOf(items),
    taskDefinitions: all('AWS::ECS::TaskDefinition', taskDefinitionOf),
    ecsServices: all('AWS::ECS::Service', ecsServiceOf),
    ecsClusters: all('AWS::ECS::Cluster', ecsClusterOf),
    ecsCapacityProviders: all('AWS::ECS::CapacityProvider', ecsCapacityProviderOf),
    eksClusters: all('AWS::EKS::Cluster', eksClusterOf),
    nodegroups: all('AWS::EKS::Nodegroup', nodegroupOf),
    fargateProfiles: all('AWS::EKS::FargateProfile', fargateProfileOf),
    podIdentityAssociations: all('AWS::EKS::PodIdentityAssociation', podIdentityAssociationOf),
    launchTemplates: all('AWS::EC2::LaunchTemplate', launchTemplateOf),
    autoScalingGroups: all('AWS::AutoScaling::AutoScalingGroup', autoScalingGroupOf),
  }
}

/** Profiles with an item of their own, then those only a role names; sorted by ARN within. */
function instanceProfilesOf(items: Inventory['items']): Inventory['instanceProfiles'] {
  const stated = items('AWS::IAM::InstanceProfile').map(instanceProfileOf)
  const arns = new Set(stated.map((profile) => profile.ref.arn))
  const named = items('AWS::IAM::Role').flatMap(instanceProfilesOfRole)
  return [...stated, ...named.filter((profile) => !arns.has(profile.ref.arn))]
}

function oncePerScope<T>(make: (scope: Scope) => T): (scope: Scope) => T {
  const made = new Map<string, T>()
  return (scope) => {
    const key = scopeKey(scope)
    const value = made.get(key) ?? make({ accountId: scope.accountId, region: scope.region })
    made.set(key, value)
    return value
  }
}
