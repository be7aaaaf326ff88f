import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { PeeredVpc, VpcPeering } from './network.ts'
import { networkResourceOf } from './network-resource.ts'
import { enumProperty, objectProperty, property, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::VPCPeeringConnection` item; undefined when it does not say both VPCs. */
export function vpcPeeringOf(item: ConfigurationItem): VpcPeering | undefined {
  const { configuration } = item
  const requester = peeredVpc(objectProperty(configuration, 'RequesterVpcInfo'))
  const accepter = peeredVpc(objectProperty(configuration, 'AccepterVpcInfo'))
  if (requester === undefined || accepter === undefined) return undefined
  return { ...networkResourceOf(item, 'VpcPeeringConnectionId'), requester, accepter, status: statusOf(configuration) }
}

function peeredVpc(info: JsonObject | undefined): PeeredVpc | undefined {
  const vpcId = info && stringProperty(info, 'VpcId')
  if (info === undefined || vpcId === undefined) return undefined
  return { vpcId, ownerId: stringProperty(info, 'OwnerId'), region: stringProperty(info, 'Region') }
}

/** A word, or an object that holds the word beside a message. */
function statusOf(configuration: JsonObject): string | undefined {
  const status = property(configuration, 'Status')
  const code = isJsonObject(status) ? enumProperty(status, 'Code') : undefined
  return (code ?? enumProperty(configuration, 'Status'))?.toLowerCase()
}
