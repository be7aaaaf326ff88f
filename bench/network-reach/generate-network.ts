import type {
  NetworkInventory,
  NetworkResource,
  RouteTable,
  SecurityGroupRule,
  Subnet,
  VpcEndpoint,
} from '../../shared/inventory/network.ts'
import { absent, known } from '../../shared/model/fact.ts'

/** Six private subnets, three public, three for endpoints. */
export const subnetsPerVpc = 12
const region = 'eu-central-1'

/** VPCs with endpoints or NAT and one mistake in every seventh; uses no randomness. */
export function generateNetwork(count: number): NetworkInventory {
  const indices = Array.from({ length: count }, (_, index) => index)
  const vpcs = indices.map((index) => ({
    ...resource('AWS::EC2::VPC', `vpc-${index}`, index),
    cidrs: ['10.0.0.0/16'],
    ipv6Cidrs: [],
    isDefault: false,
    dhcpOptionsId: 'dopt-1',
    enableDnsSupport: known(true),
    enableDnsHostnames: known(true),
  }))
  const subnets = indices.flatMap(subnetsOf)
  const byId = new Map(subnets.map((subnet) => [subnet.id, subnet]))
  const vpcById = new Map(vpcs.map((vpc) => [vpc.id, vpc]))
  return {
    vpcs,
    subnets,
    routeTables: indices.flatMap(tablesOf),
    securityGroups: indices.flatMap(groupsOf),
    networkAcls: indices.map(aclOf),
    vpcEndpoints: indices.flatMap(endpointsOf),
    natGateways: indices.map((index) => ({
      ...resource('AWS::EC2::NatGateway', `nat-${index}`, index),
      vpcId: `vpc-${index}`,
      subnetId: known(`subnet-${index}-6`),
      connectivity: 'public' as const,
      state: 'available',
    })),
    internetGateways: indices.map((index) => ({
      ...resource('AWS::EC2::InternetGateway', `igw-${index}`, index),
      egressOnly: false,
      vpcIds: [`vpc-${index}`],
    })),
    dhcpOptions: [
      { ...resource('AWS::EC2::DHCPOptions', 'dopt-1', 0), domainNameServers: known(['AmazonProvidedDNS']) },
    ],
    prefixLists: [],
    networkInterfaces: [],
    hostedZones: [],
    dnsProfiles: [],
    transitGatewayAttachments: [],
    transitGatewayRouteTables: [],
    vpcPeerings: [],
    listing: () => known([]),
    vpc: (id) => vpcById.get(id),
    subnet: (id) => byId.get(id),
    blockPublicAccess: () => absent(),
  }
}

function resource(type: string, id: string, index: number): NetworkResource {
  const accountId = String(100_000_000_000 + (index % 50))
  const ref = { type, id, arn: `arn:aws:ec2:${region}:${accountId}:x/${id}`, accountId, region }
  return { ref, observedAt: '2026-01-01T00:00:00.000Z', id, ownerId: accountId }
}

function subnetsOf(index: number): readonly Subnet[] {
  return Array.from({ length: subnetsPerVpc }, (_, number) => ({
    ...resource('AWS::EC2::Subnet', `subnet-${index}-${number}`, index),
    vpcId: `vpc-${index}`,
    zone: `${region}${'abc'[number % 3]}`,
    cidr: `10.0.${number}.0/24`,
    ipv6Cidrs: [],
    mapPublicIpOnLaunch: false,
    enableDns64: false,
    ipv6Native: false,
  }))
}

