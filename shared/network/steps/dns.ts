import type { Vpc, VpcEndpoint } from '../../inventory/network.ts'
import type { Fact } from '../../model/fact.ts'
import { serves } from '../names.ts'
import type { Topology } from '../topology.ts'
import type { Destination } from '../types.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'
import { type DnsServers, dnsServersOf } from './dns-servers.ts'
import { type NameOwner, type Ownership, ownerOf } from './zone-owners.ts'

/** What a name resolves to in a VPC, as a step for each way a request may take. */
export interface Resolution {
  /** For ways that need the host's public address; undefined: the name is taken for certain, `takenBy` says by what. */
  readonly publicDns: Answer | undefined
  readonly takenBy: string | undefined
  /** What is taken for granted when the name is said to be taken: otherwise it may resolve publicly after all. */
  readonly takenAssuming: readonly string[]
  /** For each interface endpoint of the VPC that serves the destination or that a record points to. */
  readonly endpointDns: ReadonlyMap<string, Answer>
  /** Endpoints of other VPCs that the name leads to. */
  readonly central: ReadonlyMap<string, Answer>
  /** What is said of other addresses that the name leads to besides endpoints. */
  readonly elsewhere: Answer | undefined
  /** Stops or leaves open every way: a zone without the record, no resolver. */
  readonly nowhere: Answer | undefined
  /** Zones of other accounts may still send the name to a central endpoint. */
  readonly mayBeCentral: boolean
  /** Whether the hosted zones of the VPC's account were listed. */
  readonly zonesListed: boolean
}

const nothing: ReadonlyMap<string, Answer> = new Map()

/** Resolves a destination's name in a VPC; made once for each. */
export function resolutionOf(topology: Topology, vpc: Vpc, destination: Destination): Resolution {
  return topology.remember(`dns|${vpc.id}|${destination.host}|${destination.kind}`, () =>
    resolve(topology, vpc, destination),
  )
}

function resolve(topology: Topology, vpc: Vpc, destination: Destination): Resolution {
  const zonesListed = listsZones(topology, vpc)
  const free = { takenBy: undefined, takenAssuming: [] }
  const base = { ...free, central: nothing, elsewhere: undefined, nowhere: undefined, mayBeCentral: false, zonesListed }
  const servers = dnsServersOf(topology, vpc)
  const local = servingEndpoints(topology, vpc, destination)
  if (servers.kind !== 'amazon') {
    const answer = otherServers(vpc, servers)
    return { ...base, publicDns: answer, endpointDns: new Map(local.map(({ id }) => [id, answer])), mayBeCentral: true }
  }
  if (isOff(vpc.enableDnsSupport)) {
    return { ...base, publicDns: undefined, endpointDns: nothing, nowhere: supportOff(vpc) }
  }
  if (isOff(vpc.enableDnsHostnames)) return { ...base, ...withoutHostnames(vpc, destination, local) }
  const ownership = ownerOf(topology, vpc, destination)
  return { ...base, ...owned({ topology, vpc, destination, local, zonesListed }, ownership, servers.assumptions) }
}

function otherServers({ id }: Vpc, { kind, missing }: Exclude<DnsServers, { kind: 'amazon' }>): Answer {
  switch (kind) {
    case 'custom':
      return dependsOn('dns', 'custom-dns-servers', `${id} does not use AmazonProvidedDNS`, [missing])
    case 'none':
      return dependsOn('dns', 'no-dhcp-options', `${id} has no DHCP options, which would name DNS servers`, [missing])
    case 'unknown':
      return dependsOn('dns', 'dns-servers-unknown', `The DNS servers of ${id} are not known`, [missing])
    default:
      return kind satisfies never
  }
}

function supportOff(vpc: Vpc): Answer {
  return stops('dns', 'dns-support-off', `enableDnsSupport of ${vpc.id} is off: names do not resolve`, {
    fix: `Turn on enableDnsSupport of ${vpc.id}`,
  })
}

