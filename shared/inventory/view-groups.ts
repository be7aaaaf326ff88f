import type { Scope } from '../model/resource.ts'
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
import { type LookupGround, managedPolicyLookup, repositoryLookup, roleLookup } from './lookups.ts'
import { networkInventoryOf } from './network-inventory.ts'
import { organizationTreeOf } from './organization-tree.ts'
import { globalRegion } from './recordable-types.ts'
import type { Listings, TypedViews, ViewGroups } from './typed-views.ts'

/*
 * The typed views by what they are about, each made when it is first asked for: a rule pays for what it reads. These are functions, and
 * lists without spreads, so that a bundle carries the readers of the groups that its function names and of no others.
 */

/** What registries hold and how they are set. */
export function registryViews({
  scopes,
  items,
  listing,
}: Listings): Pick<
  TypedViews,
  'repositories' | 'repository' | 'registryPolicies' | 'pullThroughCacheRules' | 'registryOf' | 'registries'
> {
  const registryOf = oncePerScope((scope) => registryOfScope(scope, listing))
  const regional = scopes.filter((scope) => scope.region !== globalRegion)
  const views = lazily({
    repositories: () => items('AWS::ECR::Repository').map(repositoryOf),
    registryPolicies: () => items('AWS::ECR::RegistryPolicy').map(registryPolicyOf),
    pullThroughCacheRules: () => items('AWS::ECR::PullThroughCacheRule').map(pullThroughCacheRuleOf),
    registries: () => regional.map(registryOf),
  })
  const find = lazily({ repository: () => repositoryLookup(views.repositories, groundOf(scopes, listing)) })
  return Object.assign(views, {
    registryOf,
    repository: (name: string, scope: Scope) => find.repository(name, scope),
  })
}

/** Roles, and what belongs to them. */
export function roleViews({
  scopes,
  items,
  listing,
}: Listings): Pick<TypedViews, 'roles' | 'role' | 'managedPolicy' | 'instanceProfiles'> {
  const ground = groundOf(scopes, listing)
  const views = lazily({
    roles: () => items('AWS::IAM::Role').map(roleOf),
    instanceProfiles: () => instanceProfilesOf(items),
  })
  const find = lazily({
    role: () => roleLookup(views.roles, ground),
    policy: () => managedPolicyLookup(items('AWS::IAM::Policy').map(managedPolicyOf), ground),
  })
  return Object.assign(views, {
    role: (arnOrName: string, near: Scope) => find.role(arnOrName, near),
    managedPolicy: (arn: string) => find.policy(arn),
  })
}

/** What ECS runs. */
export function ecsViews({
  items,
  listing,
}: Listings): Pick<
  TypedViews,
  'taskDefinitions' | 'currentTaskDefinitions' | 'supersededBy' | 'ecsServices' | 'ecsClusters' | 'ecsCapacityProviders'
> {
  const views = lazily({
    taskDefinitions: () => items('AWS::ECS::TaskDefinition').map(taskDefinitionOf),
    ecsServices: () => items('AWS::ECS::Service').map(ecsServiceOf),
    ecsClusters: () => items('AWS::ECS::Cluster').map(ecsClusterOf),
    ecsCapacityProviders: () => items('AWS::ECS::CapacityProvider').map(ecsCapacityProviderOf),
  })
  const found = lazily({ use: () => taskDefinitionUse(views.taskDefinitions, views.ecsServices, listing) })
  const answers: Pick<TypedViews, 'currentTaskDefinitions' | 'supersededBy'> = {
    currentTaskDefinitions: (now) => found.use.current(now),
    supersededBy: (definition) => found.use.supersededBy(definition),
  }
  return Object.assign(views, answers)
}

/** What EKS runs, as far as AWS shows it. */
export function eksViews({
  items,
}: Listings): Pick<TypedViews, 'eksClusters' | 'nodegroups' | 'fargateProfiles' | 'podIdentityAssociations'> {
  return lazily({
    eksClusters: () => items('AWS::EKS::Cluster').map(eksClusterOf),
    nodegroups: () => items('AWS::EKS::Nodegroup').map(nodegroupOf),
    fargateProfiles: () => items('AWS::EKS::FargateProfile').map(fargateProfileOf),
    podIdentityAssociations: () => items('AWS::EKS::PodIdentityAssociation').map(podIdentityAssociationOf),
  })
}

/** What instances are made from. */
export function instanceViews({ items }: Listings): Pick<TypedViews, 'launchTemplates' | 'autoScalingGroups'> {
  return lazily({
    launchTemplates: () => items('AWS::EC2::LaunchTemplate').map(launchTemplateOf),
    autoScalingGroups: () => items('AWS::AutoScaling::AutoScalingGroup').map(autoScalingGroupOf),
  })
}

/** VPCs and everything in them. */
export function networkViews(listings: Listings): Pick<TypedViews, 'network'> {
  return lazily({ network: () => networkInventoryOf(listings) })
}

/** The organization as a tree, and the guardrails of its parts. */
export function organizationViews(listings: Listings): Pick<TypedViews, 'organizationTree'> {
  return lazily({ organizationTree: () => organizationTreeOf(listings) })
}

/** Every view there is. */
export const allViews: ViewGroups = [
  registryViews,
  organizationViews,
  roleViews,
  ecsViews,
  eksViews,
  instanceViews,
  networkViews,
]

function groundOf(scopes: Listings['scopes'], listing: Listings['listing']): LookupGround {
  return { listing, accounts: new Set(scopes.map((scope) => scope.accountId)) }
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
