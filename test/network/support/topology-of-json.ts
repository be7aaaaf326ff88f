import type {
  NetworkAcl,
  NetworkInventory,
  NetworkResource,
  NetworkType,
  Route,
  RouteTarget,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  TransitGatewayRoute,
  VpcEndpoint,
} from '../../../shared/inventory/network.ts'
import { absent, type Fact, known, unknown } from '../../../shared/model/fact.ts'
import { type Topology, topologyOf } from '../../../shared/network/topology.ts'

const account = '111122223333'
const home = 'eu-central-1'
/** What a VPC has that names none; `default` stands for no options at all. */
const optionsOfAws = 'dopt-aws'
type Table<T> = Record<string, T | null>
/** `?` stands for a fact that is not known. */
type Known<T> = T | '?'

/** A small network, as the case tables write it. Ids are keys; whatever is left out has the usual value. */
export interface JsonTopology {
  readonly vpcs?: Table<{
    readonly cidr?: string
    readonly region?: string
    readonly owner?: string
    readonly dhcp?: string | null
    readonly dnsSupport?: Known<boolean>
    readonly dnsHostnames?: Known<boolean>
  }>
  readonly subnets?: Table<{
    readonly vpc?: string
    readonly zone?: string
    readonly cidr?: string
    readonly cidr6?: string
    readonly dns64?: boolean
    readonly owner?: string
    readonly seenBy?: string
    readonly region?: string
  }>
  /** Routes: `0.0.0.0/0 nat-1`, `pl-s3 vpce-s3`, `10.1.0.0/16 pcx-1 blackhole`. */
  readonly tables?: Table<{
    readonly vpc?: string
    readonly main?: boolean
    readonly subnets?: readonly string[]
    readonly associations?: '?'
    readonly routes?: Known<readonly string[]>
  }>
  /** Rules: `tcp 443 10.0.0.0/16`, `tcp 0-65535 sg-app`, `all pl-s3`. */
  readonly groups?: Table<{
    readonly vpc?: string
    readonly name?: string
    readonly in?: Known<readonly string[]>
    readonly out?: Known<readonly string[]>
  }>
  /** Entries: `100 allow tcp 443 10.0.0.0/16`. */
  readonly acls?: Table<{
    readonly vpc?: string
    readonly default?: boolean
    readonly subnets?: Known<readonly string[]>
    readonly in?: readonly string[]
    readonly out?: readonly string[]
    readonly entries?: '?'
  }>
  readonly endpoints?: Table<{
    readonly service: string
    readonly region?: string
    readonly serviceRegion?: string
    readonly gateway?: boolean
    readonly vpc?: string
    readonly state?: string | null
    readonly subnets?: Known<readonly string[]>
    readonly groups?: Known<readonly string[]>
    readonly dns?: Known<boolean>
    readonly inboundOnly?: boolean
    readonly tables?: Known<readonly string[]>
    readonly addresses?: string
    readonly owner?: string
  }>
  readonly nats?: Table<{
    readonly subnet?: Known<string> | null
    readonly state?: string | null
    readonly private?: boolean
    readonly vpc?: string
  }>
  readonly gateways?: Table<readonly string[]>
  readonly dhcp?: Table<Known<readonly string[]>>
  readonly lists?: Table<{ readonly name?: string; readonly cidrs?: Known<readonly string[]> }>
  /** Records: `*.dkr.ecr.eu-central-1.amazonaws.com A vpce-1-x.…`. */
  readonly zones?: Table<{
    readonly name: string
    readonly vpcs?: readonly string[]
    readonly public?: boolean
    readonly records?: Known<readonly string[]>
  }>
  readonly profiles?: Table<{ readonly vpcs: readonly string[]; readonly resources?: Known<readonly string[]> }>
  readonly attachments?: Table<{
    readonly tgw?: string
    readonly vpc?: string | null
    readonly subnets?: Known<readonly string[]>
    readonly state?: string
  }>
  /** Routes: `10.1.0.0/16 tgw-attach-1`, `10.1.0.0/16 tgw-attach-1 propagated`, `10.1.0.0/16 blackhole`. */
  readonly tgwTables?: Table<{
    readonly tgw?: string
    readonly routes?: Known<readonly string[]>
    readonly associations?: Known<readonly string[]>
    readonly propagations?: Known<readonly string[]>
  }>
  readonly peerings?: Table<{
    readonly requester?: string
    readonly accepter?: string
    readonly accepterRegion?: string
    readonly status?: string
  }>
  readonly bpa?: { readonly mode: string; readonly exclusions?: Known<readonly string[]> } | '?' | null
  /** Types whose listing is not known. */
  readonly unlisted?: readonly NetworkType[]
}

