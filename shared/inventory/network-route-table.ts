import type { JsonObject } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Route, RouteTable, RouteTableAssociations, RouteTarget } from './network.ts'
import { isCidr } from './network-cidr.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { booleanProperty, convertedList, enumProperty, objectProperty, stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::RouteTable` item; undefined when it does not say its VPC. */
export function routeTableOf(item: ConfigurationItem): RouteTable | undefined {
  const { configuration } = item
  const vpcId = stringProperty(configuration, 'VpcId')
  if (vpcId === undefined) return undefined
  const routes = convertedList(configuration, 'Routes', routeOf)?.flatMap((route) =>
    route === 'filtered' ? [] : [route],
  )
  return {
    ...networkResourceOf(item, 'RouteTableId'),
    vpcId,
    associations: readable(associationsOf(configuration), 'the associations', item),
    routes: readable(routes, 'the routes', item),
  }
}

interface Association {
  readonly main: boolean
  readonly subnetId: string | undefined
  readonly gatewayId: string | undefined
}

function associationsOf(configuration: JsonObject): RouteTableAssociations | undefined {
  const live = convertedList(configuration, 'Associations', associationOf)?.filter((one) => one !== 'gone')
  return (
    live && {
      isMain: live.some((one) => one.main),
      subnetIds: live.flatMap(({ subnetId }) => subnetId ?? []),
      gatewayIds: live.flatMap(({ gatewayId }) => gatewayId ?? []),
    }
  )
}

function associationOf(association: JsonObject): Association | 'gone' | undefined {
  const state = objectProperty(association, 'AssociationState')
  const word = (state && enumProperty(state, 'State'))?.toLowerCase()
  if (word === 'disassociated' || word === 'disassociating' || word === 'failed') return 'gone'
  const main = booleanProperty(association, 'Main') ?? false
  const subnetId = stringProperty(association, 'SubnetId')
  const gatewayId = stringProperty(association, 'GatewayId')
  return main || subnetId !== undefined || gatewayId !== undefined ? { main, subnetId, gatewayId } : undefined
}

/** A filtered route was offered by a route server and not taken: it is not in force. */
function routeOf(route: JsonObject): Route | 'filtered' | undefined {
  const destination = destinationOf(route)
  const state = enumProperty(route, 'State')?.toLowerCase()
  if (state === 'filtered') return 'filtered'
  if (destination === undefined || (state !== 'active' && state !== 'blackhole')) return undefined
  return { destination, target: targetOf(route), state }
}

function destinationOf(route: JsonObject): Route['destination'] | undefined {
  const prefixListId = stringProperty(route, 'DestinationPrefixListId')
  if (prefixListId !== undefined) return { prefixListId }
  const cidr = stringProperty(route, 'DestinationCidrBlock') ?? stringProperty(route, 'DestinationIpv6CidrBlock')
  return cidr !== undefined && isCidr(cidr) ? { cidr } : undefined
}

function targetOf(route: JsonObject): RouteTarget {
  for (const [name, kind] of targets) {
    const id = stringProperty(route, name)
    if (id !== undefined) return { kind: kind === 'gateway' ? gatewayKind(id) : kind, id }
  }
  return { kind: 'unknown', id: '' }
}

/** In the order they decide: a route to an instance names its network interface too. */
const targets: readonly (readonly [string, RouteTarget['kind'] | 'gateway'])[] = [
  ['GatewayId', 'gateway'],
  ['NatGatewayId', 'natGateway'],
  ['VpcEndpointId', 'vpcEndpoint'],
  ['TransitGatewayId', 'transitGateway'],
  ['VpcPeeringConnectionId', 'vpcPeering'],
  ['EgressOnlyInternetGatewayId', 'egressOnlyInternetGateway'],
  ['InstanceId', 'instance'],
  ['NetworkInterfaceId', 'networkInterface'],
  ['CarrierGatewayId', 'carrierGateway'],
  ['LocalGatewayId', 'localGateway'],
  ['CoreNetworkArn', 'coreNetwork'],
]

function gatewayKind(id: string): RouteTarget['kind'] {
  if (id === 'local') return 'local'
  const prefix = id.slice(0, id.indexOf('-'))
  return gatewayKinds.get(prefix) ?? 'unknown'
}

const gatewayKinds: ReadonlyMap<string, RouteTarget['kind']> = new Map([
  ['igw', 'internetGateway'],
  ['eigw', 'egressOnlyInternetGateway'],
  ['vgw', 'virtualPrivateGateway'],
  ['vpce', 'vpcEndpoint'],
  ['nat', 'natGateway'],
  ['tgw', 'transitGateway'],
  ['cagw', 'carrierGateway'],
  ['lgw', 'localGateway'],
])
