import { present, type RequestContext } from '../iam/conditions/context.ts'
import type { AccessRequest } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import type { VpcEndpoint } from '../inventory/network.ts'
import { parseArn, partitionOf } from '../model/arn.ts'
import type { Destination } from '../network/types.ts'
import { type ImageRepository, neededOnRepository } from './can-pull.ts'
import { endpointKeys } from './endpoint-context.ts'
import { layerRequests } from './layer-bucket.ts'
import { organizationIdOf } from './membership.ts'
import { addOnImages, imageRepository } from './node-images.ts'
import { pullContext } from './pull-context.ts'
import type { PullWorld } from './types.ts'
import type { Workload, WorkloadPuller } from './workloads.ts'

/** Repositories that are asked about when the images of a workload are not known. */
const mostCandidates = 50

/** A request that goes through an endpoint. */
export interface EndpointRequest {
  /** Who asks, for a sentence. */
  readonly caller: string
  readonly request: AccessRequest
}

/** What a pull asks of one endpoint: alternatives (callers, or images it may need), each a list of requests that must all pass. */
export interface EndpointDemands {
  readonly alternatives: readonly (readonly EndpointRequest[])[]
  /** Whether one passing alternative is enough, or all must pass for a sure answer. */
  readonly needs: 'every' | 'some'
  /** What is open when some alternatives pass and others do not. */
  readonly question: string
  /** Why a denial proves nothing. */
  readonly unsureWhenDenied?: string
}

/** The requests of a pull to this destination. */
export function endpointDemands(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  destination: Destination,
): EndpointDemands {
  const { region } = destination
  switch (destination.kind) {
    case 's3.layers':
      return {
        alternatives: layerRequests(world, endpoint, region),
        needs: 'every',
        question: 'the account of AWS from which ECR fetches layers',
      }
    case 'ecr.api':
      return ofCallers(workload, (puller) => [tokenRequest(world, endpoint, workload, puller, region)])
    case 'ecr.dkr':
      return registryDemands(world, endpoint, workload, destination)
    case 'service':
    case 'host':
      return { alternatives: [], needs: 'every', question: '' }
    default:
      return destination.kind satisfies never
  }
}

/** One alternative per role that may pull. Nobody known: asked for a role nobody named, whose denial proves nothing. */
function ofCallers(
  workload: Workload,
  requests: (puller: WorkloadPuller) => readonly EndpointRequest[],
): EndpointDemands {
  const { pullers, name } = workload
  const question = `which role pulls for ${name}`
  if (pullers.state === 'known') return { alternatives: pullers.value.map(requests), needs: 'every', question }
  const why = pullers.state === 'unknown' ? pullers.reason : 'it names no role'
  const unsureWhenDenied = `the role that pulls for ${name}: ${why}`
  const alternatives = [requests({ roleName: 'unknown', puller: anyPuller(workload) })]
  return { alternatives, needs: 'every', question, unsureWhenDenied }
}

function anyPuller({ compute }: Workload): WorkloadPuller['puller'] {
  const pullers = {
    fargateTask: 'fargateTask',
    containerInstance: 'ecsInstance',
    node: 'eksNode',
    fargatePod: 'eksFargatePod',
  } as const
  return pullers[compute]
}

function registryDemands(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  destination: Destination,
): EndpointDemands {
  const needed = neededImages(workload, destination)
  const pull = (images: readonly ImageRepository[]) => (puller: WorkloadPuller) =>
    images.flatMap((image) => pullRequests(world, endpoint, workload, puller, image))
  if (needed !== undefined) return ofCallers(workload, pull(needed))
  const candidates = possibleImages(world, workload, destination.region)
  const known = candidates.images.map((image) => ofCallers(workload, pull([image])))
  return {
    alternatives: known.flatMap(({ alternatives }) => alternatives),
    needs: 'some',
    question: `the images of ${workload.name}`,
    ...(candidates.sure ? {} : { unsureWhenDenied: `the images of ${workload.name} are not in the inventory` }),
    ...(workload.pullers.state === 'known' ? {} : { unsureWhenDenied: `the role that pulls for ${workload.name}` }),
  }
}