/** Private DNS and private hosted zones have no effect: names resolve publicly. */
function withoutHostnames(
  vpc: Vpc,
  { host }: Destination,
  local: readonly VpcEndpoint[],
): Pick<Resolution, 'publicDns' | 'endpointDns'> {
  const off = stops('dns', 'dns-hostnames-off', `enableDnsHostnames of ${vpc.id} is off: private DNS has no effect`, {
    fix: `Turn on enableDnsHostnames of ${vpc.id}`,
  })
  return {
    publicDns: passes('dns', 'public-name', `${host} resolves to its public address`),
    endpointDns: new Map(local.map(({ id }) => [id, off])),
  }
}

interface Place {
  readonly topology: Topology
  readonly vpc: Vpc
  readonly destination: Destination
  readonly local: readonly VpcEndpoint[]
  readonly zonesListed: boolean
}

type Owned = Pick<Resolution, 'publicDns' | 'endpointDns'> & Partial<Resolution>

function owned(place: Place, ownership: Ownership, assumptions: readonly string[]): Owned {
  const { owner, doubts } = ownership
  const { vpc, destination } = place
  const takenAssuming = attributeAssumption(vpc)
  switch (owner.kind) {
    case 'privateDns': {
      const { id } = owner.endpoint
      const dns = passes('dns', 'private-dns', `Private DNS of ${id} answers for ${destination.host}`, {
        assumptions: [...assumptions, ...takenAssuming],
      })
      return { publicDns: undefined, takenBy: `private DNS of ${id}`, takenAssuming, endpointDns: new Map([[id, dns]]) }
    }
    case 'profileEndpoint': {
      const { endpointId, profileId } = owner
      const reason = `Route 53 Profile ${profileId} sends ${destination.host} to ${endpointId}`
      return leadsTo(place, [endpointId], reason, `Route 53 Profile ${profileId}`, doubts, assumptions)
    }
    case 'zoneToEndpoints': {
      const { zone, endpointIds, andElsewhere } = owner
      const reason = `Hosted zone ${zone.id} sends ${destination.host} to ${endpointIds.join(', ')}`
      const led = leadsTo(place, endpointIds, reason, `hosted zone ${zone.id}`, doubts, assumptions)
      return andElsewhere
        ? { ...led, elsewhere: zoneAnswer({ kind: 'zoneElsewhere', zone }, destination, doubts) }
        : led
    }
    case 'zoneElsewhere':
    case 'zoneUnread':
    case 'zoneWithoutRecord':
      return {
        publicDns: undefined,
        takenAssuming,
        endpointDns: nothing,
        nowhere: zoneAnswer(owner, destination, doubts),
      }
    case 'public':
      return publicly(place, doubts, [...assumptions, ...ownership.assumptions])
    default:
      return owner satisfies never
  }
}

function leadsTo(
  place: Place,
  endpointIds: readonly string[],
  reason: string,
  takenBy: string,
  doubts: readonly string[],
  assumptions: readonly string[],
): Owned {
  const takenAssuming = attributeAssumption(place.vpc)
  const grounds = { assumptions: [...assumptions, ...takenAssuming] }
  const dns =
    doubts.length === 0
      ? passes('dns', 'hosted-zone', reason, grounds)
      : dependsOn('dns', 'name-owner-unknown', `${reason}, unless something else takes the name`, doubts, grounds)
  const isLocal = (id: string): boolean => place.topology.endpoints.get(id)?.vpcId === place.vpc.id
  return {
    publicDns: undefined,
    takenBy,
    takenAssuming,
    endpointDns: new Map(endpointIds.filter(isLocal).map((id) => [id, dns])),
    central: new Map(endpointIds.filter((id) => !isLocal(id)).map((id) => [id, dns])),
  }
}

function zoneAnswer(
  owner: Extract<NameOwner, { kind: 'zoneElsewhere' | 'zoneUnread' | 'zoneWithoutRecord' }>,
  { host }: Destination,
  doubts: readonly string[],
): Answer {
  const { id } = owner.zone
  if (doubts.length > 0) {
    const reason = `Hosted zone ${id} takes ${host}, unless something else does`
    return dependsOn('dns', 'name-owner-unknown', reason, doubts)
  }
  switch (owner.kind) {
    case 'zoneUnread':
      return dependsOn(
        'dns',
        'hosted-zone-unread',
        `Hosted zone ${id} answers for ${host}; its records are not known`,
        [`records of hosted zone ${id}`],
      )
    case 'zoneElsewhere':
      return dependsOn('dns', 'hosted-zone-elsewhere', `Hosted zone ${id} sends ${host} to an address of its own`, [
        `what answers at the address that hosted zone ${id} gives for ${host}`,
      ])
    case 'zoneWithoutRecord':
      return stops('dns', 'hosted-zone-without-record', `Hosted zone ${id} takes ${host} and has no record for it`, {
        fix: `Add a record for ${host} (or a wildcard) to hosted zone ${id}`,
      })
    default:
      return owner satisfies never
  }
}

