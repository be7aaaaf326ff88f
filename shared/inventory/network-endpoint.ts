import { type Fact, known, unknown } from '../model/fact.ts'
import type { JsonObject } from '../model/json.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { VpcEndpoint } from './network.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { textsProperty } from './network-texts.ts'
import { policySource } from './policy-source.ts'
import { booleanProperty, enumProperty, listProperty, objectProperty, property, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::VPCEndpoint` item; undefined when it does not say its VPC or its service. */
export function vpcEndpointOf(item: ConfigurationItem): VpcEndpoint | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  const serviceName = stringProperty(configuration, 'ServiceName')
  if (vpcId === undefined || serviceName === undefined) return undefined
  const type = typeOf(configuration)
  return {
    ...networkResourceOf(item, 'VpcEndpointId'),
    type,
    vpcId,
    serviceName: serviceName.toLowerCase(),
    serviceRegion: stringProperty(configuration, 'ServiceRegion'),
    state: enumProperty(configuration, 'State')?.toLowerCase(),
    ...attachmentsOf(item, type),
    privateDnsOnlyForInboundResolver: inboundResolverOnly(item),
    policy: policyOf(item),
    ipAddressType: enumProperty(configuration, 'IpAddressType')?.toLowerCase(),
  }
}

/** Without a stated type the properties tell: only gateway endpoints have route tables. */
function typeOf(configuration: JsonObject): VpcEndpoint['type'] {
  const stated = enumProperty(configuration, 'VpcEndpointType')?.toLowerCase()
  if (stated === undefined)
    return (listProperty(configuration, 'RouteTableIds') ?? []).length > 0 ? 'Gateway' : 'Interface'
  return types.get(stated) ?? 'other'
}

const types: ReadonlyMap<string, VpcEndpoint['type']> = new Map([
  ['interface', 'Interface'],
  ['gateway', 'Gateway'],
  ['gatewayloadbalancer', 'GatewayLoadBalancer'],
])

type Attachments = Pick<VpcEndpoint, 'subnetIds' | 'groupIds' | 'routeTableIds' | 'privateDnsEnabled'>

/** Gateway endpoints have route tables, the others network interfaces: what a type cannot have need not be stated. */
function attachmentsOf(item: ConfigurationItem, type: VpcEndpoint['type']): Attachments {
  const { configuration } = item
  const gateway = type === 'Gateway'
  const list = (name: string, inner: string, possible: boolean, what: string) =>
    readable(textsProperty(configuration, name, inner) ?? (possible ? undefined : []), what, item)
  const privateDns = booleanProperty(configuration, 'PrivateDnsEnabled') ?? (gateway ? false : undefined)
  const groups = listProperty(configuration, 'Groups') === undefined ? 'SecurityGroupIds' : 'Groups'
  return {
    subnetIds: list('SubnetIds', 'SubnetId', !gateway, 'the subnets'),
    groupIds: list(groups, 'GroupId', !gateway, 'the security groups'),
    routeTableIds: list('RouteTableIds', 'RouteTableId', gateway, 'the route tables'),
    privateDnsEnabled:
      privateDns === undefined ? unknown(`whether ${item.resourceId} has private DNS was not read`) : known(privateDns),
  }
}

function inboundResolverOnly({ configuration, resourceId }: ConfigurationItem): Fact<boolean> {
  const options = objectProperty(configuration, 'DnsOptions')
  const stated = options && booleanProperty(options, 'PrivateDnsOnlyForInboundResolverEndpoint')
  return stated === undefined
    ? unknown(`whether private DNS of ${resourceId} is for inbound resolver endpoints only was not read`)
    : known(stated)
}

function policyOf(item: ConfigurationItem): Fact<PolicySource> {
  const { configuration, supplementaryConfiguration, resourceId } = item
  const stated = property(configuration, 'PolicyDocument')
  const document = stated === undefined ? property(supplementaryConfiguration, 'PolicyDocument') : stated
  const where = `the policy of ${resourceId}`
  return document === undefined ? unknown(`${where} was not read`) : policySource(document, where)
}
