import type { RegistryGrant } from '../iam/permissions/types.ts'
import type { Grade, PullTrace } from '../model/pull.ts'
import type { ReachPath } from '../network/types.ts'
import { neededOnRepository } from './can-pull.ts'
import type { HostReach } from './hops/host-reach.ts'
import { permissionsOfRole } from './role-permissions.ts'
import type { PullToTrace, TraceWorld } from './trace-types.ts'
import type { WorkloadPuller } from './workloads.ts'

type Grades = PullTrace['grades']

/** How privately the image comes: the worst of its ways. Undefined unless every host is surely reached from every subnet. */
export function privacyGrade(subnets: readonly (readonly HostReach[])[]): Grades['privacy'] {
  const ways = subnets.flatMap((hosts) =>
    hosts.map(({ path }) => (path?.verdict === 'reachable' ? gradeOf(path) : undefined)),
  )
  return ways.length === 0 || subnets.some((hosts) => hosts.length === 0) ? undefined : lowest(ways)
}

function gradeOf({ kind }: ReachPath): Grade | undefined {
  switch (kind) {
    case 'privateEndpoint':
    case 'gatewayEndpoint':
      return 'A'
    case 'centralEndpoint':
      return 'B'
    case 'natGateway':
      return 'C'
    case 'internetGateway':
      return 'D'
    case 'other':
      return undefined
    default:
      return kind satisfies never
  }
}

/** What an engine needs to pull, and the check that older policies add. */
const pulling: ReadonlySet<string> = new Set([
  ...neededOnRepository,
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchImportUpstreamImage',
])
const ofPullOnly: ReadonlySet<string> = new Set(
  [...pulling].filter((name) => name !== 'ecr:BatchCheckLayerAvailability'),
)

/** How little else of ECR the roles that pull may do: the worst of them. Undefined when any of them is not known. */
export function leastPrivilegeGrade(world: TraceWorld, pull: PullToTrace): Grades['leastPrivilege'] {
  if (pull.pullers.state !== 'known' || pull.credentials !== undefined) return undefined
  return lowest(pull.pullers.value.map((one) => gradeOfRole(world, pull, one)))
}

function gradeOfRole(
  world: TraceWorld,
  { workload }: PullToTrace,
  { roleName, puller }: WorkloadPuller,
): Grade | undefined {
  const role = world.inventory.role(roleName, workload.scope)
  if (role.state !== 'known') return undefined
  const { grants, unknownDocuments } = permissionsOfRole(world, role.value, { puller, region: workload.scope.region })
  if (grants.some(({ certain }) => !certain) || unknownDocuments.length > 0 || grants.length === 0) return undefined
  return gradeOfGrants(grants)
}

function gradeOfGrants(grants: readonly RegistryGrant[]): Grade {
  if (grants.some(({ action, group }) => group !== 'read' && !pulling.has(action))) return 'D'
  if (grants.some(({ group }) => group === 'read')) return 'C'
  const wide = grants.filter(({ group, scope }) => group !== 'token' && scope === 'registry')
  if (wide.length === 0) return 'A'
  return wide.every(({ action }) => ofPullOnly.has(action)) ? 'B' : 'C'
}

function lowest(grades: readonly (Grade | undefined)[]): Grade | undefined {
  if (grades.length === 0 || grades.includes(undefined)) return undefined
  return [...grades].sort().at(-1)
}
