import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { HostedZone, HostedZoneRecord } from './network.ts'
import { optionalTexts } from './network-texts.ts'
import { booleanProperty, convertedList, numberProperty, objectProperty, property, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::Route53::HostedZone` item; undefined when it does not say its name or its VPCs. */
export function hostedZoneOf(item: ConfigurationItem): HostedZone | undefined {
  const { configuration } = item
  const name = stringProperty(configuration, 'Name')
  const vpcs = vpcsOf(configuration)
  const isPrivate = privacyOf(configuration, vpcs)
  if (name === undefined || isPrivate === undefined || (isPrivate && vpcs === undefined)) return undefined
  return {
    ...resourceOfItem(item),
    id: (stringProperty(configuration, 'Id') ?? item.resourceId).replace(/^\/hostedzone\//, ''),
    name: hostName(name),
    isPrivate,
    vpcs: vpcs ?? [],
    records: recordsOf(item),
  }
}

/** A DNS name as views compare them: lower case, no final dot, the escaped star unescaped. */
export function hostName(text: string): string {
  const lower = text.toLowerCase().replace('\\052', '*')
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

function vpcsOf(configuration: JsonObject): HostedZone['vpcs'] | undefined {
  const spelling = ['VPCs', 'Vpcs'].find((name) => property(configuration, name) !== undefined) ?? 'VPCs'
  return convertedList(configuration, spelling, (vpc) => {
    const vpcId = stringProperty(vpc, 'VPCId') ?? stringProperty(vpc, 'VpcId')
    const region = stringProperty(vpc, 'VPCRegion') ?? stringProperty(vpc, 'VpcRegion')
    return vpcId === undefined ? undefined : { vpcId, region }
  })
}

/** A zone with VPCs is private; one that states neither may be either. */
function privacyOf(configuration: JsonObject, vpcs: HostedZone['vpcs'] | undefined): boolean | undefined {
  if (vpcs !== undefined && vpcs.length > 0) return true
  const config = objectProperty(configuration, 'HostedZoneConfig') ?? objectProperty(configuration, 'Config')
  return config && booleanProperty(config, 'PrivateZone')
}

function recordsOf({ supplementaryConfiguration, resourceId }: ConfigurationItem): Fact<readonly HostedZoneRecord[]> {
  const records = convertedList(supplementaryConfiguration, 'ResourceRecordSets', weightedOf)
  return records === undefined
    ? unknown(`the records of the hosted zone ${resourceId} were not read`)
    : known(answering(records))
}

interface Weighted {
  readonly record: HostedZoneRecord
  /** Undefined when the record has none. */
  readonly weight: number | undefined
}

function weightedOf(json: JsonObject): Weighted | undefined {
  const record = recordOf(json)
  return record && { record, weight: numberProperty(json, 'Weight') }
}

/** Records of weight 0 answer nobody while another of their name and type has a weight. */
function answering(records: readonly Weighted[]): readonly HostedZoneRecord[] {
  const keyOf = ({ name, type }: HostedZoneRecord): string => `${name} ${type}`
  const heavy = new Set(records.filter(({ weight = 0 }) => weight > 0).map(({ record }) => keyOf(record)))
  return records.flatMap(({ record, weight }) => (weight === 0 && heavy.has(keyOf(record)) ? [] : [record]))
}

function recordOf(record: JsonObject): HostedZoneRecord | undefined {
  const name = stringProperty(record, 'Name')
  const type = stringProperty(record, 'Type')
  const values = valuesOf(record)
  return name === undefined || type === undefined || values === undefined
    ? undefined
    : { name: hostName(name), type: type.toUpperCase(), values }
}

function valuesOf(record: JsonObject): readonly string[] | undefined {
  const alias: JsonValue | undefined = property(record, 'AliasTarget')
  if (!isJsonObject(alias)) return optionalTexts(record, 'ResourceRecords', 'Value')?.map(hostNameInRecord)
  const target = stringProperty(alias, 'DNSName') ?? stringProperty(alias, 'DnsName')
  return target === undefined ? undefined : [hostName(target)]
}

/** A value that is a host name ends with a dot; addresses and texts do not. */
function hostNameInRecord(value: string): string {
  return value.endsWith('.') ? hostName(value) : value
}
