import { type Fact, known } from '../model/fact.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable } from './network.ts'
import { isCidr } from './network-cidr.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { textsProperty } from './network-texts.ts'
import { convertedList, enumProperty, listProperty, stringProperty } from './property.ts'

/**
 * The typed view of an `AWS::EC2::TransitGatewayAttachment` or `AWS::EC2::TransitGatewayVpcAttachment` item; undefined when it
 * does not say its transit gateway.
 */
export function transitGatewayAttachmentOf(item: ConfigurationItem): TransitGatewayAttachment | undefined {
  const { configuration } = item
  const transitGatewayId = stringProperty(configuration, 'TransitGatewayId')
  if (transitGatewayId === undefined) return undefined
  const common = networkResourceOf(item, 'TransitGatewayAttachmentId')
  return {
    ...common,
    id: stringProperty(configuration, 'Id') ?? common.id,
    transitGatewayId,
    vpcId: attachedVpc(configuration),
    subnetIds: readable(textsProperty(configuration, 'SubnetIds', 'SubnetId'), 'the subnets', item),
    state: enumProperty(configuration, 'State')?.toLowerCase(),
  }
}

/** The typed view of an `AWS::EC2::TransitGatewayRouteTable` item; undefined when it does not say its transit gateway. */
export function transitGatewayRouteTableOf(item: ConfigurationItem): TransitGatewayRouteTable | undefined {
  const { configuration } = item
  const transitGatewayId = stringProperty(configuration, 'TransitGatewayId')
  if (transitGatewayId === undefined) return undefined
  const common = networkResourceOf(item, 'TransitGatewayRouteTableId')
  return {
    ...common,
    id: stringProperty(configuration, 'Id') ?? common.id,
    transitGatewayId,
    routes: listOf(item, 'Routes', routeOf, 'the routes'),
    associations: listOf(item, 'Associations', (one) => memberOf(one, ['associated']), 'the associations'),
    propagations: listOf(item, 'Propagations', (one) => memberOf(one, ['enabled']), 'the propagations'),
  }
}

/** Attachments of other kinds name a VPN, a peer or a Direct Connect gateway as their resource. */
function attachedVpc(configuration: JsonObject): string | undefined {
  const stated = stringProperty(configuration, 'VpcId')
  if (stated !== undefined) return stated
  const isVpc = enumProperty(configuration, 'ResourceType')?.toLowerCase() === 'vpc'
  return isVpc ? stringProperty(configuration, 'ResourceId') : undefined
}

/** AWS Config does not record what a route table holds: `pullpath collect` and other sources add it to the item. */
function listOf<T>(
  item: ConfigurationItem,
  name: string,
  convert: (entry: JsonObject) => T | 'gone' | undefined,
  what: string,
): Fact<readonly T[]> {
  const { supplementaryConfiguration, configuration } = item
  const holder =
    listProperty(supplementaryConfiguration, name) === undefined ? configuration : supplementaryConfiguration
  const entries = convertedList(holder, name, convert)
  if (entries === undefined) return readable<readonly T[]>(undefined, what, item)
  return known(entries.flatMap((entry) => (entry === 'gone' ? [] : [entry])))
}

/** Association and propagation states other than the final one are on their way in or out. */
function memberOf(entry: JsonObject, states: readonly string[]): string | 'gone' | undefined {
  const state = enumProperty(entry, 'State')?.toLowerCase()
  if (state !== undefined && !states.includes(state)) return 'gone'
  return stringProperty(entry, 'TransitGatewayAttachmentId')
}

function routeOf(route: JsonObject): TransitGatewayRoute | 'gone' | undefined {
  const state = enumProperty(route, 'State')?.toLowerCase()
  if (state === 'deleted' || state === 'deleting' || state === 'pending') return 'gone'
  const cidr = stringProperty(route, 'DestinationCidrBlock')
  const prefixListId = stringProperty(route, 'PrefixListId')
  const destination =
    cidr !== undefined && isCidr(cidr) ? { cidr } : prefixListId === undefined ? undefined : { prefixListId }
  const attachmentIds = attachmentsOf(route)
  if (destination === undefined || attachmentIds === undefined) return undefined
  if (state !== 'active' && state !== 'blackhole') return undefined
  if (state === 'active' && attachmentIds.length === 0) return undefined
  const propagated = enumProperty(route, 'Type')?.toLowerCase() === 'propagated'
  return { destination, attachmentIds, origin: propagated ? 'propagated' : 'static', state }
}

function attachmentsOf(route: JsonObject): readonly string[] | undefined {
  const lone = stringProperty(route, 'TransitGatewayAttachmentId')
  if (lone !== undefined) return [lone]
  const ids = (listProperty(route, 'TransitGatewayAttachments') ?? []).map((one) =>
    isJsonObject(one) ? stringProperty(one, 'TransitGatewayAttachmentId') : undefined,
  )
  return ids.every((id) => id !== undefined) ? ids : undefined
}
