import type { Route, RouteTable } from '../../inventory/network.ts'
import { type JudgedPath, judgedPath } from '../judged-path.ts'
import { serves } from '../names.ts'
import { asRemote, type SourceSide, sourceFilters } from '../source-side.ts'
import { type Answer, dependsOn, passes, stops } from '../steps/answer.ts'
import { publicAccessStep } from '../steps/block-public-access.ts'
import { endpointStep } from '../steps/endpoint.ts'
import { natAclStep, natExit, natGatewayStep, natStep } from '../steps/nat.ts'
import { appliance, blackhole, routeEvidence, type Way } from '../steps/route.ts'
import type { Target } from '../target.ts'
import type { Destination } from '../types.ts'

/** What a public way leads to. */
export interface PublicTarget {
  readonly destination: Destination
  /** As the source sees it. */
  readonly target: Target
  /** As a NAT gateway sees it: always IPv4. */
  readonly behindNat: Target
}

/** The way out of the VPC that the subnet's route table gives. */
export function publicPath(side: SourceSide, dns: Answer, way: Way, to: PublicTarget): JudgedPath {
  const { subnet } = side
  if (way.kind === 'open')
    return judgedPath('other', way.table?.id ?? subnet.id, [dns, way.answer, ...filters(side, to)])
  if (way.kind === 'none')
    return judgedPath('other', way.table.id, [dns, noRoute(side, way.table, to, way.assumptions)])
  const { table, route } = way
  if (route.state === 'blackhole') {
    return judgedPath(kindOf(route), route.target.id, [dns, blackhole(table, route, to.target.label)])
  }
  const { id, kind } = route.target
  const routed = passes('route', 'route', `${table.id} leads ${to.target.label} to ${id}`, {
    evidence: [routeEvidence(table, route)],
    assumptions: way.assumptions,
  })
  switch (kind) {
    case 'natGateway':
      if (side.version === 6 && to.target.key !== 'nat64')
        return judgedPath('natGateway', id, [dns, routed, notOfIpv4(id, to)])
      return natPath(side, [dns, routed], id, to)
    case 'internetGateway':
    case 'egressOnlyInternetGateway':
      if (to.target.key === 'nat64') return judgedPath('internetGateway', id, [dns, notTranslated(way, to)])
      if (kind === 'internetGateway') return gatewayPath(side, [dns, routed], id, to)
      return egressOnlyPath(side, [dns, routed], id, to)
    default:
      return judgedPath('other', id, [dns, appliance(table, route, to.target.label), ...filters(side, to)])
  }
}

function filters(side: SourceSide, { target }: PublicTarget): readonly Answer[] {
  return sourceFilters(side, target)
}

function kindOf({ target }: Route): 'natGateway' | 'internetGateway' | 'other' {
  if (target.kind === 'natGateway') return 'natGateway'
  return target.kind === 'internetGateway' || target.kind === 'egressOnlyInternetGateway' ? 'internetGateway' : 'other'
}

function noRoute(
  { subnet, topology }: SourceSide,
  table: RouteTable,
  { destination, target }: PublicTarget,
  assumptions: readonly string[],
): Answer {
  const { serviceName, kind } = destination
  const gateway = kind === 's3.layers'
  const held = topology.endpointsOf(subnet.vpcId).some((one) => serves(one, destination))
  const create = gateway
    ? `Create a gateway endpoint for ${serviceName} and associate route table ${table.id} with it`
    : `Create an interface endpoint for ${serviceName} with private DNS in ${subnet.vpcId}`
  const out = `Add a default route to a NAT gateway to route table ${table.id}`
  const elsewhere = destination.region !== subnet.ref.region
  // Gateway endpoints serve their own region only, and whether private DNS covers names of another one is not documented.
  const fix = elsewhere
    ? `${out}${kind === 'service' || kind === 'host' ? '' : `, or replicate the images to ${subnet.ref.region}`}`
    : serviceName === undefined || held
      ? out
      : create
  return stops('route', 'no-route', `Route table ${table.id} of ${subnet.id} has no route to ${target.label}`, {
    fix,
    assumptions,
  })
}

