import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::EC2::VPC`. */
export interface Vpc extends InventoryResource {
  /** `vpc-…`. */
  readonly id: string
  /** IPv4 CIDRs that are associated. */
  readonly cidrs: readonly string[]
  readonly ipv6Cidrs: readonly string[]
  readonly isDefault: boolean
  readonly ownerId: string
  /** `dopt-…` or `default`. */
  readonly dhcpOptionsId: string | undefined
  /** Unknown when the source did not read VPC attributes (AWS Config does not record them). */
  readonly enableDnsSupport: Fact<boolean>
  readonly enableDnsHostnames: Fact<boolean>
}

/** `AWS::EC2::Subnet`. The reference's account is the one whose files named it: a participant sees shared subnets too. */
export interface Subnet extends InventoryResource {
  /** `subnet-…`. */
  readonly id: string
  readonly vpcId: string
  readonly zone: string
  readonly cidr: string | undefined
  readonly ipv6Cidrs: readonly string[]
  readonly mapPublicIpOnLaunch: boolean
  readonly enableDns64: boolean
  readonly ipv6Native: boolean
  readonly ownerId: string
}

/** `AWS::EC2::RouteTable`. */
export interface RouteTable extends InventoryResource {
  readonly id: string
  readonly vpcId: string
  readonly isMain: boolean
  /** Explicitly associated subnets. */
  readonly subnetIds: readonly string[]
  readonly routes: readonly Route[]
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
export interface SecurityGroup extends InventoryResource {
  /** `sg-…`. */
  readonly id: string
  readonly name: string
  readonly vpcId: string
  readonly ingress: readonly SecurityGroupRule[]
  readonly egress: readonly SecurityGroupRule[]
}

/** One permission of a security group. */
export interface SecurityGroupRule {
  /** `all`, `tcp`, `udp`, `icmp`, `icmpv6` or a protocol number. */
  readonly protocol: string
  /** Undefined with protocol `all` and for every port. */
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
  readonly cidrs: readonly string[]
  readonly ipv6Cidrs: readonly string[]
  readonly prefixListIds: readonly string[]
  readonly groupIds: readonly string[]
}

/** `AWS::EC2::NetworkAcl`. */
export interface NetworkAcl extends InventoryResource {
  readonly id: string
  readonly vpcId: string
  readonly isDefault: boolean
  readonly subnetIds: readonly string[]
  /** In any order; evaluated by rule number, first match decides, no match denies. */
  readonly entries: readonly NetworkAclEntry[]
}

/** One rule of a network ACL. */
export interface NetworkAclEntry {
  readonly ruleNumber: number
  readonly egress: boolean
  readonly action: 'allow' | 'deny'
  /** As in `SecurityGroupRule`. */
  readonly protocol: string
  readonly cidr: string | undefined
  readonly ipv6Cidr: string | undefined
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
}

/** `AWS::EC2::VPCEndpoint`. */
export interface VpcEndpoint extends InventoryResource {
  /** `vpce-…`. */
  readonly id: string
  readonly type: 'Interface' | 'Gateway' | 'GatewayLoadBalancer' | 'other'
  readonly vpcId: string
  /** `com.amazonaws.eu-central-1.ecr.dkr`. */
  readonly serviceName: string
  /** Undefined: the VPC's own region. */
  readonly serviceRegion: string | undefined
  /** Lower case: `available`, `pendingacceptance`, … */
  readonly state: string
  readonly subnetIds: readonly string[]
  readonly groupIds: readonly string[]
  readonly privateDnsEnabled: boolean
  /** S3 interface endpoints: private DNS serves inbound resolver endpoints only (AWS's default). Unknown when not stated. */
  readonly privateDnsOnlyForInboundResolver: Fact<boolean>
  readonly routeTableIds: readonly string[]
  /** Absent: full access. */
  readonly policy: Fact<PolicySource>
  readonly ownerId: string | undefined
  /** `ipv4`, `ipv6`, `dualstack`. */
  readonly ipAddressType: string | undefined
}

/** `AWS::EC2::NatGateway`. */
export interface NatGateway extends InventoryResource {
  readonly id: string
  readonly vpcId: string
  readonly subnetId: string
  readonly connectivity: 'public' | 'private'
  /** Lower case. */
  readonly state: string
}

/** `AWS::EC2::InternetGateway` and `AWS::EC2::EgressOnlyInternetGateway`. */
export interface InternetGateway extends InventoryResource {
  readonly id: string
  readonly egressOnly: boolean
  readonly vpcIds: readonly string[]
}

/** `AWS::EC2::DHCPOptions`. */
export interface DhcpOptions extends InventoryResource {
  readonly id: string
  /** `AmazonProvidedDNS` or addresses; empty means AmazonProvidedDNS. */
  readonly domainNameServers: readonly string[]
}

/** `AWS::EC2::PrefixList`, AWS's own included. */
export interface PrefixList extends InventoryResource {
  readonly id: string
  /** `com.amazonaws.eu-central-1.s3`. */
  readonly name: string
  readonly cidrs: readonly string[]
}

/** `AWS::EC2::NetworkInterface`. */
export interface NetworkInterface extends InventoryResource {
  readonly id: string
  readonly subnetId: string
  readonly vpcId: string
  readonly groupIds: readonly string[]
  readonly publicIp: string | undefined
}

/** `AWS::EC2::VPCBlockPublicAccessOptions` of an account and region. */
export interface BlockPublicAccess {
  /** Lower case: `off`, `block-bidirectional`, `block-ingress`. */
  readonly mode: string
  readonly exclusions: readonly {
    readonly vpcId: string | undefined
    readonly subnetId: string | undefined
    /** `allow-bidirectional`, `allow-egress`. */
    readonly mode: string
  }[]
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
  /** Alias target's DNS name (without the final dot), or the record's values. */
  readonly values: readonly string[]
}

/** A Route 53 Profile's association with a VPC and the resources it carries. */
export interface DnsProfile {
  readonly profileId: string
  readonly vpcIds: readonly string[]
  /** ARNs of hosted zones, endpoints, resolver rules. Unknown when not read. */
  readonly resourceArns: Fact<readonly string[]>
}

/** The network side of an inventory; made on first access. */
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
  /** Absent: never switched on. */
  blockPublicAccess(accountId: string, region: string): Fact<BlockPublicAccess>
}