/** Builds the topology that a table describes. */
export function topologyOfJson(json: JsonTopology): Topology {
  return topologyOf({ network: networkOfJson(json) })
}

/** Builds the network side of an inventory. */
export function networkOfJson(json: JsonTopology): NetworkInventory {
  const vpcs = rows(json.vpcs).map(([id, one]) => ({
    ...resource('AWS::EC2::VPC', id, one),
    cidrs: one.cidr === undefined ? [] : [one.cidr],
    ipv6Cidrs: [],
    isDefault: false,
    dhcpOptionsId: one.dhcp === null ? undefined : (one.dhcp ?? optionsOfAws),
    enableDnsSupport: fact(one.dnsSupport ?? true),
    enableDnsHostnames: fact(one.dnsHostnames ?? true),
  }))
  const subnets = rows(json.subnets).map(([id, one]) => subnetOf(id, one))
  const unlisted = new Set(json.unlisted ?? [])
  return {
    vpcs,
    subnets,
    routeTables: rows(json.tables).map(([id, one]) => ({
      ...resource('AWS::EC2::RouteTable', id),
      vpcId: one.vpc ?? 'vpc-1',
      associations:
        one.associations === '?'
          ? unknown('associations')
          : known({ isMain: one.main ?? false, subnetIds: one.subnets ?? [], gatewayIds: [] }),
      routes: mapKnown(one.routes ?? [], (routes) => routes.map(routeOf)),
    })),
    securityGroups: rows(json.groups).map(([id, one]) => groupOf(id, one)),
    networkAcls: rows(json.acls).map(([id, one]) => aclOf(id, one)),
    vpcEndpoints: rows(json.endpoints).map(([id, one]) => endpointOf(id, one)),
    natGateways: rows(json.nats).map(([id, one]) => ({
      ...resource('AWS::EC2::NatGateway', id),
      vpcId: one.vpc ?? 'vpc-1',
      subnetId: one.subnet === null ? absent() : fact(one.subnet ?? 'subnet-public'),
      connectivity: one.private === true ? 'private' : 'public',
      state: one.state === null ? undefined : (one.state ?? 'available'),
    })),
    internetGateways: rows(json.gateways).map(([id, vpcIds]) => ({
      ...resource('AWS::EC2::InternetGateway', id),
      egressOnly: id.startsWith('eigw-'),
      vpcIds,
    })),
    dhcpOptions: rows({ [optionsOfAws]: ['AmazonProvidedDNS'], ...json.dhcp }).map(([id, servers]) => ({
      ...resource('AWS::EC2::DHCPOptions', id),
      domainNameServers: fact(servers),
    })),
    prefixLists: rows(json.lists).map(([id, one]) => ({
      ...resource('AWS::EC2::PrefixList', id),
      name: one.name ?? '',
      cidrs: fact(one.cidrs ?? []),
    })),
    networkInterfaces: [],
    hostedZones: rows(json.zones).map(([id, one]) => ({
      ...resource('AWS::Route53::HostedZone', id),
      name: one.name,
      isPrivate: one.public !== true,
      vpcs: (one.vpcs ?? []).map((vpcId) => ({ vpcId, region: home })),
      records: mapKnown(one.records ?? [], (records) => records.map(recordOf)),
    })),
    dnsProfiles: rows(json.profiles).map(([profileId, one]) => ({
      profileId,
      vpcIds: one.vpcs,
      resourceArns: fact(one.resources ?? []),
    })),
    transitGatewayAttachments: rows(json.attachments).map(([id, one]) => ({
      ...resource('AWS::EC2::TransitGatewayAttachment', id),
      transitGatewayId: one.tgw ?? 'tgw-1',
      vpcId: one.vpc === null ? undefined : (one.vpc ?? 'vpc-1'),
      subnetIds: fact(one.subnets ?? []),
      state: one.state,
    })),
    transitGatewayRouteTables: rows(json.tgwTables).map(([id, one]) => ({
      ...resource('AWS::EC2::TransitGatewayRouteTable', id),
      transitGatewayId: one.tgw ?? 'tgw-1',
      routes: mapKnown(one.routes ?? [], (routes) => routes.map(transitRouteOf)),
      associations: fact(one.associations ?? []),
      propagations: fact(one.propagations ?? []),
    })),
    vpcPeerings: rows(json.peerings).map(([id, one]) => ({
      ...resource('AWS::EC2::VPCPeeringConnection', id),
      requester: { vpcId: one.requester ?? 'vpc-1', ownerId: account, region: home },
      accepter: { vpcId: one.accepter ?? 'vpc-hub', ownerId: account, region: one.accepterRegion ?? home },
      status: one.status === '?' ? undefined : (one.status ?? 'active'),
    })),
    listing: (type) => (unlisted.has(type) ? unknown(`${type} is not listed`) : known([])),
    vpc: (id) => vpcs.find((one) => one.id === id),
    subnet: (id) => subnets.find((one) => one.id === id),
    blockPublicAccess: () => {
      if (json.bpa === undefined || json.bpa === null) return absent()
      if (json.bpa === '?') return unknown('not read')
      const exclusions = mapKnown(json.bpa.exclusions ?? [], (texts) => texts.map(exclusionOf))
      return known({ mode: json.bpa.mode, exclusions })
    },
  }
}

