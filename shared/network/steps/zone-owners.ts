import type { HostedZone, Vpc, VpcEndpoint } from '../../inventory/network.ts'
import { addressRecords, endpointIdIn, isWithin, privateDnsCovers, privateDnsZone, serves } from '../names.ts'
import type { Topology } from '../topology.ts'
import type { Destination } from '../types.ts'

/** Who answers for a name inside a VPC, when its Amazon resolver and both DNS attributes are on. */
export type NameOwner =
  | { readonly kind: 'privateDns'; readonly endpoint: VpcEndpoint }
  /** A Route 53 Profile brings an endpoint of another VPC. */
  | { readonly kind: 'profileEndpoint'; readonly endpointId: string; readonly profileId: string }
  | {
      readonly kind: 'zoneToEndpoints'
      readonly zone: HostedZone
      readonly endpointIds: readonly string[]
      /** Whether the zone gives addresses of its own as well. */
      readonly andElsewhere: boolean
    }
  | { readonly kind: 'zoneElsewhere'; readonly zone: HostedZone }
  | { readonly kind: 'zoneWithoutRecord'; readonly zone: HostedZone }
  | { readonly kind: 'zoneUnread'; readonly zone: HostedZone }
  | { readonly kind: 'public' }

/** The owner of a name and what may own it although the configuration does not say. */
export interface Ownership {
  readonly owner: NameOwner
  /** Facts that may give the name to somebody else. */
  readonly doubts: readonly string[]
  readonly assumptions: readonly string[]
}

/** The most specific zone that holds the name answers; of equal ones the endpoint's own, then the VPC's, then a Profile's. */
export function ownerOf(topology: Topology, vpc: Vpc, destination: Destination): Ownership {
  const doubts: string[] = []
  const assumptions = defaultOptions(topology, vpc, destination)
  const hidden = hiddenOwner(topology, vpc, destination, doubts)
  const hiddenLength = hidden === undefined ? -1 : (privateDnsZone(destination)?.length ?? -1)
  const profiles = topology.network.dnsProfiles.filter(({ vpcIds }) => vpcIds.includes(vpc.id))
  const carried = new Set<string>()
  for (const { profileId, resourceArns } of profiles) {
    if (resourceArns.state === 'known') for (const arn of resourceArns.value) carried.add(idOf(arn))
    else if (resourceArns.state === 'unknown' && hidden === undefined)
      doubts.push(`resources of Route 53 Profile ${profileId}`)
  }
  const profiled = hidden === undefined ? profileOwner(topology, profiles, carried, destination, doubts) : undefined
  const profiledLength = profiled === undefined ? 0 : (privateDnsZone(destination)?.length ?? 0)
  const zone = closestZone(topology, vpc, destination.host, carried)
  if (zone !== undefined && zone.name.length > hiddenLength && zone.name.length >= profiledLength)
    return { owner: zoneOwner(zone, destination.host), doubts, assumptions: [] }
  if (hidden !== undefined) return { owner: hidden, doubts: [], assumptions: [] }
  if (profiled !== undefined) return { owner: profiled, doubts, assumptions: [] }
  return { owner: { kind: 'public' }, doubts, assumptions }
}

/** The private DNS of an endpoint in the VPC; endpoints that may answer become doubts. */
function hiddenOwner(topology: Topology, vpc: Vpc, destination: Destination, doubts: string[]): NameOwner | undefined {
  const covers = privateDnsCovers(destination)
  if (covers === 'no') return undefined
  for (const endpoint of topology.endpointsOf(vpc.id)) {
    if (endpoint.type !== 'Interface' || !serves(endpoint, destination)) continue
    const { privateDnsEnabled, state, id } = endpoint
    if (privateDnsEnabled.state === 'known' && !privateDnsEnabled.value) continue
    if (state !== undefined && state !== 'available') continue
    if (destination.kind === 's3.layers' && isInboundOnly(topology, endpoint, destination)) continue
    const doubt = doubtAbout(endpoint, vpc, destination, covers)
    if (doubt === undefined) return { kind: 'privateDns', endpoint }
    doubts.push(`${doubt} ${id}`)
  }
  return undefined
}

/** AWS's default, which AWS Config does not state, asks for a gateway endpoint in the VPC: where one is, it is taken to hold. */
function isInboundOnly(topology: Topology, endpoint: VpcEndpoint, destination: Destination): boolean {
  const stated = endpoint.privateDnsOnlyForInboundResolver
  return stated.state === 'known' ? stated.value : isDefaulted(topology, endpoint, destination)
}