/** Nothing known takes the name. */
function publicly(place: Place, doubts: readonly string[], assumptions: readonly string[]): Owned {
  const { topology, vpc, destination, local, zonesListed } = place
  const { host } = destination
  const endpoints = destination.serviceName === undefined ? undefined : topology.listed('AWS::EC2::VPCEndpoint', vpc)
  const unlisted = endpoints?.state === 'unknown' ? [`VPC endpoints of ${vpc.id}`] : []
  const open = [...doubts, ...unlisted]
  const grounds = { assumptions: [...assumptions, ...publicAssumptions(vpc, host, zonesListed)] }
  const publicDns =
    open.length === 0
      ? passes('dns', 'public-name', `${host} resolves to its public address`, grounds)
      : dependsOn('dns', 'name-owner-unknown', `Something in ${vpc.id} may take the name ${host}`, open, grounds)
  return {
    publicDns,
    endpointDns: new Map(local.map((endpoint) => [endpoint.id, unowned(place, endpoint, doubts)])),
    mayBeCentral: true,
  }
}

/** Why an endpoint of the right service does not answer for the name. */
function unowned({ vpc, destination, zonesListed }: Place, endpoint: VpcEndpoint, doubts: readonly string[]): Answer {
  const { id, privateDnsEnabled } = endpoint
  const { host } = destination
  const mine = doubts.filter((doubt) => doubt.endsWith(` ${id}`))
  if (mine.length > 0)
    return dependsOn('dns', 'private-dns-unknown', `Private DNS of ${id} may answer for ${host}`, mine)
  if (privateDnsEnabled.state === 'known' && !privateDnsEnabled.value) {
    if (!zonesListed) {
      return dependsOn('dns', 'hosted-zones-unknown', `Private DNS of ${id} is off and a hosted zone may replace it`, [
        `private hosted zones associated with ${vpc.id}`,
      ])
    }
    const fix = `Turn on private DNS of ${id}`
    return stops('dns', 'private-dns-off', `Private DNS of ${id} is off, so ${host} does not lead to it`, { fix })
  }
  if (destination.kind === 's3.layers') {
    return stops('dns', 's3-inbound-resolver-only', `Private DNS of ${id} serves inbound resolver endpoints only`, {
      fix: `Create a gateway endpoint for S3 in ${vpc.id} and associate the route tables of the pulling subnets`,
    })
  }
  return stops('dns', 'name-not-covered', `Private DNS of ${id} does not answer for ${host}`)
}

/** Interface endpoints of the VPC for the destination's service, in any state. */
function servingEndpoints(topology: Topology, vpc: Vpc, destination: Destination): readonly VpcEndpoint[] {
  return topology
    .endpointsOf(vpc.id)
    .filter((endpoint) => endpoint.type === 'Interface' && serves(endpoint, destination))
}

function listsZones(topology: Topology, vpc: Vpc): boolean {
  return topology.listed('AWS::Route53::HostedZone', vpc).state !== 'unknown'
}

function isOff(attribute: Fact<boolean>): boolean {
  return attribute.state === 'known' && !attribute.value
}

/** AWS refuses private DNS in a VPC without the attributes; they may have been switched off later. */
function attributeAssumption(vpc: Vpc): readonly string[] {
  if (vpc.enableDnsSupport.state === 'known' && vpc.enableDnsHostnames.state === 'known') return []
  return [`assumes enableDnsSupport and enableDnsHostnames of ${vpc.id}`]
}

function publicAssumptions(vpc: Vpc, host: string, zonesListed: boolean): readonly string[] {
  const support = vpc.enableDnsSupport.state === 'known' ? [] : [`assumes enableDnsSupport of ${vpc.id}`]
  const zones = zonesListed ? [] : [`assumes that no private hosted zone of ${vpc.id} takes ${host}`]
  return [...support, ...zones]
}
