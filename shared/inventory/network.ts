import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { InventoryResource } from './inventory.ts'

/** What every part of a network has. A shared one has an item in the files of each account that sees it. */
export interface NetworkResource extends InventoryResource {
  /** `vpc-…`, `subnet-…`, `sg-…`, … */
  readonly id: string
  /** The account that owns it; `AWS` for prefix lists of AWS. The reference's account is the one whose files hold the item. */
  readonly ownerId: string
}

/** `AWS::EC2::VPC`. */
export interface Vpc extends NetworkResource {
  /** IPv4 CIDRs that are associated. Every VPC has one: an empty list means that they are not stated. */
  readonly cidrs: readonly string[]
  readonly ipv6Cidrs: readonly string[]
  readonly isDefault: boolean
  /** `dopt-…` or `default`. */
  readonly dhcpOptionsId: string | undefined
  /** Unknown when the source did not read VPC attributes (AWS Config does not record them). */
  readonly enableDnsSupport: Fact<boolean>
  readonly enableDnsHostnames: Fact<boolean>
}

/** `AWS::EC2::Subnet`. The reference's account is the one whose files named it: a participant sees shared subnets too. */
export interface Subnet extends NetworkResource {
  readonly vpcId: string
  readonly zone: string
  readonly cidr: string | undefined
  readonly ipv6Cidrs: readonly string[]
  /** Undefined when not stated. */
  readonly mapPublicIpOnLaunch: boolean | undefined
  /** Undefined when not stated. */
  readonly enableDns64: boolean | undefined
  /** IPv6 only: stated, or no IPv4 CIDR and some IPv6 CIDR. */
  readonly ipv6Native: boolean
}

/** `AWS::EC2::RouteTable`. */
export interface RouteTable extends NetworkResource {
  readonly vpcId: string
  /** Unknown: it may be the table of any subnet of the VPC. */
  readonly associations: Fact<RouteTableAssociations>
  /** Unknown when not stated or when any route cannot be read; never absent. */
  readonly routes: Fact<readonly Route[]>
}

/** What a route table is attached to. */
export interface RouteTableAssociations {
  readonly isMain: boolean
  /** Explicitly associated subnets. */
  readonly subnetIds: readonly string[]
  /** Gateways whose incoming traffic it routes. */
  readonly gatewayIds: readonly string[]
}

/** A route; `blackhole` routes drop what they match. */
export interface Route {
  readonly destination: { readonly cidr: string } | { readonly prefixListId: string }
  readonly target: RouteTarget
  readonly state: 'active' | 'blackhole'
}

/** Where a route leads. */
export interface RouteTarget {
  readonly kind:
    | 'local'
    | 'internetGateway'
    | 'egressOnlyInternetGateway'
    | 'natGateway'
    | 'vpcEndpoint'
    | 'transitGateway'
    | 'vpcPeering'
    | 'virtualPrivateGateway'
    | 'networkInterface'
    | 'instance'
    | 'carrierGateway'
    | 'localGateway'
    | 'coreNetwork'
    | 'unknown'
  /** `nat-…`, `igw-…`, `vpce-…`, …; `local` for the VPC itself. */
  readonly id: string
}

/** `AWS::EC2::SecurityGroup`. */
export interface SecurityGroup extends NetworkResource {
  /** `default` for the group every VPC is born with. */
  readonly name: string
  readonly vpcId: string
  /** An empty list lets nothing in. Unknown when not stated or when any rule cannot be read; never absent. */
  readonly ingress: Fact<readonly SecurityGroupRule[]>
  /** An empty list lets nothing out. Unknown as `ingress`. */
  readonly egress: Fact<readonly SecurityGroupRule[]>
}

/** One permission of a security group. */
export interface SecurityGroupRule {
  /** `all`, `tcp`, `udp`, `icmp`, `icmpv6` or a protocol number. */
  readonly protocol: string
  /** Undefined with protocol `all` and with protocols without ports; always there for `tcp` and `udp`. */
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
  readonly cidrs: readonly string[]
  readonly ipv6Cidrs: readonly string[]
  readonly prefixListIds: readonly string[]
  readonly groupIds: readonly string[]
}

/** `AWS::EC2::NetworkAcl`. */
export interface NetworkAcl extends NetworkResource {
  readonly vpcId: string
  readonly isDefault: boolean
  /** Unknown: it may be the list of any subnet of the VPC. Never absent. */
  readonly subnetIds: Fact<readonly string[]>
  /**
   * In any order; evaluated by rule number, first match decides, no match denies.
   * Unknown when not stated or when any entry cannot be read; never absent.
   */
  readonly entries: Fact<readonly NetworkAclEntry[]>
}

/** One rule of a network ACL. */
export interface NetworkAclEntry {
  readonly ruleNumber: number
  readonly egress: boolean
  readonly action: 'allow' | 'deny'
  /** Protocol and ports as in `SecurityGroupRule`. */
  readonly protocol: string
  readonly cidr: string | undefined
  readonly ipv6Cidr: string | undefined
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
}