function tablesOf(index: number): readonly RouteTable[] {
  const vpcId = `vpc-${index}`
  const local = {
    destination: { cidr: '10.0.0.0/16' },
    target: { kind: 'local', id: 'local' },
    state: 'active',
  } as const
  const out = (kind: 'natGateway' | 'internetGateway', id: string) =>
    ({ destination: { cidr: '0.0.0.0/0' }, target: { kind, id }, state: 'active' }) as const
  const layers = {
    destination: { prefixListId: 'pl-6ea54007' },
    target: { kind: 'vpcEndpoint', id: `vpce-s3-${index}` },
    state: 'active',
  } as const
  const table = (
    name: string,
    isMain: boolean,
    numbers: readonly number[],
    routes: RouteTable['routes'],
  ): RouteTable => ({
    ...resource('AWS::EC2::RouteTable', `rtb-${index}-${name}`, index),
    vpcId,
    associations: known({ isMain, subnetIds: numbers.map((number) => `subnet-${index}-${number}`), gatewayIds: [] }),
    routes,
  })
  const nat = index % 2 === 0 ? [out('natGateway', `nat-${index}`)] : []
  return [
    table('main', true, [], known([local])),
    table('private', false, [0, 1, 2, 3, 4, 5], known([local, ...(index % 7 === 0 ? [] : [layers]), ...nat])),
    table('public', false, [6, 7, 8], known([local, layers, out('internetGateway', `igw-${index}`)])),
  ]
}

function groupsOf(index: number): NetworkInventory['securityGroups'] {
  const vpcId = `vpc-${index}`
  const rule: SecurityGroupRule = {
    protocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    cidrs: [],
    ipv6Cidrs: [],
    prefixListIds: [],
    groupIds: [],
  }
  const everything = { ...rule, protocol: 'all', fromPort: undefined, toPort: undefined, cidrs: ['0.0.0.0/0'] }
  const ingress =
    index % 7 === 3
      ? []
      : [
          { ...rule, groupIds: [`sg-app-${index}`] },
          { ...rule, cidrs: ['10.0.0.0/24'] },
        ]
  const group = (name: string, rules: readonly SecurityGroupRule[]) => ({
    ...resource('AWS::EC2::SecurityGroup', `sg-${name}-${index}`, index),
    name,
    vpcId,
    ingress: known(rules),
    egress: known([everything]),
  })
  return [group('app', []), group('end', ingress)]
}

function aclOf(index: number): NetworkInventory['networkAcls'][number] {
  const entry = { ruleNumber: 100, action: 'allow', protocol: 'all', cidr: '0.0.0.0/0' } as const
  const rest = { ipv6Cidr: undefined, fromPort: undefined, toPort: undefined }
  return {
    ...resource('AWS::EC2::NetworkAcl', `acl-${index}`, index),
    vpcId: `vpc-${index}`,
    isDefault: true,
    subnetIds: known(Array.from({ length: subnetsPerVpc }, (_, number) => `subnet-${index}-${number}`)),
    entries: known([
      { ...entry, ...rest, egress: true },
      { ...entry, ...rest, egress: false },
    ]),
  }
}

function endpointsOf(index: number): readonly VpcEndpoint[] {
  const endpoint = (name: string, service: string, type: 'Interface' | 'Gateway'): VpcEndpoint => ({
    ...resource('AWS::EC2::VPCEndpoint', `vpce-${name}-${index}`, index),
    type,
    vpcId: `vpc-${index}`,
    serviceName: `com.amazonaws.${region}.${service}`,
    serviceRegion: undefined,
    state: 'available',
    subnetIds: known(type === 'Gateway' ? [] : [9, 10, 11].map((number) => `subnet-${index}-${number}`)),
    groupIds: known(type === 'Gateway' ? [] : [`sg-end-${index}`]),
    privateDnsEnabled: known(type === 'Interface'),
    privateDnsOnlyForInboundResolver: absent(),
    routeTableIds: known(type === 'Gateway' ? [`rtb-${index}-public`] : []),
    policy: absent(),
    ipAddressType: 'ipv4',
  })
  const ecr = [endpoint('api', 'ecr.api', 'Interface'), endpoint('dkr', 'ecr.dkr', 'Interface')]
  return [...(index % 4 === 2 ? [] : ecr), endpoint('s3', 's3', 'Gateway')]
}
