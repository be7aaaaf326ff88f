import { permissions as ec2 } from '../ec2/permissions.ts'
import { readPrefixLists } from '../ec2/prefix-lists.ts'
import { type NetworkReader, readAllVpcs } from '../ec2/read-vpc.ts'
import type { Ec2Reader } from '../ec2/reader.ts'
import { joinReadings, type Reading } from '../reading.ts'
import { permissions as route53 } from '../route53/permissions.ts'
import { permissions as profiles } from '../route53-profiles/permissions.ts'
import { readProfiles } from '../route53-profiles/read-profiles.ts'
import { prefixListIdsInTables } from '../transit/named-lists.ts'
import { permissions as transit } from '../transit/permissions.ts'
import { readTransit } from '../transit/read-transit.ts'
import type { EstatePart } from './part.ts'
import type { EstateReader } from './reader.ts'

const profileTypes: readonly string[] = [...new Set<string>(profiles.flatMap(({ reads }) => reads))]

/** What decides where packets go and names lead. */
export const networkParts: readonly EstatePart[] = [
  {
    types: [...new Set<string>([...ec2, ...route53].flatMap(({ reads }) => reads))],
    read: ({ clients, ...reader }) => readNetworks({ ...reader, ec2: clients.ec2, route53: clients.route53 }),
  },
  {
    types: profileTypes,
    read: ({ clients, ...reader }) => readProfiles({ ...reader, client: clients.route53Profiles }),
  },
  { types: [...new Set<string>(transit.flatMap(({ reads }) => reads))], read: readJoints },
]

/** Readers of single VPCs leave profiles out and say so; here they are a part of their own. */
async function readNetworks(reader: NetworkReader): Promise<Reading> {
  const reading = await readAllVpcs(reader)
  return { ...reading, coverage: reading.coverage.filter(({ resourceType }) => !profileTypes.includes(resourceType)) }
}

const ec2Of = ({ clients, ...reader }: EstateReader): Ec2Reader => ({ ...reader, client: clients.ec2 })

/** Routes of transit gateways name prefix lists that no route table of a VPC has to name. */
async function readJoints(reader: EstateReader): Promise<Reading> {
  const joints = await readTransit(ec2Of(reader))
  const named = prefixListIdsInTables(joints.items)
  return named.length === 0 ? joints : joinReadings([joints, await readPrefixLists(ec2Of(reader), named)])
}
