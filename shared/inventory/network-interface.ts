import type { JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { NetworkInterface } from './network.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { textsProperty } from './network-texts.ts'
import { objectProperty, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::NetworkInterface` item; undefined when it does not say its subnet and VPC. */
export function networkInterfaceOf(item: ConfigurationItem): NetworkInterface | undefined {
  const { configuration } = item
  const subnetId = stringProperty(configuration, 'SubnetId')
  const vpcId = stringProperty(configuration, 'VpcId')
  if (subnetId === undefined || vpcId === undefined) return undefined
  return {
    ...networkResourceOf(item, 'NetworkInterfaceId'),
    subnetId,
    vpcId,
    groupIds: readable(textsProperty(configuration, 'Groups', 'GroupId'), 'the security groups', item),
    publicIp: publicIpOf(configuration),
  }
}

function publicIpOf(configuration: JsonObject): string | undefined {
  const association = objectProperty(configuration, 'Association')
  return association && stringProperty(association, 'PublicIp')
}
