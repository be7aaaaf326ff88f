import type { RequestContext } from '../iam/conditions/context.ts'
import { registryPermissions, repositoriesAllowed } from '../iam/permissions/registry-permissions.ts'
import type { KnownRepository, PermissionsInput, RegistryPermissions } from '../iam/permissions/types.ts'
import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { globalRegion } from '../inventory/recordable-types.ts'
import { parseArn } from '../model/arn.ts'
import type { Evidence } from '../model/verdict.ts'
import { grantsNamingRole } from './grants-naming-role.ts'
import { policiesNamingRoles } from './policies-naming-roles.ts'
import { remembering } from './remembered.ts'
import { type RoleUse, roleContext } from './role-context.ts'
import { layersOfRole } from './role-layers.ts'
import type { PullWorld } from './types.ts'

/** What a role may do in private registries, with what a verdict resting on it must carry. */
export interface RolePermissions extends RegistryPermissions {
  readonly assumptions: readonly string[]
  readonly evidence: readonly Evidence[]
  /** Repositories of the role's own account on which its own side allows the action. */
  allowedOn(action: string): ReturnType<typeof repositoriesAllowed>
}

/** Rules go through the roles one after the other, and a role that several task definitions use comes up again soon. */
const remembered = remembering<RolePermissions>(1000)

const ownRepositories = new WeakMap<Inventory, Map<string, readonly KnownRepository[]>>()

/**
 * What the role's own policies, boundary and guardrails let it do with ECR when it is used so, and what policies of
 * repositories grant it by name: keys that depend on the single request stay unknown. The answer is remembered.
 */
export function permissionsOfRole(world: PullWorld, role: Role, use: RoleUse): RolePermissions {
  const { inventory, now, organization } = world
  const key = JSON.stringify([use, now?.getTime()])
  return remembered([inventory, role, organization], key, () => analysed(world, role, use))
}

function analysed(world: PullWorld, role: Role, use: RoleUse): RolePermissions {
  const layers = layersOfRole(world.inventory, role)
  const own = registryPermissions(inputOf(world, role, use, layers))
  return {
    ...own,
    grants: [...own.grants, ...grantsNamingRole(world, role, use)],
    assumptions: [...layers.assumptions, ...policiesNamingRoles(world.inventory, role.ref.accountId).assumptions],
    evidence: layers.evidence,
    // Made anew: an input holds on to the contexts of all its requests.
    allowedOn: (action) => repositoriesAllowed(action, inputOf(world, role, use, layers)),
  }
}

function inputOf(world: PullWorld, role: Role, use: RoleUse, layers: PermissionsInput['layers']): PermissionsInput {
  const { arn, accountId } = role.ref
  const { inventory } = world
  const partition = parseArn(arn)?.partition ?? 'aws'
  const ownRegions = inventory.scopes
    .filter((one) => one.accountId === accountId && one.region !== globalRegion)
    .map(({ region }) => region)
  return {
    layers,
    principal: { kind: 'role', arn, accountId },
    contextOf: rememberedContexts(world, role, use),
    repositories: repositoriesOf(inventory, accountId),
    home: {
      partition,
      accountId,
      regions: ownRegions.length > 0 ? ownRegions : [mainRegion(partition)],
    },
  }
}

/** The repositories of an account, one list for all its roles. */
function repositoriesOf(inventory: Inventory, accountId: string): readonly KnownRepository[] {
  const accounts = ownRepositories.get(inventory) ?? byAccount(inventory)
  ownRepositories.set(inventory, accounts)
  return accounts.get(accountId) ?? []
}

function byAccount({ repositories }: Inventory): Map<string, KnownRepository[]> {
  const accounts = new Map<string, KnownRepository[]>()
  for (const { ref } of repositories) {
    const own = accounts.get(ref.accountId) ?? []
    own.push({ arn: ref.arn, accountId: ref.accountId })
    accounts.set(ref.accountId, own)
  }
  return accounts
}

/** Thousands of resources are asked about, and what a request carries depends on their region and account alone. */
function rememberedContexts(world: PullWorld, role: Role, use: RoleUse): PermissionsInput['contextOf'] {
  const contexts = new Map<string, RequestContext>()
  return (action, resourceArn) => {
    const place = resourceArn === '*' ? '*' : resourceArn.split(':', 5).slice(3).join(':')
    const key = use === 'anybody' ? place : `${action} ${place}`
    const context = contexts.get(key) ?? roleContext(world, role, use, action, resourceArn)
    contexts.set(key, context)
    return context
  }
}

/** Files that hold nothing but IAM name no region; a policy that is not bound to one means this one too. */
function mainRegion(partition: string): string {
  switch (partition) {
    case 'aws-cn':
      return 'cn-north-1'
    case 'aws-us-gov':
      return 'us-gov-west-1'
    case 'aws-eusc':
      return 'eusc-de-east-1'
    case 'aws-iso':
      return 'us-iso-east-1'
    case 'aws-iso-b':
      return 'us-isob-east-1'
    default:
      return 'us-east-1'
  }
}
