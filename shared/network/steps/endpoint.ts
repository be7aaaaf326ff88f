import type { Subnet, VpcEndpoint } from '../../inventory/network.ts'
import type { Topology } from '../topology.ts'
import type { Destination } from '../types.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'

const step = 'endpoint'

/** Whether an endpoint works at all and belongs to the service. */
export function endpointStep(endpoint: VpcEndpoint, destination: Destination, serving: boolean): Answer {
  const { id, state, serviceName } = endpoint
  if (!serving) {
    return stops(
      step,
      'endpoint-of-another-service',
      `${id} is an endpoint of ${serviceName}, not of ${destination.host}`,
      {
        fix: `Point the name ${destination.host} to an endpoint of ${destination.serviceName ?? 'its own service'}`,
      },
    )
  }
  if (state === undefined)
    return dependsOn(step, 'endpoint-state-unknown', `The state of ${id} is not known`, [`state of ${id}`])
  if (state !== 'available') return notAvailable(id, state)
  if (endpoint.type === 'Interface' && destination.kind === 's3.layers') {
    // AWS: "The interface endpoints for Amazon S3 can't be used with Amazon ECR."
    return dependsOn(
      step,
      's3-interface-endpoint',
      `${id} is an S3 interface endpoint, which AWS does not support for layers`,
      [`whether layers are served through the S3 interface endpoint ${id}`],
    )
  }
  return passes(step, 'endpoint-available', `${id} (${serviceName}) is available`)
}

function notAvailable(id: string, state: string): Answer {
  const fix = state.startsWith('pending')
    ? `Bring ${id} from ${state} to available`
    : `Replace ${id}, which is ${state}`
  return stops(step, 'endpoint-not-available', `${id} is ${state}, not available`, { fix })
}

/** The subnets an endpoint's interfaces are in. */
export type EndpointPlaces =
  | { readonly kind: 'known'; readonly subnets: readonly Subnet[]; readonly groupIds: readonly string[] | undefined }
  | { readonly kind: 'not'; readonly answer: Answer }

/** Where an interface endpoint is and which groups guard it; without a group it has the VPC's default one. */
export function placesOf(topology: Topology, endpoint: VpcEndpoint): EndpointPlaces {
  const { id, subnetIds } = endpoint
  if (subnetIds.state === 'unknown') return notPlaced(`subnets of ${id}`)
  const ids = subnetIds.state === 'known' ? subnetIds.value : []
  if (ids.length === 0) {
    const reason = `${id} has no network interface in any subnet`
    return { kind: 'not', answer: stops(step, 'endpoint-without-subnets', reason, { fix: `Add a subnet to ${id}` }) }
  }
  const subnets = ids.flatMap((subnetId) => topology.subnet(subnetId) ?? [])
  const lost = ids.filter((subnetId) => topology.subnet(subnetId) === undefined)
  if (lost.length > 0) return notPlaced(`subnet ${lost[0]} of ${id}`)
  return { kind: 'known', subnets, groupIds: groupsOf(topology, endpoint) }
}

function notPlaced(missing: string): EndpointPlaces {
  return {
    kind: 'not',
    answer: dependsOn(step, 'endpoint-subnets-unknown', `The ${missing} is not known`, [missing]),
  }
}

function groupsOf(topology: Topology, { groupIds, vpcId }: VpcEndpoint): readonly string[] | undefined {
  if (groupIds.state !== 'known') return undefined
  if (groupIds.value.length > 0) return groupIds.value
  const group = topology.defaultGroupOf(vpcId)
  return group === undefined ? undefined : [group.id]
}
