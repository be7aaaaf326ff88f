import { unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import { lazily } from './lazily.ts'
import { scopeKey } from './listings.ts'
import type { NetworkInventory, NetworkType } from './network.ts'
import { networkAclOf } from './network-acl.ts'
import { blockPublicAccessOf } from './network-block-public-access.ts'
import { byId } from './network-by-id.ts'
import { dnsProfilesOf, profileAssociationOf } from './network-dns-profile.ts'
import { vpcEndpointOf } from './network-endpoint.ts'
import { egressOnlyInternetGatewayOf, internetGatewayOf, natGatewayOf } from './network-gateways.ts'
import { hostedZoneOf } from './network-hosted-zone.ts'
import { networkInterfaceOf } from './network-interface.ts'
import { vpcPeeringOf } from './network-peering.ts'
import { prefixListOf } from './network-prefix-list.ts'
import { routeTableOf } from './network-route-table.ts'
import { securityGroupOf } from './network-security-group.ts'
import { transitGatewayAttachmentOf, transitGatewayRouteTableOf } from './network-transit.ts'
import { dhcpOptionsOf, subnetOf, vpcOf } from './network-vpc.ts'

/** What the network side is made from. */
type Ground = Pick<Inventory, 'scopes' | 'items' | 'listing'>

/** The network side of an inventory; each list is made when it is first asked for. */
export function networkInventoryOf(ground: Ground): NetworkInventory {
  const views = viewsOf(ground.items)
  const lists = lazily({
    ...listMakers(views),
    dnsProfiles: () => dnsProfilesOf(ground),
  })
  const find = lazily({ vpcs: () => byId(lists.vpcs), subnets: () => byId(lists.subnets) })
  const answers: Omit<NetworkInventory, keyof typeof lists> = {
    listing: listingOfPlaced(ground, views),
    vpc: (id) => find.vpcs.get(id),
    subnet: (id) => find.subnets.get(id),
    blockPublicAccess: (accountId, region) => blockPublicAccessOf({ accountId, region }, ground.listing),
  }
  return Object.freeze(Object.assign(lists, answers))
}

/** What became of the items of a type: the views of those that can be placed, and per scope one that cannot. */
interface Placed<T> {
  readonly views: readonly T[]
  readonly unplaced: ReadonlyMap<string, ConfigurationItem>
}

type Views = ReturnType<typeof viewsOf>

function viewsOf(items: Inventory['items']) {
  const all =
    <T>(type: NetworkType, view: (item: ConfigurationItem) => T | undefined) =>
    (): Placed<T> =>
      placedOf(items(type), view)
  return lazily({
    'AWS::EC2::VPC': all('AWS::EC2::VPC', vpcOf),
    'AWS::EC2::Subnet': all('AWS::EC2::Subnet', subnetOf),
    'AWS::EC2::RouteTable': all('AWS::EC2::RouteTable', routeTableOf),
    'AWS::EC2::SecurityGroup': all('AWS::EC2::SecurityGroup', securityGroupOf),
    'AWS::EC2::NetworkAcl': all('AWS::EC2::NetworkAcl', networkAclOf),
    'AWS::EC2::VPCEndpoint': all('AWS::EC2::VPCEndpoint', vpcEndpointOf),
    'AWS::EC2::NatGateway': all('AWS::EC2::NatGateway', natGatewayOf),
    'AWS::EC2::InternetGateway': all('AWS::EC2::InternetGateway', internetGatewayOf),
    'AWS::EC2::EgressOnlyInternetGateway': all('AWS::EC2::EgressOnlyInternetGateway', egressOnlyInternetGatewayOf),
    'AWS::EC2::DHCPOptions': all('AWS::EC2::DHCPOptions', dhcpOptionsOf),
    'AWS::EC2::PrefixList': all('AWS::EC2::PrefixList', prefixListOf),
    'AWS::EC2::NetworkInterface': all('AWS::EC2::NetworkInterface', networkInterfaceOf),
    'AWS::EC2::TransitGatewayAttachment': all('AWS::EC2::TransitGatewayAttachment', transitGatewayAttachmentOf),
    'AWS::EC2::TransitGatewayVpcAttachment': all('AWS::EC2::TransitGatewayVpcAttachment', transitGatewayAttachmentOf),
    'AWS::EC2::TransitGatewayRouteTable': all('AWS::EC2::TransitGatewayRouteTable', transitGatewayRouteTableOf),
    'AWS::EC2::VPCPeeringConnection': all('AWS::EC2::VPCPeeringConnection', vpcPeeringOf),
    'AWS::Route53::HostedZone': all('AWS::Route53::HostedZone', hostedZoneOf),
    'AWS::Route53Profiles::ProfileAssociation': all('AWS::Route53Profiles::ProfileAssociation', profileAssociationOf),
  } satisfies Record<NetworkType, () => unknown>)
}

function listMakers(views: Views) {
  return {
    vpcs: () => views['AWS::EC2::VPC'].views,
    subnets: () => views['AWS::EC2::Subnet'].views,
    routeTables: () => views['AWS::EC2::RouteTable'].views,
    securityGroups: () => views['AWS::EC2::SecurityGroup'].views,
    networkAcls: () => views['AWS::EC2::NetworkAcl'].views,
    vpcEndpoints: () => views['AWS::EC2::VPCEndpoint'].views,
    natGateways: () => views['AWS::EC2::NatGateway'].views,
    internetGateways: () => [
      ...views['AWS::EC2::InternetGateway'].views,
      ...views['AWS::EC2::EgressOnlyInternetGateway'].views,
    ],
    dhcpOptions: () => views['AWS::EC2::DHCPOptions'].views,
    prefixLists: () => views['AWS::EC2::PrefixList'].views,
    networkInterfaces: () => views['AWS::EC2::NetworkInterface'].views,
    transitGatewayAttachments: () => [
      ...views['AWS::EC2::TransitGatewayAttachment'].views,
      ...views['AWS::EC2::TransitGatewayVpcAttachment'].views,
    ],
    transitGatewayRouteTables: () => views['AWS::EC2::TransitGatewayRouteTable'].views,
    vpcPeerings: () => views['AWS::EC2::VPCPeeringConnection'].views,
    hostedZones: () => views['AWS::Route53::HostedZone'].views,
  }
}

function placedOf<T>(items: readonly ConfigurationItem[], view: (item: ConfigurationItem) => T | undefined): Placed<T> {
  const views: T[] = []
  const unplaced = new Map<string, ConfigurationItem>()
  for (const item of items) {
    const made = view(item)
    if (made === undefined) unplaced.set(scopeKey(item), item)
    else views.push(made)
  }
  return { views, unplaced }
}

/** A resource that does not say where it belongs may belong anywhere: then nobody can say that there is none. */
function listingOfPlaced({ scopes, listing }: Ground, views: Views): NetworkInventory['listing'] {
  return (type, scope) => {
    const asked = type === 'AWS::Route53::HostedZone' ? regionsOf(scope, scopes) : [scope]
    const lost = asked.map((one) => views[type].unplaced.get(scopeKey(one))).find((item) => item !== undefined)
    if (lost !== undefined) return unknown(`${type} ${lost.resourceId} does not say what it belongs to`)
    const facts = asked.map((one) => listing(type, one))
    const complete = facts.find(({ state }) => state === 'known') ?? facts.find(({ state }) => state === 'absent')
    return complete ?? listing(type, scope)
  }
}

/** Hosted zones belong to no region: their items may be in the files of any. */
function regionsOf(scope: Scope, scopes: readonly Scope[]): readonly Scope[] {
  return [scope, ...scopes.filter(({ accountId, region }) => accountId === scope.accountId && region !== scope.region)]
}
