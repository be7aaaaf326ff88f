import type { RequestContext } from '../iam/conditions/context.ts'
import { evaluateAccess } from '../iam/evaluate/evaluate.ts'
import type { AccessCase, Decision } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { organizationIdOf } from './membership.ts'
import { pullContext } from './pull-context.ts'
import { remembering } from './remembered.ts'
import {
  layersOfRegistry,
  layersOfRepository,
  type RepositoryLayers,
  type RepositoryPlace,
  tagsOfRepository,
} from './repository-layers.ts'
import { layersOfRole } from './role-layers.ts'
import type { Puller, PullWorld, RoleLayers } from './types.ts'
import type { WayKeys } from './way-keys.ts'

/** One action of a role: on a repository, or on the registry as a whole. */
export interface RegistryRequest {
  readonly action: string
  /** Region of the registry asked. */
  readonly region: string
  /** Undefined for actions that know no resource, such as `ecr:GetAuthorizationToken`. */
  readonly repository?: RepositoryPlace & { readonly arn: string }
}

/** A decision with what a verdict resting on it must carry. */
export interface RegistryDecision {
  readonly decision: Decision
  readonly assumptions: readonly string[]
}

const remembered = remembering<RegistryDecision>(20_000)

/**
 * Whether a role may do one action of the registry when it pulls in the given way. Where the policies leave it open, the
 * keys that the way through the network decides are looked at as well, when it is known.
 */
export function decideFor(
  world: PullWorld,
  role: Role,
  puller: Puller,
  request: RegistryRequest,
  way?: WayKeys,
): RegistryDecision {
  const { inventory, now, organization } = world
  const { action, region, repository } = request
  const grounds = [inventory, role, organization]
  const key = [puller, action, region, repository?.arn, now?.getTime()]
  const anyWay = remembered(grounds, JSON.stringify(key), () => decided(world, role, puller, request))
  if (way === undefined || !isOpen(anyWay)) return anyWay
  return remembered(grounds, JSON.stringify([...key, way.key]), () => decided(world, role, puller, request, way))
}

/** What is settled while keys are unknown does not depend on them. */
function isOpen({ decision }: RegistryDecision): boolean {
  return decision.decision === 'unknown' || decision.layers.some(({ result }) => result === 'unknown')
}

function decided(
  world: PullWorld,
  role: Role,
  puller: Puller,
  request: RegistryRequest,
  way?: WayKeys,
): RegistryDecision {
  const tags = request.repository && tagsOfRepository(world.inventory, request.repository)
  return decideIn(world, role, request, contextOf(world, role, puller, request, { way, tags }))
}

/** Whether a role may do one action of the registry, its request carrying these keys. */
export function decideIn(
  world: PullWorld,
  role: Role,
  request: RegistryRequest,
  context: RequestContext,
): RegistryDecision {
  const layers = layersOfRole(world.inventory, role)
  const owner = ownerLayers(world.inventory, layers, request)
  const decision = evaluateAccess(accessCase(layers, owner, request, context))
  return { decision, assumptions: [...new Set([...layers.assumptions, ...owner.assumptions])] }
}

/** An action without a resource is one on the registry of the caller's account. */
function ownerLayers(
  inventory: Inventory,
  { role }: RoleLayers,
  { repository, region }: RegistryRequest,
): RepositoryLayers {
  return repository === undefined
    ? layersOfRegistry(inventory, { accountId: role.ref.accountId, region })
    : layersOfRepository(inventory, repository)
}

function accessCase(
  layers: RoleLayers,
  owner: RepositoryLayers,
  request: RegistryRequest,
  context: RequestContext,
): AccessCase {
  const { identityPolicies, permissionsBoundaries, serviceControlPolicies, managementAccountId } = layers
  return {
    request: {
      principal: { kind: 'role', arn: layers.role.ref.arn, accountId: layers.role.ref.accountId },
      action: request.action,
      resource: {
        arn: request.repository?.arn ?? '*',
        accountId: request.repository?.accountId ?? layers.role.ref.accountId,
      },
      context,
    },
    identityPolicies,
    resourcePolicies: owner.resourcePolicies,
    ...(permissionsBoundaries === undefined ? {} : { permissionsBoundaries }),
    ...(serviceControlPolicies === undefined ? {} : { serviceControlPolicies }),
    ...(owner.resourceControlPolicies === undefined ? {} : { resourceControlPolicies: owner.resourceControlPolicies }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
  }
}

/** What more is known of a request. */
export interface RequestDetails {
  /** Its way through the network. */
  readonly way?: WayKeys | undefined
  /** All tags of the repository. */
  readonly tags?: ReadonlyMap<string, string> | undefined
  /** Somebody else calls with the credentials of the puller, in whatever way they allow. */
  readonly isByHolder?: boolean
}

/** The keys a request of this kind carries. */
export function contextOf(
  world: PullWorld,
  role: Role,
  puller: Puller,
  request: RegistryRequest,
  { way, tags, isByHolder = false }: RequestDetails = {},
): RequestContext {
  const { inventory, now } = world
  const { accountId } = role.ref
  const resourceAccountId = request.repository?.accountId ?? accountId
  const organizationId = organizationIdOf(world, accountId)
  const resourceOrganizationId = organizationIdOf(world, resourceAccountId)
  return pullContext({
    puller,
    isByHolder,
    role: { arn: role.ref.arn, accountId, roleId: role.roleId, tags: role.tags },
    action: request.action,
    region: request.region,
    resourceAccountId,
    organizationPath: inventory.organizationTree.pathOf(accountId),
    resourceOrganizationPath: inventory.organizationTree.pathOf(resourceAccountId),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(resourceOrganizationId === undefined ? {} : { resourceOrganizationId }),
    ...(tags === undefined ? {} : { resourceTags: tags }),
    ...(now === undefined ? {} : { now }),
    ...(way === undefined ? {} : { network: way.values }),
  })
}