/** `AWS::EC2::VPCEndpoint`. */
export interface VpcEndpoint extends NetworkResource {
  readonly type: 'Interface' | 'Gateway' | 'GatewayLoadBalancer' | 'other'
  readonly vpcId: string
  /** `com.amazonaws.eu-central-1.ecr.dkr`. */
  readonly serviceName: string
  /** Undefined: the VPC's own region. */
  readonly serviceRegion: string | undefined
  /** Lower case: `available`, `pendingacceptance`, …; undefined when not stated. */
  readonly state: string | undefined
  /** Known and empty for gateway endpoints. Never absent. */
  readonly subnetIds: Fact<readonly string[]>
  /** Known and empty for gateway endpoints. Never absent. */
  readonly groupIds: Fact<readonly string[]>
  /** Known false for gateway endpoints. Never absent. */
  readonly privateDnsEnabled: Fact<boolean>
  /** S3 interface endpoints: private DNS serves inbound resolver endpoints only (AWS's default). Unknown when not stated. */
  readonly privateDnsOnlyForInboundResolver: Fact<boolean>
  /** Known and empty for interface endpoints. Never absent. */
  readonly routeTableIds: Fact<readonly string[]>
  /** Absent when the item states that there is none: full access. Unknown when the item says nothing of a policy. */
  readonly policy: Fact<PolicySource>
  /** `ipv4`, `ipv6`, `dualstack`. */
  readonly ipAddressType: string | undefined
}

/** `AWS::EC2::NatGateway`. */
export interface NatGateway extends NetworkResource {
  readonly vpcId: string
  /** Absent: a regional NAT gateway, which lies in no subnet. */
  readonly subnetId: Fact<string>
  /** Undefined when not stated. */
  readonly connectivity: 'public' | 'private' | undefined
  /** Lower case; undefined when not stated. */
  readonly state: string | undefined
}

/** `AWS::EC2::InternetGateway` and `AWS::EC2::EgressOnlyInternetGateway`. */
export interface InternetGateway extends NetworkResource {
  readonly egressOnly: boolean
  /** VPCs it is attached to. */
  readonly vpcIds: readonly string[]
}

/** `AWS::EC2::DHCPOptions`. */
export interface DhcpOptions extends NetworkResource {
  /** `AmazonProvidedDNS` or addresses; empty when the options name none. Unknown when unreadable; never absent. */
  readonly domainNameServers: Fact<readonly string[]>
}

/** `AWS::EC2::PrefixList`, AWS's own included. */
export interface PrefixList extends NetworkResource {
  /** `com.amazonaws.eu-central-1.s3`; empty when not stated. */
  readonly name: string
  /** Unknown when the entries were not read. Never absent. */
  readonly cidrs: Fact<readonly string[]>
}

/** `AWS::EC2::NetworkInterface`. */
export interface NetworkInterface extends NetworkResource {
  readonly subnetId: string
  readonly vpcId: string
  /** Unknown when not stated. Never absent. */
  readonly groupIds: Fact<readonly string[]>
  /** Undefined: it has none. */
  readonly publicIp: string | undefined
}

/** `AWS::EC2::VPCBlockPublicAccessOptions` of an account and region. */
export interface BlockPublicAccess {
  /** Lower case: `off`, `block-bidirectional`, `block-ingress`. */
  readonly mode: string
  /** Known and possibly empty, or unknown; never absent. */
  readonly exclusions: Fact<readonly BlockPublicAccessExclusion[]>
}

/** A VPC or a subnet that Block Public Access leaves alone. */
export interface BlockPublicAccessExclusion {
  readonly vpcId: string | undefined
  readonly subnetId: string | undefined
  /** Lower case: `allow-bidirectional`, `allow-egress`. */
  readonly mode: string
}

/** `AWS::Route53::HostedZone`. */
export interface HostedZone extends InventoryResource {
  readonly id: string
  /** Without the final dot, lower case. */
  readonly name: string
  readonly isPrivate: boolean
  readonly vpcs: readonly { readonly vpcId: string; readonly region: string | undefined }[]
  /** Unknown when the records were not read. */
  readonly records: Fact<readonly HostedZoneRecord[]>
}

/** One record set. */
export interface HostedZoneRecord {
  /** Without the final dot, lower case; a leading `*` stands for `\052`. */
  readonly name: string
  readonly type: string
  /** The alias target's DNS name, or the record's values; host names in lower case without the final dot. */
  readonly values: readonly string[]
}

/** A Route 53 Profile's association with a VPC and the resources it carries. */
export interface DnsProfile {
  readonly profileId: string
  readonly vpcIds: readonly string[]
  /** ARNs of hosted zones, endpoints, resolver rules. Unknown when not read. */
  readonly resourceArns: Fact<readonly string[]>
}

/**
 * `AWS::EC2::TransitGatewayAttachment` or `AWS::EC2::TransitGatewayVpcAttachment`. Both the account of the VPC and that of the
 * transit gateway may hold an item; the second one's knows no subnets.
 */