function rows<T>(table: Table<T> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(table ?? {}).flatMap(([id, one]) => (one === null ? [] : [[id, one] as const]))
}

function fact<T>(value: Known<T>): Fact<T> {
  return value === '?' ? unknown('not read') : known(value as T)
}

function mapKnown<T, U>(value: Known<T>, convert: (value: T) => U): Fact<U> {
  return value === '?' ? unknown('not read') : known(convert(value as T))
}

function resource(
  type: string,
  id: string,
  place: { readonly owner?: string; readonly seenBy?: string; readonly region?: string } = {},
): NetworkResource {
  const accountId = place.seenBy ?? place.owner ?? account
  const region = place.region ?? home
  const ref = { type, id, arn: `arn:aws:ec2:${region}:${accountId}:x/${id}`, accountId, region }
  return { ref, observedAt: undefined, id, ownerId: place.owner ?? account }
}

type Row<K extends keyof JsonTopology> = NonNullable<JsonTopology[K]> extends Table<infer R> ? NonNullable<R> : never

function subnetOf(id: string, one: Row<'subnets'>): Subnet {
  return {
    ...resource('AWS::EC2::Subnet', id, one),
    vpcId: one.vpc ?? 'vpc-1',
    zone: one.zone ?? `${home}a`,
    cidr: one.cidr,
    ipv6Cidrs: one.cidr6 === undefined ? [] : [one.cidr6],
    mapPublicIpOnLaunch: false,
    enableDns64: one.dns64,
    ipv6Native: one.cidr === undefined && one.cidr6 !== undefined,
  }
}

const targetKinds: readonly (readonly [string, RouteTarget['kind']])[] = [
  ['local', 'local'],
  ['igw-', 'internetGateway'],
  ['eigw-', 'egressOnlyInternetGateway'],
  ['nat-', 'natGateway'],
  ['vpce-', 'vpcEndpoint'],
  ['tgw-', 'transitGateway'],
  ['pcx-', 'vpcPeering'],
  ['vgw-', 'virtualPrivateGateway'],
  ['eni-', 'networkInterface'],
  ['i-', 'instance'],
  ['cagw-', 'carrierGateway'],
  ['lgw-', 'localGateway'],
  ['core-', 'coreNetwork'],
]

function routeOf(text: string): Route {
  const [to = '', id = '', state] = text.split(' ')
  const kind = targetKinds.find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'unknown'
  const destination = to.startsWith('pl-') ? { prefixListId: to } : { cidr: to }
  return { destination, target: { kind, id }, state: state === 'blackhole' ? 'blackhole' : 'active' }
}

