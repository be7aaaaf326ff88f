import type { NatGateway, Subnet, VpcEndpoint } from '../../inventory/network.ts'
import { https, natEphemeral, type PortRange } from '../ports.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { type Answer, asStep, dependsOn, passes, stops } from './answer.ts'
import { aclStep } from './network-acl.ts'
import { type Way, wayTo } from './route.ts'

/** Whether a NAT gateway is there and works. */
export function natStep(id: string, nat: NatGateway | undefined): Answer {
  if (nat === undefined)
    return dependsOn('nat', 'nat-not-in-inventory', `${id} is not in the inventory`, [`NAT gateway ${id}`])
  if (nat.state === undefined)
    return dependsOn('nat', 'nat-state-unknown', `The state of ${id} is not known`, [`state of ${id}`])
  if (nat.state !== 'available') {
    return stops('nat', 'nat-not-available', `${id} is ${nat.state}, not available`, {
      fix: `Replace NAT gateway ${id}`,
    })
  }
  return passes('nat', 'nat-available', `${id} is available`)
}

/** Where a NAT gateway's own subnet leads what it sends; a regional one is in no subnet and leads to the internet. */
export function natGatewayStep(topology: Topology, nat: NatGateway, target: Target): Answer {
  const { id, subnetId, connectivity } = nat
  if (subnetId.state === 'absent') return passes('gateway', 'regional-nat', `${id} is a regional NAT gateway`)
  const subnet = subnetId.state === 'known' ? topology.subnet(subnetId.value) : undefined
  if (subnet === undefined)
    return dependsOn('gateway', 'nat-subnet-unknown', `The subnet of ${id} is not known`, [`subnet of ${id}`])
  const way = wayTo(topology, subnet, target)
  if (way.kind === 'open') return asStep(way.answer, 'gateway')
  if (way.kind === 'none') return noRoute(nat, subnet, way)
  const { route } = way
  if (route.state === 'blackhole') return noRoute(nat, subnet, way)
  if (route.target.kind === 'internetGateway')
    return publicExit(id, subnet, connectivity, route.target.id, way.assumptions)
  if (gatewayEndpointOf(topology, way) !== undefined) {
    const reason = `${way.table.id} leads ${target.label} from ${id} to ${route.target.id}`
    return passes('gateway', 'nat-to-gateway-endpoint', reason, { assumptions: way.assumptions })
  }
  if (route.target.id === id) return leadsToItself(nat, subnet, way)
  const reason = `${way.table.id} leads what ${id} sends to ${route.target.id} (${route.target.kind})`
  return dependsOn('gateway', 'nat-route-elsewhere', reason, [`what ${route.target.id} does with traffic of ${id}`])
}

/** Where the table of a NAT gateway's subnet leads a target. */
export interface NatExit {
  /** The gateway endpoint it leads to. */
  readonly endpoint: VpcEndpoint | undefined
  /** False where what the NAT gateway sends surely meets no internet gateway: an endpoint or another network takes it. */
  readonly meetsInternetGateway: boolean
}

/** The exit of a NAT gateway towards a target, whatever the state of what is there. */
export function natExit(topology: Topology, { subnetId }: NatGateway, target: Target): NatExit {
  const subnet = subnetId.state === 'known' ? topology.subnet(subnetId.value) : undefined
  const way = subnet && wayTo(topology, subnet, target)
  if (way?.kind !== 'route') return { endpoint: undefined, meetsInternetGateway: true }
  const { kind } = way.route.target
  return { endpoint: gatewayEndpointOf(topology, way), meetsInternetGateway: kind === 'internetGateway' }
}

function gatewayEndpointOf(topology: Topology, way: Way): VpcEndpoint | undefined {
  if (way.kind !== 'route' || way.route.state === 'blackhole') return undefined
  const { kind, id } = way.route.target
  const endpoint = kind === 'vpcEndpoint' ? topology.endpoints.get(id) : undefined
  return endpoint?.type === 'Gateway' ? endpoint : undefined
}

function leadsToItself({ id }: NatGateway, subnet: Subnet, way: Exclude<Way, { kind: 'open' }>): Answer {
  const reason = `Route table ${way.table.id} of ${subnet.id}, where ${id} is, leads what ${id} sends back to ${id}`
  return stops('gateway', 'nat-leads-to-itself', reason, {
    fix: `Move ${subnet.id} to a route table whose default route leads to an internet gateway`,
    assumptions: way.assumptions,
  })
}

function noRoute({ id }: NatGateway, subnet: Subnet, way: Exclude<Way, { kind: 'open' }>): Answer {
  const reason = `Route table ${way.table.id} of ${subnet.id}, where ${id} is, has no working route to the internet`
  return stops('gateway', 'nat-subnet-without-internet-route', reason, {
    fix: `Add a default route to an internet gateway to route table ${way.table.id}`,
    assumptions: way.assumptions,
  })
}

function publicExit(
  id: string,
  subnet: Subnet,
  connectivity: NatGateway['connectivity'],
  gatewayId: string,
  assumptions: readonly string[],
): Answer {
  switch (connectivity) {
    case 'public':
      return passes('gateway', 'nat-to-internet', `${id} in ${subnet.id} leaves by ${gatewayId}`, { assumptions })
    case 'private':
      return stops('gateway', 'private-nat', `${id} is a private NAT gateway: ${gatewayId} drops what it sends`, {
        fix: `Replace ${id} by a public NAT gateway`,
      })
    case undefined:
      return dependsOn('gateway', 'nat-connectivity-unknown', `Whether ${id} is public is not known`, [
        `connectivity of ${id}`,
      ])
    default:
      return connectivity satisfies never
  }
}

/** Whether the network ACL of the NAT gateway's subnet lets both halves through: from the client, and to the internet. */
export function natAclStep(
  topology: Topology,
  nat: NatGateway,
  client: { readonly subnet: Subnet; readonly remote: Target; readonly ephemeral: PortRange },
  target: Target,
): Answer {
  const subnet = nat.subnetId.state === 'known' ? topology.subnet(nat.subnetId.value) : undefined
  if (nat.subnetId.state === 'absent') return passes('targetNetworkAcl', 'regional-nat', `${nat.id} lies in no subnet`)
  if (subnet === undefined) {
    return dependsOn('targetNetworkAcl', 'nat-subnet-unknown', `The subnet of ${nat.id} is not known`, [
      `subnet of ${nat.id}`,
    ])
  }
  const outside = [
    { egress: true, ports: https, remote: target },
    { egress: false, ports: natEphemeral, remote: target },
  ]
  const inside = [
    { egress: false, ports: https, remote: client.remote },
    { egress: true, ports: client.ephemeral, remote: client.remote },
  ]
  const crossings = subnet.id === client.subnet.id ? outside : [...inside, ...outside]
  return aclStep(topology, 'targetNetworkAcl', subnet, crossings)
}
