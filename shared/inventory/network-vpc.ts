import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { DhcpOptions, Subnet, Vpc } from './network.ts'
import { isIpv4Cidr, isIpv6Cidr } from './network-cidr.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { optionalTexts } from './network-texts.ts'
import { booleanProperty, enumProperty, listProperty, objectProperty, property, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::VPC` item. */
export function vpcOf(item: ConfigurationItem): Vpc {
  const { configuration } = item
  const associated = associatedCidrs(configuration, 'CidrBlockAssociationSet', 'CidrBlock')
  const cidrs = associated.length > 0 ? associated : [stringProperty(configuration, 'CidrBlock') ?? '']
  return {
    ...networkResourceOf(item, 'VpcId'),
    cidrs: cidrs.every(isIpv4Cidr) ? cidrs : [],
    ipv6Cidrs: ipv6CidrsOf(configuration),
    isDefault: booleanProperty(configuration, 'IsDefault') ?? false,
    dhcpOptionsId: stringProperty(configuration, 'DhcpOptionsId'),
    enableDnsSupport: vpcAttribute(item, 'EnableDnsSupport'),
    enableDnsHostnames: vpcAttribute(item, 'EnableDnsHostnames'),
  }
}

/** The typed view of an `AWS::EC2::Subnet` item; undefined when it does not say its VPC. */
export function subnetOf(item: ConfigurationItem): Subnet | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  if (vpcId === undefined) return undefined
  const stated = stringProperty(configuration, 'CidrBlock')
  const cidr = stated !== undefined && isIpv4Cidr(stated) ? stated : undefined
  const ipv6Cidrs = ipv6CidrsOf(configuration)
  return {
    ...networkResourceOf(item, 'SubnetId'),
    vpcId,
    zone: stringProperty(configuration, 'AvailabilityZone') ?? '',
    cidr,
    ipv6Cidrs,
    mapPublicIpOnLaunch: booleanProperty(configuration, 'MapPublicIpOnLaunch'),
    enableDns64: booleanProperty(configuration, 'EnableDns64'),
    ipv6Native: booleanProperty(configuration, 'Ipv6Native') ?? (stated === undefined && ipv6Cidrs.length > 0),
  }
}

/** The typed view of an `AWS::EC2::DHCPOptions` item. */
export function dhcpOptionsOf(item: ConfigurationItem): DhcpOptions {
  const servers = optionalTexts(item.configuration, 'DomainNameServers', 'Value')
  return {
    ...networkResourceOf(item, 'DhcpOptionsId'),
    domainNameServers: readable(servers, 'the DNS servers', item),
  }
}

/** CIDRs on their way out, or that never came to be, are no part of the network. */
function associatedCidrs(configuration: JsonObject, set: string, name: string): readonly string[] {
  return (listProperty(configuration, set) ?? []).filter(isJsonObject).flatMap((association) => {
    const state = objectProperty(association, `${name}State`)
    const word = state && enumProperty(state, 'State')
    const cidr = stringProperty(association, name)
    return cidr === undefined || (word !== undefined && !/^associat(?:ed|ing)$/i.test(word)) ? [] : [cidr]
  })
}

/** Subnets of CloudFormation name one IPv6 CIDR beside the set. */
function ipv6CidrsOf(configuration: JsonObject): readonly string[] {
  const associated = associatedCidrs(configuration, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock')
  const lone = stringProperty(configuration, 'Ipv6CidrBlock')
  const all = associated.length > 0 || lone === undefined ? associated : [lone]
  return all.filter(isIpv6Cidr)
}

/** AWS Config does not record VPC attributes: `pullpath collect` adds them to the item. */
function vpcAttribute(
  { supplementaryConfiguration, configuration, resourceId }: ConfigurationItem,
  name: string,
): Fact<boolean> {
  const stated = property(supplementaryConfiguration, name) ?? property(configuration, name)
  const value = isJsonObject(stated) ? property(stated, 'Value') : stated
  const label = name.charAt(0).toLowerCase() + name.slice(1)
  return typeof value === 'boolean' ? known(value) : unknown(`${label} of ${resourceId} was not read`)
}
