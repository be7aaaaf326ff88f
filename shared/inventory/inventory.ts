import type { AwsManagedPolicies } from '../model/aws-managed-policy.ts'
import type { Fact } from '../model/fact.ts'
import type { CoverageEntry, ResourceRef, Scope } from '../model/resource.ts'
import type { AutoScalingGroup, LaunchTemplate } from './compute.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { PullThroughCacheRule, Registry, RegistryPolicy, Repository } from './ecr.ts'
import type { EcsCapacityProvider, EcsCluster, EcsService, TaskDefinition } from './ecs.ts'
import type { EksCluster, FargateProfile, Nodegroup, PodIdentityAssociation } from './eks.ts'
import type { InstanceProfile, ManagedPolicy, Role } from './iam.ts'
import type { NetworkInventory } from './network.ts'
import type { OrganizationTree } from './organizations.ts'

/**
 * Everything known about the audited accounts: immutable, indexed, and honest about what it lacks.
 * Built by `buildInventory` (`build.ts`) from items of any source.
 */
export interface Inventory {
  /** Accounts and regions with at least one item or a coverage entry; `global` included. Sorted. */
  readonly scopes: readonly Scope[]
  /** The ledger: per scope and asked-for type, whether the listing is complete. Sorted. */
  readonly coverage: readonly CoverageEntry[]
  /** All items of a type, sorted by account, region, ARN. */
  items(resourceType: string): readonly ConfigurationItem[]
  /**
   * The complete listing of a type in one scope: `known` (possibly carrying assumptions), `absent` (we looked, none),
   * or `unknown` (not recorded, not readable). Follows `docs/snapshot-format.md`, "Known, absent, unknown".
   */
  listing(resourceType: string, scope: Scope): Fact<readonly ConfigurationItem[]>
  /** Repositories of private registries, typed. */
  readonly repositories: readonly Repository[]
  /** Registry policies that exist. */
  readonly registryPolicies: readonly RegistryPolicy[]
  readonly pullThroughCacheRules: readonly PullThroughCacheRule[]
  /** The private registry (settings of one account and region) that a scope has; facts inside may be unknown. */
  registryOf(scope: Scope): Registry
  /** One registry per regional scope. */
  readonly registries: readonly Registry[]
  readonly roles: readonly Role[]
  /**
   * The role with this ARN, or with this bare name in the account of `near`. Absent when the roles of its account were
   * all listed and it is not among them; unknown when they were not.
   */
  role(arnOrName: string, near: Scope): Fact<Role>
  /** A managed policy the files carry. Absent: its account was listed and has no such policy. AWS's own are unknown when not carried. */
  managedPolicy(arn: string): Fact<ManagedPolicy>
  /** What the capture that came with the files knows of a policy AWS wrote; without a capture undefined for all. */
  readonly capturedPolicy: AwsManagedPolicies
  /** Those with an item of their own, and those only the item of their role names. */
  readonly instanceProfiles: readonly InstanceProfile[]
  /** Every revision the files describe, sorted like `items`. */
  readonly taskDefinitions: readonly TaskDefinition[]
  /**
   * The revisions that matter: those a service uses, whatever their status, and the newest active revision of each family
   * that a service uses, whose newest item was captured at most 90 days before `now`, or whose services are not all known.
   * Without `now` every family counts as recent.
   */
  currentTaskDefinitions(now?: Date): readonly TaskDefinition[]
  /** The newest active revision of the same family when it is newer and no service uses `definition`. */
  supersededBy(definition: TaskDefinition): TaskDefinition | undefined
  readonly ecsServices: readonly EcsService[]
  readonly ecsClusters: readonly EcsCluster[]
  readonly ecsCapacityProviders: readonly EcsCapacityProvider[]
  readonly eksClusters: readonly EksCluster[]
  readonly nodegroups: readonly Nodegroup[]
  readonly fargateProfiles: readonly FargateProfile[]
  readonly podIdentityAssociations: readonly PodIdentityAssociation[]
  readonly launchTemplates: readonly LaunchTemplate[]
  readonly autoScalingGroups: readonly AutoScalingGroup[]
  /** The repository of that name in a registry; absent when its scope's repositories were all listed and it is not among them. */
  repository(name: string, scope: Scope): Fact<Repository>
  readonly organizationTree: OrganizationTree
  /** VPCs, subnets, routes, groups, endpoints, zones; each list is made on first access. */
  readonly network: NetworkInventory
}

/** A typed resource: where it is and when it was seen. */
export interface InventoryResource {
  readonly ref: ResourceRef
  /** Capture time of the newest item about it, ISO 8601. */
  readonly observedAt: string | undefined
}