function isDefaulted(topology: Topology, endpoint: VpcEndpoint, destination: Destination): boolean {
  return (
    endpoint.privateDnsOnlyForInboundResolver.state !== 'known' &&
    topology.endpointsOf(endpoint.vpcId).some((one) => one.type === 'Gateway' && serves(one, destination))
  )
}

/** What is taken for granted of S3 interface endpoints that leave the name to the gateway endpoint. */
function defaultOptions(topology: Topology, vpc: Vpc, destination: Destination): readonly string[] {
  if (destination.kind !== 's3.layers') return []
  return topology
    .endpointsOf(vpc.id)
    .filter(({ type, privateDnsEnabled }) => type === 'Interface' && isOn(privateDnsEnabled))
    .filter((endpoint) => serves(endpoint, destination) && isDefaulted(topology, endpoint, destination))
    .map(({ id }) => `assumes that private DNS of ${id} serves inbound resolver endpoints only, as is the default`)
}

function isOn(fact: VpcEndpoint['privateDnsEnabled']): boolean {
  return fact.state !== 'known' || fact.value
}

function doubtAbout(
  endpoint: VpcEndpoint,
  vpc: Vpc,
  { kind, region, host }: Destination,
  covers: 'yes' | 'maybe',
): string | undefined {
  if (endpoint.state === undefined) return 'state of'
  if (endpoint.privateDnsEnabled.state !== 'known') return 'private DNS of'
  if (kind === 's3.layers') return 'whether the layer host is one of the private DNS names of'
  if ((endpoint.serviceRegion ?? vpc.ref.region) !== vpc.ref.region || region !== vpc.ref.region) {
    return 'private DNS names of the cross-region endpoint'
  }
  return covers === 'maybe' ? `whether ${host} is one of the private DNS names of` : undefined
}

function closestZone(topology: Topology, vpc: Vpc, host: string, carried: ReadonlySet<string>): HostedZone | undefined {
  let closest: HostedZone | undefined
  for (const zone of topology.network.hostedZones) {
    if (!zone.isPrivate || !isWithin(host, zone.name)) continue
    const direct = zone.vpcs.some(({ vpcId }) => vpcId === vpc.id)
    if (!direct && !carried.has(zone.id)) continue
    const closer = closest === undefined || zone.name.length > closest.name.length
    if (closer || (direct && zone.name.length === closest?.name.length)) closest = zone
  }
  return closest
}

function zoneOwner(zone: HostedZone, host: string): NameOwner {
  if (zone.records.state !== 'known') return { kind: 'zoneUnread', zone }
  const records = addressRecords(zone, zone.records.value, host)
  if (records.length === 0) return { kind: 'zoneWithoutRecord', zone }
  const forIpv4 = records.filter(({ type }) => type !== 'AAAA')
  const ids = (forIpv4.length > 0 ? forIpv4 : records).flatMap(({ values }) => values.map(endpointIdIn))
  const endpointIds = [...new Set(ids.filter((id) => id !== undefined))]
  if (endpointIds.length === 0) return { kind: 'zoneElsewhere', zone }
  return { kind: 'zoneToEndpoints', zone, endpointIds, andElsewhere: ids.includes(undefined) }
}

/** The private DNS of an endpoint that a Profile brings; one that may answer becomes a doubt. */
function profileOwner(
  topology: Topology,
  profiles: Topology['network']['dnsProfiles'],
  carried: ReadonlySet<string>,
  destination: Destination,
  doubts: string[],
): NameOwner | undefined {
  const profileId = profiles[0]?.profileId
  const covers = privateDnsCovers(destination)
  if (profileId === undefined || covers === 'no') return undefined
  for (const id of carried) {
    const endpoint = topology.endpoints.get(id)
    if (endpoint?.type !== 'Interface' || !serves(endpoint, destination)) continue
    const { privateDnsEnabled } = endpoint
    if (privateDnsEnabled.state !== 'known' || !privateDnsEnabled.value) continue
    if (covers === 'yes') return { kind: 'profileEndpoint', endpointId: id, profileId }
    doubts.push(`whether ${destination.host} is one of the private DNS names of ${id}`)
  }
  return undefined
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
