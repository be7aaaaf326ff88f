import type { VpcEndpoint } from '../inventory/network.ts'
import { endpointIdOf } from '../network/endpoint-of-path.ts'
import { serves } from '../network/names.ts'
import { topologyOf } from '../network/topology.ts'
import type { ReachPath, ReachStep } from '../network/types.ts'
import type { RuleContext } from './define-rule.ts'
import type { PullReach } from './vpc-workloads.ts'

/** Steps that decide whether a request takes a path at all; the others decide whether it gets through. */
const wayThere: ReadonlySet<ReachStep['step']> = new Set(['dns', 'route', 'nat', 'gateway', 'endpoint'])

/** True for the hosts of ECR itself, as opposed to the layer bucket. */
export function isRegistryHost({ reach }: PullReach): boolean {
  return reach.destination.kind === 'ecr.api' || reach.destination.kind === 'ecr.dkr'
}

/** True for ways that stay off the internet. */
export function isPrivate({ kind }: ReachPath): boolean {
  return kind === 'privateEndpoint' || kind === 'gatewayEndpoint' || kind === 'centralEndpoint'
}

/** True when a request would take this path: names and routes lead there, and the endpoint is in service. */
export function isTaken({ verdict, decidedBy }: ReachPath): boolean {
  return verdict !== 'blocked' || !wayThere.has(decidedBy.step)
}

/** True when nothing unknown keeps a request from taking this path. */
export function isSurelyTaken({ steps }: ReachPath): boolean {
  return steps.every(({ step, verdict }) => !wayThere.has(step) || verdict === 'reachable')
}

/** The step of a path, when it was asked. */
export function stepOf({ steps }: ReachPath, name: ReachStep['step']): ReachStep | undefined {
  return steps.find(({ step }) => step === name)
}

/** The ways through endpoints a request takes, each with its endpoint; undefined for endpoints the inventory does not show. */
export function traversed(
  { reach }: PullReach,
  { inventory }: RuleContext,
): readonly { readonly path: ReachPath; readonly endpoint: VpcEndpoint | undefined }[] {
  return reach.paths.flatMap((path) => {
    const id = endpointIdOf(path)
    return id !== undefined && isTaken(path) ? [{ path, endpoint: endpointNamed(id, inventory) }] : []
  })
}

/** True when the name has no address at all in the VPC, so that no way starts. */
export function isNameless({ reach }: PullReach): boolean {
  return reach.paths.some(
    ({ kind, verdict, decidedBy }) => kind === 'other' && verdict === 'blocked' && decidedBy.step === 'dns',
  )
}

/** Interface endpoints of the VPC for the service of a host that are in service, or may be. */
export function ownEndpoints(
  vpcId: string,
  { reach }: PullReach,
  inventory: RuleContext['inventory'],
): readonly VpcEndpoint[] {
  return topologyOf(inventory)
    .endpointsOf(vpcId)
    .filter(
      (endpoint) =>
        endpoint.type === 'Interface' &&
        serves(endpoint, reach.destination) &&
        (endpoint.state ?? 'available') === 'available',
    )
}

/** The endpoint with this id. */
export function endpointNamed(id: string, inventory: RuleContext['inventory']): VpcEndpoint | undefined {
  return topologyOf(inventory).endpoints.get(id)
}