export interface TransitGatewayAttachment extends NetworkResource {
  readonly transitGatewayId: string
  /** Undefined for attachments of VPNs, peers and Direct Connect gateways. */
  readonly vpcId: string | undefined
  /** The subnets that hold its network interfaces, one per zone at most. Unknown when not stated; never absent. */
  readonly subnetIds: Fact<readonly string[]>
  /** Lower case: `available`, `pendingacceptance`, …; undefined when not stated (AWS Config does not record it). */
  readonly state: string | undefined
}

/** `AWS::EC2::TransitGatewayRouteTable`. */
export interface TransitGatewayRouteTable extends NetworkResource {
  readonly transitGatewayId: string
  /** Unknown when not read or when any route cannot be read; never absent. */
  readonly routes: Fact<readonly TransitGatewayRoute[]>
  /** Ids of the attachments whose traffic it routes. Unknown when not read; never absent. */
  readonly associations: Fact<readonly string[]>
  /** Ids of the attachments that bring their CIDRs as routes. Unknown when not read; never absent. */
  readonly propagations: Fact<readonly string[]>
}

/** A route of a transit gateway; `blackhole` routes drop what they match. */
export interface TransitGatewayRoute {
  readonly destination: { readonly cidr: string } | { readonly prefixListId: string }
  /** At least one, unless it is a blackhole. */
  readonly attachmentIds: readonly string[]
  readonly origin: 'static' | 'propagated'
  readonly state: 'active' | 'blackhole'
}

/** `AWS::EC2::VPCPeeringConnection`. */
export interface VpcPeering extends NetworkResource {
  readonly requester: PeeredVpc
  readonly accepter: PeeredVpc
  /** Lower case: `active`, `pending-acceptance`, `deleted`, …; undefined when not stated. */
  readonly status: string | undefined
}

/** One side of a peering. */
export interface PeeredVpc {
  readonly vpcId: string
  readonly ownerId: string | undefined
  readonly region: string | undefined
}

/** Types the network side of an inventory is made of. */
export type NetworkType =
  | 'AWS::EC2::VPC'
  | 'AWS::EC2::Subnet'
  | 'AWS::EC2::RouteTable'
  | 'AWS::EC2::SecurityGroup'
  | 'AWS::EC2::NetworkAcl'
  | 'AWS::EC2::VPCEndpoint'
  | 'AWS::EC2::NatGateway'
  | 'AWS::EC2::InternetGateway'
  | 'AWS::EC2::EgressOnlyInternetGateway'
  | 'AWS::EC2::DHCPOptions'
  | 'AWS::EC2::PrefixList'
  | 'AWS::EC2::NetworkInterface'
  | 'AWS::EC2::TransitGatewayAttachment'
  | 'AWS::EC2::TransitGatewayVpcAttachment'
  | 'AWS::EC2::TransitGatewayRouteTable'
  | 'AWS::EC2::VPCPeeringConnection'
  | 'AWS::Route53::HostedZone'
  | 'AWS::Route53Profiles::ProfileAssociation'

/**
 * The network side of an inventory; each list is made on first access. An item that does not say where it belongs (a subnet
 * without a VPC, an endpoint without a service) is in no list; it makes the listing of its type unknown instead.
 */
export interface NetworkInventory {
  readonly vpcs: readonly Vpc[]
  readonly subnets: readonly Subnet[]
  readonly routeTables: readonly RouteTable[]
  readonly securityGroups: readonly SecurityGroup[]
  readonly networkAcls: readonly NetworkAcl[]
  readonly vpcEndpoints: readonly VpcEndpoint[]
  readonly natGateways: readonly NatGateway[]
  readonly internetGateways: readonly InternetGateway[]
  readonly dhcpOptions: readonly DhcpOptions[]
  readonly prefixLists: readonly PrefixList[]
  readonly networkInterfaces: readonly NetworkInterface[]
  readonly hostedZones: readonly HostedZone[]
  readonly dnsProfiles: readonly DnsProfile[]
  readonly transitGatewayAttachments: readonly TransitGatewayAttachment[]
  readonly transitGatewayRouteTables: readonly TransitGatewayRouteTable[]
  readonly vpcPeerings: readonly VpcPeering[]
  /**
   * Like `Inventory.listing`, and unknown also when an item of the type cannot be placed. Ask this before "there is none".
   * Hosted zones belong to no region: whichever region's listing of the account is complete answers.
   */
  listing(resourceType: NetworkType, scope: Scope): Fact<readonly ConfigurationItem[]>
  /** The VPC with this id, by the item of the account that owns it when there is one. */
  vpc(id: string): Vpc | undefined
  /** The subnet with this id, by the item of the account that owns it when there is one. */
  subnet(id: string): Subnet | undefined
  /** Absent: never switched on. Unknown when not read. */
  blockPublicAccess(accountId: string, region: string): Fact<BlockPublicAccess>
}
