import type { JsonObject } from '../../shared/model/json.ts'
import { type EstatePart, home, stated } from './estate.ts'
import { homeVpc, networkItem } from './network-item.ts'

/** A VPC 10.0.0.0/16 with DNS support and host names on; `dns: 'notRead'` is what AWS Config alone records. */
export function vpc(
  options: {
    readonly id?: string
    readonly cidr?: string
    readonly isDefault?: boolean
    readonly dhcpOptions?: string
    readonly ownerId?: string
    readonly dns?: { readonly support?: boolean; readonly hostnames?: boolean } | 'notRead'
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? homeVpc
  const dns = options.dns === 'notRead' ? undefined : { support: true, hostnames: true, ...options.dns }
  const configuration: JsonObject = {
    vpcId: id,
    state: { value: 'available' },
    cidrBlock: options.cidr ?? '10.0.0.0/16',
    dhcpOptionsId: options.dhcpOptions ?? 'dopt-1',
    isDefault: options.isDefault ?? false,
    ownerId: options.ownerId ?? home.accountId,
    ...options.configuration,
  }
  const attributes: JsonObject = dns ? { enableDnsSupport: dns.support, enableDnsHostnames: dns.hostnames } : {}
  return networkItem('AWS::EC2::VPC', id, 'vpc', configuration, attributes)
}

/** A subnet 10.0.1.0/24 in the first zone; `cidr: null` has no IPv4. */
export function subnet(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly zone?: string
    readonly cidr?: string | null
    readonly ipv6Cidr?: string
    readonly mapPublicIp?: boolean
    readonly ownerId?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'subnet-1'
  const { ipv6Cidr } = options
  const cidr = options.cidr === undefined ? '10.0.1.0/24' : options.cidr
  const association = { ipv6CidrBlock: ipv6Cidr ?? '', ipv6CidrBlockState: { state: 'associated' } }
  return networkItem('AWS::EC2::Subnet', id, 'subnet', {
    subnetId: id,
    vpcId: options.vpc ?? homeVpc,
    state: { value: 'available' },
    availabilityZone: options.zone ?? `${home.region}a`,
    ...stated({ cidrBlock: cidr ?? undefined }),
    ipv6CidrBlockAssociationSet: ipv6Cidr === undefined ? [] : [association],
    ipv6Native: cidr === null,
    enableDns64: false,
    mapPublicIpOnLaunch: options.mapPublicIp ?? false,
    ownerId: options.ownerId ?? home.accountId,
    ...options.configuration,
  })
}

/** A route table with the local route of 10.0.0.0/16 and these. */
export function routeTable(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly main?: boolean
    readonly subnets?: readonly string[]
    readonly routes?: readonly JsonObject[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'rtb-1'
  const associationState = { state: 'associated' }
  return networkItem('AWS::EC2::RouteTable', id, 'route-table', {
    routeTableId: id,
    vpcId: options.vpc ?? homeVpc,
    routes: [route('10.0.0.0/16', 'local'), ...(options.routes ?? [])],
    associations: [
      ...(options.main === true ? [{ main: true, routeTableId: id, associationState }] : []),
      ...(options.subnets ?? []).map((subnetId) => ({ main: false, routeTableId: id, subnetId, associationState })),
    ],
    ownerId: home.accountId,
    ...options.configuration,
  })
}

/** A route from a CIDR or a prefix list (`pl-…`) to whatever the id of the target says. */
export function route(destination: string, target: string, state: 'active' | 'blackhole' = 'active'): JsonObject {
  return { [destinationName(destination)]: destination, [targetName(target)]: target, state, origin: 'CreateRoute' }
}

function destinationName(destination: string): string {
  if (destination.startsWith('pl-')) return 'destinationPrefixListId'
  return destination.includes(':') ? 'destinationIpv6CidrBlock' : 'destinationCidrBlock'
}

function targetName(target: string): string {
  return targetNames.get(target.slice(0, target.indexOf('-'))) ?? 'gatewayId'
}

const targetNames: ReadonlyMap<string, string> = new Map([
  ['nat', 'natGatewayId'],
  ['tgw', 'transitGatewayId'],
  ['pcx', 'vpcPeeringConnectionId'],
  ['eigw', 'egressOnlyInternetGatewayId'],
  ['eni', 'networkInterfaceId'],
  ['i', 'instanceId'],
  ['lgw', 'localGatewayId'],
  ['cagw', 'carrierGatewayId'],
])

/** An available public NAT gateway in the subnet `subnet-public`; `subnet: null` is a regional one. */
export function natGateway(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly subnet?: string | null
    readonly connectivity?: 'public' | 'private'
    readonly state?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'nat-1'
  const place: JsonObject =
    options.subnet === null ? { availabilityMode: 'regional' } : { subnetId: options.subnet ?? 'subnet-public' }
  return networkItem('AWS::EC2::NatGateway', id, 'natgateway', {
    natGatewayId: id,
    vpcId: options.vpc ?? homeVpc,
    ...place,
    connectivityType: options.connectivity ?? 'public',
    state: { value: options.state ?? 'available' },
    createTime: 1645463702000,
    ...options.configuration,
  })
}

/** An attached internet gateway, or an egress-only one. */
export function internetGateway(
  options: { readonly id?: string; readonly vpcs?: readonly string[]; readonly egressOnly?: boolean } = {},
): EstatePart {
  const attachments = (options.vpcs ?? [homeVpc]).map((vpcId) => ({ vpcId, state: 'available' }))
  if (options.egressOnly === true) {
    const id = options.id ?? 'eigw-1'
    const kind = 'egress-only-internet-gateway'
    return networkItem('AWS::EC2::EgressOnlyInternetGateway', id, kind, {
      egressOnlyInternetGatewayId: id,
      attachments,
    })
  }
  const id = options.id ?? 'igw-1'
  return networkItem('AWS::EC2::InternetGateway', id, 'internet-gateway', { internetGatewayId: id, attachments })
}

/** DHCP options that name the resolver of Amazon, or these servers. */
export function dhcpOptions(options: { readonly id?: string; readonly servers?: readonly string[] } = {}): EstatePart {
  const id = options.id ?? 'dopt-1'
  return networkItem('AWS::EC2::DHCPOptions', id, 'dhcp-options', {
    DhcpOptionsId: id,
    DomainName: `${home.region}.compute.internal`,
    DomainNameServers: options.servers ?? ['AmazonProvidedDNS'],
  })
}

/** A prefix list; by default that of AWS for S3 in the home region. */
export function prefixList(
  options: {
    readonly id?: string
    readonly name?: string
    readonly cidrs?: readonly string[]
    readonly ownerId?: string
  } = {},
): EstatePart {
  const id = options.id ?? 'pl-s3'
  return networkItem('AWS::EC2::PrefixList', id, 'prefix-list', {
    PrefixListId: id,
    PrefixListName: options.name ?? `com.amazonaws.${home.region}.s3`,
    OwnerId: options.ownerId ?? 'AWS',
    AddressFamily: 'IPv4',
    Entries: (options.cidrs ?? ['52.219.168.0/24', '3.5.136.0/22']).map((Cidr) => ({ Cidr })),
  })
}

/** A network interface of `subnet-1` with the group `sg-1`. */
export function networkInterface(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly subnet?: string
    readonly groups?: readonly string[]
    readonly publicIp?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'eni-1'
  return networkItem('AWS::EC2::NetworkInterface', id, 'network-interface', {
    networkInterfaceId: id,
    vpcId: options.vpc ?? homeVpc,
    subnetId: options.subnet ?? 'subnet-1',
    groups: (options.groups ?? ['sg-1']).map((groupId) => ({ groupId, groupName: groupId })),
    ...stated({ association: options.publicIp === undefined ? undefined : { publicIp: options.publicIp } }),
    ...options.configuration,
  })
}