function natPath(side: SourceSide, so: readonly [Answer, Answer], id: string, to: PublicTarget): JudgedPath {
  const { topology, subnet } = side
  const nat = topology.natGateways.get(id)
  const state = natStep(id, nat)
  if (nat === undefined) return judgedPath('natGateway', id, [...so, ...filters(side, to), state])
  const natSubnet = nat.subnetId.state === 'known' ? topology.subnet(nat.subnetId.value) : undefined
  const remote = asRemote(side)
  const border =
    remote === undefined
      ? dependsOn('targetNetworkAcl', 'addresses-unknown', `Addresses of ${subnet.id} are not known`, [
          `CIDR of ${subnet.id}`,
        ])
      : natAclStep(topology, nat, { subnet, remote: clientOf(remote), ephemeral: side.ephemeral }, to.behindNat)
  const { endpoint, meetsInternetGateway } = natExit(topology, nat, to.behindNat)
  // Block Public Access is about internet gateways.
  const open = meetsInternetGateway ? [publicAccessStep(topology, natSubnet ?? subnet, 'outboundOnly')] : []
  const exit = natGatewayStep(topology, nat, to.behindNat)
  const answers = [...so, state, ...filters(side, to), border, ...open, exit] as const
  if (endpoint === undefined) return judgedPath('natGateway', id, answers)
  const last = endpointStep(endpoint, to.destination, serves(endpoint, to.destination))
  return judgedPath('natGateway', id, [...answers, last], endpoint.id)
}

/** A network ACL does not know security groups. */
function clientOf(remote: Target): Target {
  return { ...remote, key: `client|${remote.label}`, groupIds: [] }
}

/** Only NAT gateways make IPv4 addresses again of those that DNS64 made. */
function notTranslated(
  { table, route, assumptions }: Extract<Way, { kind: 'route' }>,
  { destination: { host } }: PublicTarget,
): Answer {
  const reason = `${table.id} leads the addresses that DNS64 gives ${host} to ${route.target.id}, which does not translate them to IPv4`
  return stops('route', 'no-nat64-route', reason, {
    evidence: [routeEvidence(table, route)],
    fix: `Add a route for 64:ff9b::/96 to a NAT gateway to route table ${table.id}`,
    assumptions,
  })
}

/** NAT gateways are described for destinations of IPv4, those that DNS64 made up included. */
function notOfIpv4(id: string, { destination: { host } }: PublicTarget): Answer {
  const reason = `${id} is asked for the IPv6 addresses of ${host}, and NAT gateways are described for IPv4 alone`
  return dependsOn('nat', 'nat-of-ipv6', reason, [`whether ${id} carries IPv6 to ${host}`])
}

function egressOnlyPath(side: SourceSide, so: readonly [Answer, Answer], id: string, to: PublicTarget): JudgedPath {
  const bpa = publicAccessStep(side.topology, side.subnet, 'outboundOnly')
  return judgedPath('internetGateway', id, [...so, bpa, ...filters(side, to), attachedStep(side, id)])
}

function gatewayPath(side: SourceSide, so: readonly [Answer, Answer], id: string, to: PublicTarget): JudgedPath {
  return judgedPath('internetGateway', id, [
    ...so,
    ...(side.version === 4 ? [publicIpStep(side)] : []),
    publicAccessStep(side.topology, side.subnet, 'internetGateway'),
    ...filters(side, to),
    attachedStep(side, id),
  ])
}

function publicIpStep({ source, subnet }: SourceSide): Answer {
  switch (source.hasPublicIp) {
    case true:
      return passes('gateway', 'public-ip', 'The interface has a public IPv4 address')
    case false:
      return stops('gateway', 'no-public-ip', `The interface in ${subnet.id} has no public IPv4 address`, {
        fix: `Give the interface in ${subnet.id} a public IPv4 address or move it to a subnet with a NAT gateway`,
      })
    case undefined:
      return dependsOn('gateway', 'public-ip-unknown', 'Whether the interface has a public IPv4 address is not known', [
        `public IPv4 address of the interface in ${subnet.id}`,
      ])
    default:
      return source.hasPublicIp satisfies never
  }
}

/** An active route proves the gateway; an item that says otherwise is believed. */
function attachedStep({ topology, subnet }: SourceSide, id: string): Answer {
  const gateway = topology.internetGateways.get(id)
  if (gateway === undefined || gateway.vpcIds.includes(subnet.vpcId)) {
    return passes('gateway', 'gateway', `${id} leads to the internet`)
  }
  return stops('gateway', 'gateway-detached', `${id} is not attached to ${subnet.vpcId}`, {
    fix: `Attach ${id} to ${subnet.vpcId}`,
  })
}
