import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { InternetGateway, NatGateway } from './network.ts'
import { networkResourceOf } from './network-resource.ts'
import { convertedList, enumProperty, listProperty, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::NatGateway` item; undefined when it does not say its VPC. */
export function natGatewayOf(item: ConfigurationItem): NatGateway | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  if (vpcId === undefined) return undefined
  return {
    ...networkResourceOf(item, 'NatGatewayId'),
    vpcId,
    subnetId: subnetOfNat(item),
    connectivity: connectivityOf(configuration),
    state: enumProperty(configuration, 'State')?.toLowerCase(),
  }
}

/** The typed view of an `AWS::EC2::InternetGateway` item; undefined when it does not say what it is attached to. */
export function internetGatewayOf(item: ConfigurationItem): InternetGateway | undefined {
  return gatewayOf(item, 'InternetGatewayId', false)
}

/** The typed view of an `AWS::EC2::EgressOnlyInternetGateway` item; undefined when it does not say what it is attached to. */
export function egressOnlyInternetGatewayOf(item: ConfigurationItem): InternetGateway | undefined {
  return gatewayOf(item, 'EgressOnlyInternetGatewayId', true)
}

/** Items from before private NAT gateways state no type; only public ones have an elastic address. */
function connectivityOf(configuration: JsonObject): NatGateway['connectivity'] {
  const stated = enumProperty(configuration, 'ConnectivityType')?.toLowerCase()
  if (stated !== undefined) return stated === 'public' || stated === 'private' ? stated : undefined
  const addresses = (listProperty(configuration, 'NatGatewayAddresses') ?? []).filter(isJsonObject)
  return addresses.some((address) => stringProperty(address, 'AllocationId') !== undefined) ? 'public' : undefined
}

function subnetOfNat({ configuration, resourceId }: ConfigurationItem): Fact<string> {
  const subnetId = stringProperty(configuration, 'SubnetId')
  if (subnetId !== undefined) return known(subnetId)
  return enumProperty(configuration, 'AvailabilityMode')?.toLowerCase() === 'regional'
    ? absent()
    : unknown(`the subnet of ${resourceId} is missing`)
}

function gatewayOf(item: ConfigurationItem, idName: string, egressOnly: boolean): InternetGateway | undefined {
  const vpcs = convertedList(item.configuration, 'Attachments', attachedVpc)
  return vpcs && { ...networkResourceOf(item, idName), egressOnly, vpcIds: vpcs.filter((vpcId) => vpcId !== '') }
}

/** Empty for an attachment that is over. */
function attachedVpc(attachment: JsonObject): string | undefined {
  const state = enumProperty(attachment, 'State')?.toLowerCase()
  return state === 'detached' || state === 'detaching' ? '' : stringProperty(attachment, 'VpcId')
}
