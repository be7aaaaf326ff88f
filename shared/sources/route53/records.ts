import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText } from '../reading.ts'
import type { Route53Reader } from './hosted-zones.ts'

/** Every record set of a hosted zone, as names, types, weights and values. A zone deleted meanwhile is absent. */
export function readRecords(reader: Route53Reader, HostedZoneId: string): Promise<Answer<readonly JsonObject[]>> {
  return askPages(reader, 'route53:ListResourceRecordSets', 'NoSuchHostedZone', async (token, abortSignal) => {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId, MaxItems: 300, ...startOf(token) })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.ResourceRecordSets, 'ResourceRecordSets').map(recordOf)
    return { entries, nextToken: tokenOf(output) }
  })
}

/** Route 53 has no page token: the next page starts at a record, which its name, type and identifier tell. */
function tokenOf(output: ListResourceRecordSetsCommandOutput): string | undefined {
  if (typeof output.IsTruncated !== 'boolean') throw new MalformedAnswer('answer without IsTruncated')
  if (!output.IsTruncated) return undefined
  const { NextRecordIdentifier } = output
  return JSON.stringify([
    needText(output.NextRecordName, 'NextRecordName'),
    needText(output.NextRecordType, 'NextRecordType'),
    ...(NextRecordIdentifier === undefined ? [] : [NextRecordIdentifier]),
  ])
}

function startOf(token: string | undefined) {
  if (token === undefined) return {}
  const [name, type, identifier] = JSON.parse(token) as [string, RRType, string?]
  return {
    StartRecordName: name,
    StartRecordType: type,
    ...(identifier === undefined ? {} : { StartRecordIdentifier: identifier }),
  }
}

function recordOf({ Name, Type, Weight, AliasTarget, ResourceRecords }: ResourceRecordSet): JsonObject {
  const share = Weight === undefined ? {} : { Weight }
  const head = { Name: needText(Name, 'Name'), Type: needText(Type, 'Type'), ...share }
  if (AliasTarget) return { ...head, AliasTarget: { DNSName: needText(AliasTarget.DNSName, 'DNSName') } }
  const values = needList(ResourceRecords, 'ResourceRecords')
  return { ...head, ResourceRecords: values.map(({ Value }) => ({ Value: needText(Value, 'Value') })) }
}
