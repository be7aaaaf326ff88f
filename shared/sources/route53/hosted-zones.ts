import {
  type HostedZoneSummary,
  ListHostedZonesByVPCCommand,
  type Route53Client,
  type VPCRegion,
} from '@aws-sdk/client-route-53'
import { partitionOf } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  askPages,
  covered,
  failureOf,
  type Gap,
  gapsOf,
  needList,
  needText,
  type Reader,
  type Reading,
  rawItem,
} from '../reading.ts'
import { holdsAwsNames } from './aws-names.ts'
import { readRecords } from './records.ts'

/** The type of a hosted zone's items. */
export const zoneType = 'AWS::Route53::HostedZone'

/** Where and with what to read Route 53. The reader's region is that of the VPCs; zones themselves belong to no region. */
export interface Route53Reader extends Reader {
  readonly client: Pick<Route53Client, 'send'>
}

/** A private hosted zone and those of the VPCs asked for that it answers in. */
interface Zone {
  readonly id: string
  readonly name: string
  /** The account whose zone it is. */
  readonly owner: string
  readonly vpcIds: string[]
}

/**
 * Reads the private hosted zones that answer in these VPCs of the reader's region, one after the other: Route 53 lets an account
 * ask five times a second. Records are read of the account's own zones in which names of AWS may stand; others' records stay
 * unread. Zones that a service of AWS keeps, such as those behind private DNS of endpoints, are left out.
 */
export async function readZonesOfVpcs(reader: Route53Reader, vpcIds: readonly string[]): Promise<Reading> {
  const zones = new Map<string, Zone>()
  const failures: ReadFailure[] = []
  for (const vpcId of vpcIds) {
    const answer = await zonesOf(reader, vpcId)
    if (answer.state !== 'known') failures.push(failureOf(answer))
    for (const zone of answer.state === 'known' ? answer.value : []) {
      const held = zones.get(zone.id)
      if (held === undefined) zones.set(zone.id, zone)
      else held.vpcIds.push(vpcId)
    }
  }
  const items: JsonObject[] = []
  const gaps: Gap[] = failures.map((failure) => ({ resourceType: zoneType, ...failure }))
  for (const zone of zones.values()) {
    const read = await zoneItem(reader, zone)
    items.push(read.item)
    gaps.push(...read.gaps)
  }
  return { items, coverage: [covered(reader, zoneType, failures[0])], gaps }
}

function zonesOf(reader: Route53Reader, vpcId: string): Promise<Answer<readonly Zone[]>> {
  return askPages(reader, 'route53:ListHostedZonesByVPC', undefined, async (NextToken, abortSignal) => {
    const VPCRegion = reader.region as VPCRegion
    const command = new ListHostedZonesByVPCCommand({ VPCId: vpcId, VPCRegion, MaxItems: 100, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.HostedZoneSummaries, 'HostedZoneSummaries').flatMap((one) => zoneOf(one, vpcId))
    return { entries, nextToken: output.NextToken }
  })
}

function zoneOf({ HostedZoneId, Name, Owner }: HostedZoneSummary, vpcId: string): readonly Zone[] {
  const id = needText(HostedZoneId, 'HostedZoneId').replace(/^\/hostedzone\//, '')
  const name = needText(Name, 'Name')
  const owner = Owner?.OwningAccount ?? ''
  if (owner !== '') return [{ id, name, owner, vpcIds: [vpcId] }]
  if ((Owner?.OwningService ?? '') === '') throw new MalformedAnswer('hosted zone without an owner')
  return []
}

async function zoneItem(reader: Route53Reader, zone: Zone) {
  const arn = `arn:${partitionOf(reader.region)}:route53:::hostedzone/${zone.id}`
  const isRead = zone.owner === reader.accountId && holdsAwsNames(zone.name)
  const records = isRead ? await readRecords(reader, zone.id) : undefined
  const configuration = {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    HostedZoneConfig: { PrivateZone: true },
    VPCs: zone.vpcIds.map((VPCId) => ({ VPCId, VPCRegion: reader.region })),
  }
  const supplementary: JsonObject = records?.state === 'known' ? { ResourceRecordSets: records.value } : {}
  return {
    item: rawItem(reader, zoneType, { id: zone.id, arn, name: zone.name }, configuration, supplementary),
    gaps: records === undefined ? [] : gapsOf(records, zoneType, arn),
  }
}
