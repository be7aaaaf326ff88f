// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What EC2 holds, in the words of its wire (`vpcId`, `routeSet`, …). */
export interface FakeEc2 {
  readonly vpcs: any[]
  /** VPC id to attribute to value. */
  readonly vpcAttributes: Map<string, { readonly enableDnsSupport: boolean; readonly enableDnsHostnames: boolean }>
  readonly subnets: any[]
  readonly routeTables: any[]
  readonly securityGroups: any[]
  readonly networkAcls: any[]
  readonly vpcEndpoints: any[]
  readonly natGateways: any[]
  readonly internetGateways: any[]
  readonly egressOnlyInternetGateways: any[]
  readonly dhcpOptions: any[]
  readonly prefixLists: any[]
  /** Prefix list id to CIDRs. */
  readonly prefixListEntries: Map<string, readonly string[]>
  /** Versions of launch templates; `latest: true` on the newest, `defaultVersion: true` on the default. */
  readonly launchTemplateVersions: any[]
  blockMode: string
  readonly exclusions: any[]
  /** Entries a page holds at most. */
  pageSize: number
}

/** An account without a network, whose Block Public Access is off. */
export function emptyEc2(): FakeEc2 {
  return {
    vpcs: [],
    vpcAttributes: new Map(),
    subnets: [],
    routeTables: [],
    securityGroups: [],
    networkAcls: [],
    vpcEndpoints: [],
    natGateways: [],
    internetGateways: [],
    egressOnlyInternetGateways: [],
    dhcpOptions: [],
    prefixLists: [],
    prefixListEntries: new Map(),
    launchTemplateVersions: [],
    blockMode: 'off',
    exclusions: [],
    pageSize: 1000,
  }
}

type Lists = { [K in keyof FakeEc2]: FakeEc2[K] extends any[] ? K : never }[keyof FakeEc2]

/** What is listed, under which element, its id, the most a page takes, and how an unknown id is refused. */
const listings = new Map<string, readonly [Lists, string, string, number, string?]>([
  ['DescribeVpcs', ['vpcs', 'vpcSet', 'vpcId', 1000, 'InvalidVpcID.NotFound']],
  ['DescribeSubnets', ['subnets', 'subnetSet', 'subnetId', 1000, 'InvalidSubnetID.NotFound']],
  ['DescribeRouteTables', ['routeTables', 'routeTableSet', 'routeTableId', 100, 'InvalidRouteTableID.NotFound']],
  ['DescribeSecurityGroups', ['securityGroups', 'securityGroupInfo', 'groupId', 1000, 'InvalidGroup.NotFound']],
  ['DescribeNetworkAcls', ['networkAcls', 'networkAclSet', 'networkAclId', 1000, 'InvalidNetworkAclID.NotFound']],
  ['DescribeVpcEndpoints', ['vpcEndpoints', 'vpcEndpointSet', 'vpcEndpointId', 1000, 'InvalidVpcEndpointId.NotFound']],
  ['DescribeNatGateways', ['natGateways', 'natGatewaySet', 'natGatewayId', 1000, 'NatGatewayNotFound']],
  ['DescribeInternetGateways', ['internetGateways', 'internetGatewaySet', 'internetGatewayId', 1000]],
  [
    'DescribeEgressOnlyInternetGateways',
    ['egressOnlyInternetGateways', 'egressOnlyInternetGatewaySet', 'egressOnlyInternetGatewayId', 255],
  ],
  ['DescribeDhcpOptions', ['dhcpOptions', 'dhcpOptionsSet', 'dhcpOptionsId', 1000]],
  ['DescribeManagedPrefixLists', ['prefixLists', 'prefixListSet', 'prefixListId', 100]],
  ['DescribeVpcBlockPublicAccessExclusions', ['exclusions', 'vpcBlockPublicAccessExclusionSet', 'exclusionId', 1000]],
])