function transitRouteOf(text: string): TransitGatewayRoute {
  const [to = '', ...rest] = text.split(' ')
  return {
    destination: to.startsWith('pl-') ? { prefixListId: to } : { cidr: to },
    attachmentIds: rest.filter((part) => part.startsWith('tgw-attach-')),
    origin: rest.includes('propagated') ? 'propagated' : 'static',
    state: rest.includes('blackhole') ? 'blackhole' : 'active',
  }
}

function portsOf(text: string | undefined): {
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
} {
  const [from, to = from] = text?.split('-') ?? []
  return { fromPort: from === undefined ? undefined : Number(from), toPort: to === undefined ? undefined : Number(to) }
}

function ruleOf(text: string): SecurityGroupRule {
  const parts = text.split(' ')
  const peer = parts.at(-1) ?? ''
  return {
    protocol: parts[0] ?? 'all',
    ...portsOf(parts.length === 3 ? parts[1] : undefined),
    cidrs: /^[0-9.]+\//.test(peer) ? [peer] : [],
    ipv6Cidrs: peer.includes(':') ? [peer] : [],
    prefixListIds: peer.startsWith('pl-') ? [peer] : [],
    groupIds: peer.startsWith('sg-') ? [peer] : [],
  }
}

function groupOf(id: string, one: Row<'groups'>): SecurityGroup {
  return {
    ...resource('AWS::EC2::SecurityGroup', id),
    name: one.name ?? id,
    vpcId: one.vpc ?? 'vpc-1',
    ingress: mapKnown(one.in ?? [], (rules) => rules.map(ruleOf)),
    egress: mapKnown(one.out ?? [], (rules) => rules.map(ruleOf)),
  }
}

function entryOf(text: string, egress: boolean): Extract<NetworkAcl['entries'], { state: 'known' }>['value'][number] {
  const parts = text.split(' ')
  const peer = parts.at(-1) ?? ''
  return {
    ruleNumber: Number(parts[0]),
    egress,
    action: parts[1] === 'deny' ? 'deny' : 'allow',
    protocol: parts[2] ?? 'all',
    ...portsOf(parts.length === 5 ? parts[3] : undefined),
    cidr: peer.includes(':') ? undefined : peer,
    ipv6Cidr: peer.includes(':') ? peer : undefined,
  }
}

function aclOf(id: string, one: Row<'acls'>): NetworkAcl {
  const entries = [
    ...(one.in ?? []).map((text) => entryOf(text, false)),
    ...(one.out ?? []).map((text) => entryOf(text, true)),
  ]
  return {
    ...resource('AWS::EC2::NetworkAcl', id),
    vpcId: one.vpc ?? 'vpc-1',
    isDefault: one.default ?? false,
    subnetIds: fact(one.subnets ?? []),
    entries: one.entries === '?' ? unknown('not read') : known(entries),
  }
}

function endpointOf(id: string, one: Row<'endpoints'>): VpcEndpoint {
  const gateway = one.gateway === true
  return {
    ...resource('AWS::EC2::VPCEndpoint', id, one.owner === undefined ? {} : { owner: one.owner }),
    type: gateway ? 'Gateway' : 'Interface',
    vpcId: one.vpc ?? 'vpc-1',
    serviceName: one.service.includes('amazonaws') ? one.service : `com.amazonaws.${one.region ?? home}.${one.service}`,
    serviceRegion: one.serviceRegion,
    state: one.state === null ? undefined : (one.state ?? 'available'),
    subnetIds: fact(one.subnets ?? []),
    groupIds: fact(one.groups ?? []),
    privateDnsEnabled: fact(one.dns ?? !gateway),
    privateDnsOnlyForInboundResolver: one.inboundOnly === undefined ? unknown('not stated') : known(one.inboundOnly),
    routeTableIds: fact(one.tables ?? []),
    policy: absent(),
    ipAddressType: one.addresses,
  }
}

function recordOf(text: string): { readonly name: string; readonly type: string; readonly values: readonly string[] } {
  const [name = '', type = '', ...values] = text.split(' ')
  return { name, type, values }
}

function exclusionOf(text: string): {
  readonly vpcId: string | undefined
  readonly subnetId: string | undefined
  readonly mode: string
} {
  const [id = '', mode = ''] = text.split(' ')
  return id.startsWith('vpc-') ? { vpcId: id, subnetId: undefined, mode } : { vpcId: undefined, subnetId: id, mode }
}
