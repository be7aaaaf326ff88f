import type { JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { NetworkAcl, NetworkAclEntry } from './network.ts'
import { isIpv4Cidr, isIpv6Cidr } from './network-cidr.ts'
import { protocolAndPorts } from './network-protocol.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { textsProperty } from './network-texts.ts'
import {
  booleanProperty,
  convertedList,
  enumProperty,
  numberProperty,
  objectProperty,
  stringProperty,
} from './property.ts'

/** The typed view of an `AWS::EC2::NetworkAcl` item; undefined when it does not say its VPC. */
export function networkAclOf(item: ConfigurationItem): NetworkAcl | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  if (vpcId === undefined) return undefined
  return {
    ...networkResourceOf(item, 'NetworkAclId'),
    vpcId,
    isDefault: booleanProperty(configuration, 'IsDefault') ?? false,
    subnetIds: readable(textsProperty(configuration, 'Associations', 'SubnetId'), 'the associations', item),
    entries: readable(convertedList(configuration, 'Entries', entryOf), 'the entries', item),
  }
}

function entryOf(entry: JsonObject): NetworkAclEntry | undefined {
  const traffic = protocolAndPorts(entry, 'Protocol', objectProperty(entry, 'PortRange') ?? {}, ['From', 'To'])
  const ruleNumber = numberProperty(entry, 'RuleNumber')
  const egress = booleanProperty(entry, 'Egress')
  const action = enumProperty(entry, 'RuleAction')?.toLowerCase()
  const range = rangeOf(entry)
  if (!traffic || !range || ruleNumber === undefined || egress === undefined) return undefined
  return action === 'allow' || action === 'deny' ? { ruleNumber, egress, action, ...traffic, ...range } : undefined
}

function rangeOf(entry: JsonObject): Pick<NetworkAclEntry, 'cidr' | 'ipv6Cidr'> | undefined {
  const cidr = stringProperty(entry, 'CidrBlock')
  const ipv6Cidr = stringProperty(entry, 'Ipv6CidrBlock')
  if (cidr !== undefined) return isIpv4Cidr(cidr) ? { cidr, ipv6Cidr: undefined } : undefined
  return ipv6Cidr !== undefined && isIpv6Cidr(ipv6Cidr) ? { cidr: undefined, ipv6Cidr } : undefined
}