/** Filter to the values an entry has for it, for the operations that know the filter. */
const filters = new Map<string, (entry: any) => readonly string[]>([
  ['vpc-id', (entry) => [entry.vpcId]],
  ['group-id', (entry) => [entry.groupId]],
  ['dhcp-options-id', (entry) => [entry.dhcpOptionsId]],
  ['prefix-list-id', (entry) => [entry.prefixListId]],
  ['prefix-list-name', (entry) => [entry.prefixListName]],
  ['attachment.vpc-id', (entry) => (entry.attachmentSet ?? []).map(({ vpcId }: any) => vpcId)],
])
const tagsOnly = new Set(['DescribeEgressOnlyInternetGateways', 'DescribeVpcBlockPublicAccessExclusions'])

/** Answers a call of EC2. */
export function serveEc2(ec2: FakeEc2, operation: string, body: any): unknown {
  const listing = listings.get(operation)
  if (listing !== undefined) return listed(ec2, listing, operation, body)
  switch (operation) {
    case 'DescribeVpcAttribute': {
      const attributes = ec2.vpcAttributes.get(body.VpcId)
      if (attributes === undefined) throw new Refusal('InvalidVpcID.NotFound')
      const name = body.Attribute as 'enableDnsSupport' | 'enableDnsHostnames'
      return { vpcId: body.VpcId, [name]: { value: attributes[name] } }
    }
    case 'GetManagedPrefixListEntries': {
      const cidrs = ec2.prefixListEntries.get(body.PrefixListId)
      if (cidrs === undefined) throw new Refusal('InvalidPrefixListID.NotFound')
      const { page, next } = paged(cidrs, body, 100, ec2.pageSize)
      return { entrySet: page.map((cidr) => ({ cidr })), nextToken: next }
    }
    case 'DescribeLaunchTemplateVersions': {
      const wanted = valuesOf(body, 'LaunchTemplateVersion')
      const named = ({ latest, defaultVersion }: any) =>
        (latest === true && wanted.includes('$Latest')) || (defaultVersion === true && wanted.includes('$Default'))
      const { page, next } = paged(ec2.launchTemplateVersions.filter(named), body, 200, ec2.pageSize)
      return { launchTemplateVersionSet: page.map(({ latest: _, ...version }) => version), nextToken: next }
    }
    case 'DescribeVpcBlockPublicAccessOptions':
      return { vpcBlockPublicAccessOptions: { internetGatewayBlockMode: ec2.blockMode, state: 'default-state' } }
    default:
      throw new Refusal('InvalidAction')
  }
}

function listed(
  ec2: FakeEc2,
  [key, set, id, most, notFound]: readonly [Lists, string, string, number, string?],
  operation: string,
  body: any,
): unknown {
  const wanted = valuesOf(body, id.charAt(0).toUpperCase() + id.slice(1))
  const absent = wanted.find((one) => !ec2[key].some((entry: any) => entry[id] === one))
  if (absent !== undefined) throw new Refusal(notFound ?? 'InvalidParameterValue')
  const matching = ec2[key].filter((entry: any) => wanted.length === 0 || wanted.includes(entry[id]))
  const { page, next } = paged(filtered(matching, operation, body), body, most, ec2.pageSize)
  return { requestId: '1', [set]: page, nextToken: next }
}

function filtered(entries: readonly any[], operation: string, body: any): readonly any[] {
  let left = entries
  for (let n = 1; body[`Filter.${n}.Name`] !== undefined; n++) {
    const valuesIn = filters.get(body[`Filter.${n}.Name`])
    const values = valuesOf(body, `Filter.${n}.Value`)
    if (valuesIn === undefined || tagsOnly.has(operation) || values.length < 1 || values.length > 200) {
      throw new Refusal('InvalidParameterValue')
    }
    left = left.filter((entry) => valuesIn(entry).some((value) => values.includes(value)))
  }
  return left
}

function valuesOf(body: any, prefix: string): readonly string[] {
  return Object.entries(body).flatMap(([key, value]) =>
    key.startsWith(`${prefix}.`) && /^\d+$/.test(key.slice(prefix.length + 1)) ? [String(value)] : [],
  )
}

function paged<T>(all: readonly T[], body: any, most: number, pageSize: number) {
  const asked = Number(body.MaxResults ?? most)
  if (asked > most) throw new Refusal('InvalidParameterValue')
  return pageFrom(all, body.NextToken, Math.min(asked, pageSize))
}
