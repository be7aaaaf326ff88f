import { type JsonObject, ownObject, ownString } from '../../model/json.ts'
import { covered, type Gap, joinReadings, type Reader, type Reading, unlisted } from '../reading.ts'
import { type Route53Reader, readZonesOfVpcs, zoneType } from '../route53/hosted-zones.ts'
import { readBlockPublicAccess } from './block-public-access.ts'
import { endpointIdsIn, groupIdsIn, prefixListIdsIn } from './named-in-items.ts'
import { readPrefixLists } from './prefix-lists.ts'
import type { Ec2Reader } from './reader.ts'
import { listDhcpOptions, listVpcs, vpcType, withDnsAttributes } from './vpcs.ts'
import {
  listEgressOnlyInternetGateways,
  listEndpoints,
  listInternetGateways,
  listNamedGroups,
  listNatGateways,
  listNetworkAcls,
  listRouteTables,
  listSecurityGroups,
  listSubnets,
  type VpcChoice,
} from './within-vpc.ts'

/** Where and with what to read networks: EC2, and Route 53 for the names that lead somewhere else inside a VPC. */
export interface NetworkReader extends Reader {
  readonly ec2: Ec2Reader['client']
  readonly route53: Route53Reader['client']
}

/** What looking at one VPC gave. */
export type VpcReading =
  | {
      readonly state: 'present'
      /** Everything that decides about this VPC. Its rows count for this VPC: do not judge another one by it. */
      readonly reading: Reading
    }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/**
 * Reads everything that decides what a VPC of the reader's region reaches, and the VPCs of the account whose endpoints its
 * hosted zones lead to. Subnets, endpoints and VPCs are listed for the whole region, so that workloads elsewhere can be told
 * apart from those here. A part that could not be read leaves its row unknown and a gap.
 */
export async function readVpc(reader: NetworkReader, vpcId: string): Promise<VpcReading> {
  const ec2 = ec2Of(reader)
  const vpcs = await listVpcs(ec2)
  if (vpcs.reading.gaps.length > 0) return { state: 'unknown', gaps: vpcs.reading.gaps }
  if (!vpcs.items.some((vpc) => idOf(vpc) === vpcId)) return { state: 'gone' }
  const zones = await readZonesOfVpcs(route53Of(reader), [vpcId])
  const endpoints = await listEndpoints(ec2)
  const vpcIds = [...new Set([vpcId, ...vpcsOfEndpoints(endpoints.items, endpointIdsIn(zones.items))])]
  const parts = await readParts(ec2, { vpcs: vpcs.items, endpoints: endpoints.items }, vpcIds)
  return { state: 'present', reading: joinReadings([zones, endpoints.reading, parts, profilesUnread(reader)]) }
}

/** Reads every VPC of the region; its rows count for all of them. */
export async function readAllVpcs(reader: NetworkReader): Promise<Reading> {
  const ec2 = ec2Of(reader)
  const vpcs = await listVpcs(ec2)
  const [unread] = vpcs.reading.gaps
  const zones = unread
    ? unlisted(reader, [zoneType], unread)
    : await readZonesOfVpcs(route53Of(reader), vpcs.items.map(idOf))
  const endpoints = await listEndpoints(ec2)
  const parts = await readParts(ec2, { vpcs: vpcs.items, endpoints: endpoints.items }, undefined)
  // The listing of VPCs says whether it is complete; the items come from the parts, with their attributes.
  const listing = { ...vpcs.reading, items: [] }
  const rest = { ...parts, coverage: parts.coverage.filter(({ resourceType }) => resourceType !== vpcType) }
  return joinReadings([listing, zones, endpoints.reading, rest, profilesUnread(reader)])
}

interface Found {
  readonly vpcs: readonly JsonObject[]
  readonly endpoints: readonly JsonObject[]
}

async function readParts(ec2: Ec2Reader, found: Found, vpcIds: VpcChoice): Promise<Reading> {
  const [subnets, tables, groups, acls] = await Promise.all([
    listSubnets(ec2),
    listRouteTables(ec2, vpcIds),
    listSecurityGroups(ec2, vpcIds),
    listNetworkAcls(ec2, vpcIds),
  ])
  const rest = await Promise.all([
    listNatGateways(ec2, vpcIds),
    listInternetGateways(ec2, vpcIds),
    listEgressOnlyInternetGateways(ec2),
    readReferencedGroups(ec2, [...groups.items, ...found.endpoints.filter(isIn(vpcIds))], groups.items),
  ])
  const asked = found.vpcs.filter((vpc) => vpcIds === undefined || vpcIds.includes(idOf(vpc)))
  const attributes = await withDnsAttributes(ec2, found.vpcs, asked.map(idOf))
  return joinReadings([
    { items: attributes.items, coverage: [covered(ec2, vpcType)], gaps: attributes.gaps },
    ...[subnets, tables, groups, acls, ...rest].map(({ reading }) => reading),
    await listDhcpOptions(ec2, vpcIds === undefined ? undefined : dhcpOptionsOf(asked)),
    await readPrefixLists(ec2, prefixListIdsIn([...tables.items, ...groups.items])),
    await readBlockPublicAccess(ec2),
  ])
}

/**
 * Groups of other VPCs of the account that rules here name, as many as one filter takes. They complete the picture, no listing:
 * what another account keeps is never among them.
 */
async function readReferencedGroups(ec2: Ec2Reader, naming: readonly JsonObject[], read: readonly JsonObject[]) {
  const here = new Set(read.map(idOf))
  const missing = groupIdsIn(naming).filter((id) => !here.has(id))
  if (missing.length === 0) return { reading: { items: [], coverage: [], gaps: [] } }
  const { reading } = await listNamedGroups(ec2, missing.slice(0, 200))
  return { reading: { ...reading, coverage: [] } }
}

function vpcsOfEndpoints(endpoints: readonly JsonObject[], ids: readonly string[]): readonly string[] {
  return endpoints.filter((endpoint) => ids.includes(idOf(endpoint))).flatMap((endpoint) => vpcIdOf(endpoint) ?? [])
}

function isIn(vpcIds: VpcChoice): (item: JsonObject) => boolean {
  return (item) => vpcIds === undefined || vpcIds.includes(vpcIdOf(item) ?? '')
}

function dhcpOptionsOf(vpcs: readonly JsonObject[]): readonly string[] {
  const ids = vpcs.flatMap((vpc) => ownString(ownObject(vpc, 'configuration') ?? {}, 'DhcpOptionsId') ?? [])
  return [...new Set(ids)].filter((id) => id !== 'default')
}

/** No gap, which would leave every verdict open: where a route leads to other networks, such names count as possible anyway. */
function profilesUnread(reader: Reader): Reading {
  const types = ['AWS::Route53Profiles::ProfileAssociation', 'AWS::Route53Profiles::ProfileResourceAssociation']
  const failure = { reason: 'Route 53 Profiles are not read live', transience: 'lasting' as const }
  return { items: [], coverage: types.map((type) => covered(reader, type, failure)), gaps: [] }
}

function ec2Of(reader: NetworkReader): Ec2Reader {
  return { ...reader, client: reader.ec2 }
}

function route53Of(reader: NetworkReader): Route53Reader {
  return { ...reader, client: reader.route53 }
}

function idOf(item: JsonObject): string {
  return ownString(item, 'resourceId') ?? ''
}

function vpcIdOf(item: JsonObject): string | undefined {
  return ownString(ownObject(item, 'configuration') ?? {}, 'VpcId')
}
