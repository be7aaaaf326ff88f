import type { JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { SecurityGroup, SecurityGroupRule } from './network.ts'
import { isIpv4Cidr, isIpv6Cidr } from './network-cidr.ts'
import { protocolAndPorts } from './network-protocol.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { optionalTexts } from './network-texts.ts'
import { convertedList, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::SecurityGroup` item; undefined when it does not say its VPC. */
export function securityGroupOf(item: ConfigurationItem): SecurityGroup | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  if (vpcId === undefined) return undefined
  const rules = (name: string) => convertedList(configuration, name, ruleOf)
  return {
    ...networkResourceOf(item, 'GroupId'),
    name: stringProperty(configuration, 'GroupName') ?? item.resourceName ?? item.resourceId,
    vpcId,
    ingress: readable(rules('IpPermissions'), 'the inbound rules', item),
    egress: readable(rules('IpPermissionsEgress'), 'the outbound rules', item),
  }
}

function ruleOf(permission: JsonObject): SecurityGroupRule | undefined {
  const traffic = protocolAndPorts(permission, 'IpProtocol', permission, ['FromPort', 'ToPort'])
  const cidrs = ipv4Sources(permission)
  const ipv6Cidrs = optionalTexts(permission, 'Ipv6Ranges', 'CidrIpv6')
  const prefixListIds = optionalTexts(permission, 'PrefixListIds', 'PrefixListId')
  const groupIds = optionalTexts(permission, 'UserIdGroupPairs', 'GroupId')
  if (!traffic || !cidrs || !ipv6Cidrs || !prefixListIds || !groupIds) return undefined
  if (!cidrs.every(isIpv4Cidr) || !ipv6Cidrs.every(isIpv6Cidr)) return undefined
  return { ...traffic, cidrs, ipv6Cidrs, prefixListIds, groupIds }
}

/** AWS Config states the same ranges twice: as texts in `ipRanges`, as objects in `ipv4Ranges`. */
function ipv4Sources(permission: JsonObject): readonly string[] | undefined {
  const texts = optionalTexts(permission, 'IpRanges', 'CidrIp')
  const objects = optionalTexts(permission, 'Ipv4Ranges', 'CidrIp')
  return texts && objects && [...new Set([...texts, ...objects])]
}
