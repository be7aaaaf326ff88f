import type { ChangedResource } from '../../events/audit-request.ts'
import { allViews } from '../../inventory/view-groups.ts'
import { parseArn, partitionOf } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { type JsonObject, ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { permissions as ofEc2 } from '../../sources/ec2/permissions.ts'
import {
  type NetworkReader,
  type VpcReading as NetworkReading,
  readAllVpcs,
  readVpc,
} from '../../sources/ec2/read-vpc.ts'
import { vpcOf } from '../../sources/ec2/vpc-of.ts'
import { listVpcs, vpcType } from '../../sources/ec2/vpcs.ts'
import { joinReadings, type Reading } from '../../sources/reading.ts'
import { permissions as ofRoute53 } from '../../sources/route53/permissions.ts'
import type { LiveReader, LiveResource, LiveSource } from '../live-source.ts'
import type { LiveVpcs, Place, VpcReading, VpcsReading } from '../live-vpcs.ts'
import { type Bounded, bounded, type RecentReadings, recentReadings, type Taken } from '../recent.ts'
import { type PullingClients, pullerTypes, readPullers, readWorkloads, workloadTypes } from './pulling-workloads.ts'

/** VPCs remembered at the same time; a reading of one is small beside the 512 MB of the function. */
const MOST_VPCS = 4
/** Readings with more items than this are used once and forgotten. */
const MOST_ITEMS = 20_000
/** Resources whose VPC is remembered: it never changes. */
const MOST_PLACES = 2_000
/** Verdicts that are remembered as delivered. */
const MOST_VERDICTS = 500
const wholeRegion = '*'
/** What a reading of a network speaks of; of Profiles it says that they were not read. */
const networkTypes: readonly string[] = [
  ...new Set<string>([...ofEc2, ...ofRoute53].flatMap(({ reads }) => reads)),
  'AWS::Route53Profiles::ProfileAssociation',
  'AWS::Route53Profiles::ProfileResourceAssociation',
]

/** The clients that show networks and what pulls images in them. */
export type VpcClients = PullingClients & { readonly route53: NetworkReader['route53'] }

/** VPCs as the function sees them: one by one, and all of them as a source for sweeps. */
export interface VpcSight {
  readonly vpcs: LiveVpcs
  readonly source: LiveSource
}

interface Memory {
  readonly vpcs: RecentReadings<NetworkReading>
  readonly listing: RecentReadings<Awaited<ReturnType<typeof listVpcs>>>
  readonly region: RecentReadings<Reading>
  readonly workloads: RecentReadings<Reading>
  readonly places: Bounded<string>
  readonly verdicts: Bounded<Taken>
}

/** Sees the VPCs of one region. What it remembers lives as long as the process, and is small. */
export function vpcSight(clients: VpcClients): VpcSight {
  const memory: Memory = {
    vpcs: recentReadings(MOST_VPCS, (value) => value.state === 'present' && isKeepable(value.reading)),
    listing: recentReadings(1, ({ reading }) => isKeepable(reading)),
    region: recentReadings(1, isKeepable),
    workloads: recentReadings(1, isKeepable),
    places: bounded(MOST_PLACES),
    verdicts: bounded(MOST_VERDICTS),
  }
  return {
    vpcs: {
      placeOf: (reader, resource) => placeOf(clients, memory, reader, resource),
      read: (reader, vpcId, types) => readWhole(clients, memory, reader, vpcId, types),
      readEvery: (reader, types, most) => readEvery(clients, memory, reader, types, most),
      judged: (asker, vpcId) => memory.verdicts.get(`${asker} ${vpcId}`),
      settle: (asker, vpcId, { takenAt }) => memory.verdicts.set(`${asker} ${vpcId}`, { takenAt }),
    },
    source: {
      types: [...networkTypes, ...workloadTypes, ...pullerTypes],
      views: allViews,
      list: async (reader, types) =>
        types.length === 0 ? nothing() : (await readRegion(clients, memory, reader, types)).reading,
      judged: new Map([[vpcType, { refOf: vpcRef, lookAt: (reader, ref) => lookAtVpc(clients, memory, reader, ref) }]]),
    },
  }
}

/** A failure that passes must not outlive the invocation that met it. */
function isKeepable({ items, gaps }: Reading): boolean {
  return items.length <= MOST_ITEMS && gaps.every(({ transience }) => transience !== 'passing')
}

function nothing(): Promise<Reading> {
  return Promise.resolve({ items: [], coverage: [], gaps: [] })
}

async function placeOf(
  { ec2 }: VpcClients,
  { places }: Memory,
  reader: LiveReader,
  { type, id }: ChangedResource,
): Promise<Place> {
  const before = places.get(`${type} ${id}`)
  if (before !== undefined) return { state: 'present', vpcId: before }
  const found = await vpcOf({ ...reader, client: ec2 }, type, id)
  if (found.state === 'unknown') return { state: 'unknown', gaps: [found.gap] }
  if (found.state === 'gone') return found
  places.set(`${type} ${id}`, found.vpcId)
  return { state: 'present', vpcId: found.vpcId }
}

async function readWhole(
  clients: VpcClients,
  memory: Memory,
  reader: LiveReader,
  vpcId: string,
  types: readonly string[],
): Promise<VpcReading> {
  const { takenAt, value: network } = await networkOf(clients, memory, reader, vpcId)
  if (network.state !== 'present') return network
  const workloads = await workloadsOf(clients, memory, reader, types)
  const both = joinReadings([network.reading, workloads])
  const pullers = await readPullers(clients, reader, { types, vpcId }, both)
  return { state: 'present', takenAt, reading: joinReadings([both, pullers]) }
}

function networkOf({ ec2, route53 }: VpcClients, memory: Memory, reader: LiveReader, vpcId: string) {
  return memory.vpcs(reader, vpcId, () => readVpc({ ...reader, ec2, route53 }, vpcId))
}

/** The changes that events tell of are those of networks: workloads read a moment ago do in any case. */
async function workloadsOf(
  clients: VpcClients,
  memory: Memory,
  reader: LiveReader,
  types: readonly string[],
): Promise<Reading> {
  const wanted = workloadTypes.filter((type) => types.includes(type))
  const { changedAt: _, ...anyTime } = reader
  const { value } = await memory.workloads(anyTime, wanted.join(' '), () => readWorkloads(clients, reader, wanted))
  return value
}

async function readRegion(
  clients: VpcClients,
  memory: Memory,
  reader: LiveReader,
  types: readonly string[],
  key = wholeRegion,
): Promise<Taken & { readonly reading: Reading }> {
  const { ec2, route53 } = clients
  const { takenAt, value } = await memory.region(reader, key, () => readAllVpcs({ ...reader, ec2, route53 }))
  const both = joinReadings([value, await workloadsOf(clients, memory, reader, types)])
  return { takenAt, reading: joinReadings([both, await readPullers(clients, reader, { types }, both)]) }
}

/**
 * They are counted first: what is read of each, zones above all, takes calls of its own. What was read for another event may be older
 * than what was said of one of the VPCs since: a reading serves the rules of one event only.
 */
async function readEvery(
  clients: VpcClients,
  memory: Memory,
  reader: LiveReader,
  types: readonly string[],
  most: number,
): Promise<VpcsReading> {
  const key = reader.readAt
  const { value: listed } = await memory.listing(reader, key, () => listVpcs({ ...reader, client: clients.ec2 }))
  if (listed.reading.gaps.length > 0) return { state: 'unknown', gaps: listed.reading.gaps }
  if (listed.items.length > most) return { state: 'too many', count: listed.items.length }
  const { takenAt, reading } = await readRegion(clients, memory, reader, types, key)
  const isListed = reading.coverage.some(({ resourceType, status }) => resourceType === vpcType && status === 'known')
  if (isListed) return { state: 'present', takenAt, reading }
  return { state: 'unknown', gaps: reading.gaps.filter(({ resourceType }) => resourceType === vpcType) }
}

/** An event may state the ARN; the VPC is ours when EC2 shows it to us. */
function vpcRef({ accountId, region }: LiveReader, { type, id, arn }: ChangedResource): ResourceRef {
  if (!/^vpc-[0-9a-z]{1,32}$/.test(id)) throw new InputError('configurationItem.resourceId: expected the id of a VPC')
  const found = arn ?? `arn:${partitionOf(region)}:ec2:${region}:${accountId}:vpc/${id}`
  const parsed = parseArn(found)
  if (parsed?.service !== 'ec2' || parsed.accountId !== accountId || parsed.region !== region) {
    throw new InputError('configurationItem.ARN: expected a VPC of the account and region of this function')
  }
  return { type, id, arn: found, accountId, region }
}

async function lookAtVpc(
  clients: VpcClients,
  memory: Memory,
  reader: LiveReader,
  { id }: ResourceRef,
): Promise<LiveResource> {
  const { value } = await networkOf(clients, memory, reader, id)
  if (value.state !== 'present') return value
  const item = itemOf(value.reading, id)
  return item === undefined ? { state: 'gone' } : { state: 'present', item, gaps: value.reading.gaps }
}

function itemOf({ items }: Reading, vpcId: string): JsonObject | undefined {
  return items.find((item) => ownString(item, 'resourceType') === vpcType && ownString(item, 'resourceId') === vpcId)
}