/** Images of the registry that the workload certainly fetches; undefined when no image is known. */
function neededImages(
  { compute, images }: Workload,
  { host, region }: Destination,
): readonly ImageRepository[] | undefined {
  if (images.state === 'known') {
    return images.value.filter((image) => image.region === region && host.startsWith(image.accountId))
  }
  return compute === 'node' ? addOnImages(region) : undefined
}

/** Without known images: the repositories of the inventory in that region; and a made-up one, which shows an open policy. */
function possibleImages(
  { inventory }: PullWorld,
  { scope }: Workload,
  region: string,
): { readonly images: readonly ImageRepository[]; readonly sure: boolean } {
  const here = inventory.repositories.filter(({ ref }) => ref.region === region)
  const probe = imageRepository({ accountId: scope.accountId, region }, 'zz7q-probe')
  const images = here.slice(0, mostCandidates).map(({ ref, name }) => imageRepository(ref, name))
  const listing = inventory.listing('AWS::ECR::Repository', { accountId: scope.accountId, region })
  return {
    images: [probe, ...images],
    sure: images.length > 0 && images.length === here.length && listing.state === 'known',
  }
}

function tokenRequest(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  puller: WorkloadPuller,
  region: string,
): EndpointRequest {
  const resource = { arn: '*', accountId: workload.scope.accountId }
  return requestOf(world, endpoint, workload, puller, { action: 'ecr:GetAuthorizationToken', region, resource })
}

function pullRequests(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  puller: WorkloadPuller,
  { repositoryArn, accountId, region }: ImageRepository,
): readonly EndpointRequest[] {
  const resource = { arn: repositoryArn, accountId }
  return neededOnRepository.map((action) => requestOf(world, endpoint, workload, puller, { action, region, resource }))
}

interface Asked {
  readonly action: string
  readonly region: string
  readonly resource: AccessRequest['resource']
}

function requestOf(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  { roleName, puller }: WorkloadPuller,
  asked: Asked,
): EndpointRequest {
  const { accountId } = workload.scope
  const role = world.inventory.role(roleName, workload.scope)
  const named =
    parseArn(roleName) === undefined ? `arn:${partitionOf(asked.region)}:iam::${accountId}:role/${roleName}` : roleName
  const arn = role.state === 'known' ? role.value.ref.arn : named
  const network = endpointKeys(endpoint)
  const context =
    role.state === 'known'
      ? contextOfRole(world, role.value, puller, asked, network)
      : contextWithoutRole(arn, accountId, asked, network)
  return {
    caller: roleName,
    request: { principal: { kind: 'role', arn, accountId }, action: asked.action, resource: asked.resource, context },
  }
}

function contextOfRole(
  world: PullWorld,
  role: Role,
  puller: WorkloadPuller['puller'],
  { action, region, resource }: Asked,
  network: RequestContext,
): RequestContext {
  const { inventory, now } = world
  const organizationId = organizationIdOf(world, role.ref.accountId)
  const resourceOrganizationId = organizationIdOf(world, resource.accountId)
  return pullContext({
    puller,
    role: { arn: role.ref.arn, accountId: role.ref.accountId, roleId: role.roleId, tags: role.tags },
    action,
    region,
    resourceAccountId: resource.accountId,
    organizationPath: inventory.organizationTree.pathOf(role.ref.accountId),
    resourceOrganizationPath: inventory.organizationTree.pathOf(resource.accountId),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(resourceOrganizationId === undefined ? {} : { resourceOrganizationId }),
    ...(now === undefined ? {} : { now }),
    network,
  })
}

/** What is certain of a role that is not in the inventory: its account, and its ARN as the workload writes it. */
function contextWithoutRole(
  arn: string,
  accountId: string,
  { resource }: Asked,
  network: RequestContext,
): RequestContext {
  return new Map([
    ...network,
    ['aws:principalarn', present(arn)],
    ['aws:principalaccount', present(accountId)],
    ['aws:resourceaccount', present(resource.accountId)],
    ['aws:securetransport', present('true')],
  ])
}
