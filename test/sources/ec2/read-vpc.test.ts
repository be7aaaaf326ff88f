import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { readAllVpcs, readVpc } from '../../../shared/sources/ec2/read-vpc.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { networkReadersOf } from '../network-readers.ts'
import { fillEc2, wireEndpoint, wireGroup, wirePermission, wireSubnet, wireVpc } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEc2(fake)
})
afterEach(() => fake.close())

const account = '111122223333'
const ids = (items: readonly JsonObject[], type: string) =>
  items.filter((item) => item.resourceType === `AWS::EC2::${type}`).map((item) => item.resourceId)
const rows = ({ coverage }: Reading) =>
  coverage.filter((row) => row.status === 'unknown').map((row) => row.resourceType.replace(/^AWS::/, ''))
const profileRows = ['Route53Profiles::ProfileAssociation', 'Route53Profiles::ProfileResourceAssociation']

async function presentVpc(vpcId = 'vpc-1'): Promise<Reading> {
  const found = await readVpc(networkReadersOf(fake).network, vpcId)
  if (found.state !== 'present') throw new Error(`expected the VPC, not ${JSON.stringify(found)}`)
  return found.reading
}

/** Another VPC of the account with one part of each kind. */
function addOtherVpc(vpcId = 'vpc-2'): void {
  const { ec2 } = fake.state
  ec2.vpcs.push(wireVpc(vpcId, { dhcpOptionsId: 'default' }))
  ec2.vpcAttributes.set(vpcId, { enableDnsSupport: true, enableDnsHostnames: false })
  ec2.subnets.push(wireSubnet(`subnet-of-${vpcId}`, { vpcId }))
  ec2.routeTables.push({ routeTableId: `rtb-of-${vpcId}`, vpcId, ownerId: account, routeSet: [], associationSet: [] })
  ec2.securityGroups.push(wireGroup(`sg-of-${vpcId}`, { vpcId }))
  ec2.networkAcls.push({ networkAclId: `acl-of-${vpcId}`, vpcId, ownerId: account, entrySet: [], associationSet: [] })
  ec2.natGateways.push({ natGatewayId: `nat-of-${vpcId}`, vpcId, state: 'available' })
  ec2.internetGateways.push({ internetGatewayId: `igw-of-${vpcId}`, attachmentSet: [{ vpcId, state: 'available' }] })
}

describe('the VPC asked for', () => {
  it('is read with its parts and without the parts of another VPC', async () => {
    addOtherVpc()
    const { items, gaps, ...reading } = await presentVpc()
    expect(gaps).toEqual([])
    expect(rows({ items, gaps, ...reading })).toEqual(profileRows)
    expect(ids(items, 'RouteTable')).toEqual(['rtb-1'])
    expect(ids(items, 'SecurityGroup')).toEqual(['sg-1', 'sg-endpoints', 'sg-default'])
    expect(ids(items, 'NetworkAcl')).toEqual(['acl-1'])
    expect(ids(items, 'NatGateway')).toEqual(['nat-1'])
    expect(ids(items, 'InternetGateway')).toEqual(['igw-1'])
    expect(ids(items, 'DHCPOptions')).toEqual(['dopt-1'])
    expect(ids(items, 'PrefixList')).toEqual(['pl-s3'])
  })

  it('comes with every VPC, subnet and endpoint of the region, DNS attributes only its own', async () => {
    addOtherVpc()
    const { items } = await presentVpc()
    expect(ids(items, 'Subnet')).toEqual(['subnet-1', 'subnet-2', 'subnet-of-vpc-2'])
    const vpcs = items.filter((item) => item.resourceType === 'AWS::EC2::VPC')
    expect(vpcs.map((vpc) => [vpc.resourceId, vpc.supplementaryConfiguration])).toEqual([
      ['vpc-1', { enableDnsSupport: true, enableDnsHostnames: true }],
      ['vpc-2', {}],
    ])
  })

  it('is read over as many pages as it takes', async () => {
    const whole = await presentVpc()
    fake.state.ec2.pageSize = 1
    const paged = await presentVpc()
    expect(paged.items).toEqual(whole.items)
    expect(paged.coverage).toEqual(whole.coverage)
    expect(fake.calls.filter(({ operation }) => operation === 'GetManagedPrefixListEntries')).toHaveLength(3)
  })

  it('is gone when EC2 does not list it', async () => {
    expect(await readVpc(networkReadersOf(fake).network, 'vpc-9')).toEqual({ state: 'gone' })
  })

  it('is unknown when VPCs cannot be listed', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeVpcs' ? { error: 'UnauthorizedOperation', status: 403 } : undefined
    expect(await readVpc(networkReadersOf(fake).network, 'vpc-1')).toEqual({
      state: 'unknown',
      gaps: [
        {
          resourceType: 'AWS::EC2::VPC',
          reason: 'ec2:DescribeVpcs failed with UnauthorizedOperation',
          transience: 'lasting',
        },
      ],
    })
  })

  it('brings groups of a peered VPC that its groups name', async () => {
    addOtherVpc()
    const groups = [
      { groupId: 'sg-of-vpc-2', userId: account },
      { groupId: 'sg-elsewhere', userId: '444455556666' },
    ]
    fake.state.ec2.securityGroups.push(
      wireGroup('sg-peered', { ipPermissions: [wirePermission('tcp', { fromPort: 443, toPort: 443, groups })] }),
    )
    const { items, gaps, coverage } = await presentVpc()
    expect(gaps).toEqual([])
    expect(ids(items, 'SecurityGroup').slice(3)).toEqual(['sg-peered', 'sg-of-vpc-2'])
    expect(coverage.filter((row) => row.resourceType === 'AWS::EC2::SecurityGroup')).toHaveLength(1)
  })

  it('brings the VPC of the account whose endpoint a hosted zone leads to', async () => {
    addOtherVpc('vpc-hub')
    addOtherVpc('vpc-3')
    fake.state.ec2.vpcEndpoints.push(wireEndpoint('vpce-0a1b', 'ecr.dkr', { vpcId: 'vpc-hub', groupSet: [] }))
    const name = 'dkr.ecr.eu-central-1.amazonaws.com.'
    const target = 'vpce-0a1b-xyz.dkr.ecr.eu-central-1.vpce.amazonaws.com.'
    fake.state.route53.zones.push({
      id: 'Z1',
      name,
      owner: { OwningAccount: account },
      vpcIds: ['vpc-1'],
      records: [{ Name: name, Type: 'A', AliasTarget: { HostedZoneId: 'Z2', DNSName: target } }],
    })
    const { items } = await presentVpc()
    expect(ids(items, 'RouteTable')).toEqual(['rtb-1', 'rtb-of-vpc-hub'])
    expect(ids(items, 'NetworkAcl')).toEqual(['acl-1', 'acl-of-vpc-hub'])
    const hub = items.find((item) => item.resourceId === 'vpc-hub')
    expect(hub?.supplementaryConfiguration).toEqual({ enableDnsSupport: true, enableDnsHostnames: false })
  })

  it('keeps the owner of a shared VPC in its ARN', async () => {
    const ownerId = '444455556666'
    fake.state.ec2.vpcs.push(wireVpc('vpc-shared', { ownerId }))
    fake.state.ec2.vpcAttributes.set('vpc-shared', { enableDnsSupport: true, enableDnsHostnames: true })
    const { items } = await presentVpc('vpc-shared')
    const shared = items.find((item) => item.resourceId === 'vpc-shared')
    expect([shared?.arn, shared?.accountId]).toEqual([`arn:aws:ec2:eu-central-1:${ownerId}:vpc/vpc-shared`, account])
  })

  it('is read without endpoints and NAT gateways that were deleted', async () => {
    fake.state.ec2.vpcEndpoints.push(wireEndpoint('vpce-old', 'ecr.api', { state: 'deleted' }))
    fake.state.ec2.natGateways.push({ natGatewayId: 'nat-old', vpcId: 'vpc-1', state: 'deleted' })
    const { items } = await presentVpc()
    expect(ids(items, 'VPCEndpoint')).toEqual(['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3'])
    expect(ids(items, 'NatGateway')).toEqual(['nat-1'])
  })
})

const parts: readonly (readonly [string, string])[] = [
  ['DescribeSubnets', 'EC2::Subnet'],
  ['DescribeRouteTables', 'EC2::RouteTable'],
  ['DescribeSecurityGroups', 'EC2::SecurityGroup'],
  ['DescribeNetworkAcls', 'EC2::NetworkAcl'],
  ['DescribeVpcEndpoints', 'EC2::VPCEndpoint'],
  ['DescribeNatGateways', 'EC2::NatGateway'],
  ['DescribeInternetGateways', 'EC2::InternetGateway'],
  ['DescribeEgressOnlyInternetGateways', 'EC2::EgressOnlyInternetGateway'],
  ['DescribeDhcpOptions', 'EC2::DHCPOptions'],
  ['DescribeManagedPrefixLists', 'EC2::PrefixList'],
  ['DescribeVpcBlockPublicAccessOptions', 'EC2::VPCBlockPublicAccessOptions'],
  ['DescribeVpcBlockPublicAccessExclusions', 'EC2::VPCBlockPublicAccessExclusion'],
  ['ListHostedZonesByVPC', 'Route53::HostedZone'],
]
const faults: readonly (readonly [string, Fault, string])[] = [
  ['is refused', { error: 'UnauthorizedOperation', status: 403 }, 'lasting'],
  ['is throttled', { error: 'RequestLimitExceeded', status: 503 }, 'passing'],
  ['answers with nothing', { answer: {} }, 'passing'],
  ['answers with no XML', { text: 'oops', status: 502 }, 'passing'],
]

describe.each(parts)('%s', (operation, type) => {
  it.each(faults)('leaves its type unknown when it %s', async (_, fault, transience) => {
    fake.state.plan = (name) => (name === operation ? fault : undefined)
    const { gaps, ...reading } = await presentVpc()
    expect(rows({ gaps, ...reading }).filter((row) => !profileRows.includes(row))).toEqual([type])
    expect(new Set(gaps.map((gap) => `${gap.resourceType} ${gap.transience}`))).toEqual(
      new Set([`AWS::${type} ${transience}`]),
    )
  })
})

describe('what cannot be read of one thing', () => {
  it('is a gap of the VPC when a DNS attribute is refused, and the attribute is not stated', async () => {
    fake.state.plan = (name, _, body) =>
      name === 'DescribeVpcAttribute' && body.Attribute === 'enableDnsSupport'
        ? { error: 'UnauthorizedOperation', status: 403 }
        : undefined
    const { items, gaps } = await presentVpc()
    expect(gaps).toEqual([
      {
        resourceType: 'AWS::EC2::VPC',
        resourceArn: `arn:aws:ec2:eu-central-1:${account}:vpc/vpc-1`,
        reason: 'ec2:DescribeVpcAttribute failed with UnauthorizedOperation',
        transience: 'lasting',
      },
    ])
    expect(items.find((item) => item.resourceId === 'vpc-1')?.supplementaryConfiguration).toEqual({
      enableDnsHostnames: true,
    })
  })

  it('is a gap of the prefix list when its entries fail, and the list stays without entries', async () => {
    fake.state.plan = (name) =>
      name === 'GetManagedPrefixListEntries' ? { error: 'InternalError', status: 500 } : undefined
    const { items, gaps } = await presentVpc()
    expect(gaps.map((gap) => [gap.resourceType, gap.resourceArn])).toEqual([
      ['AWS::EC2::PrefixList', `arn:aws:ec2:eu-central-1:${account}:prefix-list/pl-s3`],
    ])
    const list = items.find((item) => item.resourceId === 'pl-s3')
    expect(list?.configuration).toEqual({
      PrefixListId: 'pl-s3',
      PrefixListName: 'com.amazonaws.eu-central-1.s3',
      OwnerId: 'AWS',
      AddressFamily: 'IPv4',
    })
  })

  it.each([
    [
      'a part of a VPC nobody asked for',
      'DescribeRouteTables',
      { routeTableSet: [{ routeTableId: 'rtb-9', vpcId: 'vpc-9' }] },
    ],
    ['a part without its id', 'DescribeNetworkAcls', { networkAclSet: [{ vpcId: 'vpc-1' }] }],
    ['a subnet without its VPC', 'DescribeSubnets', { subnetSet: [{ subnetId: 'subnet-9' }] }],
  ])('makes the listing unknown when EC2 answers with %s', async (_, operation, answer) => {
    fake.state.plan = (name) => (name === operation ? { answer } : undefined)
    const { gaps } = await presentVpc()
    expect(gaps.map((gap) => gap.reason)).toEqual([`ec2:${operation} failed with MalformedAnswer`])
  })

  it('is a listing whose page token repeats', async () => {
    const answer = { routeTableSet: [], nextToken: 'again' }
    fake.state.plan = (name) => (name === 'DescribeRouteTables' ? { answer } : undefined)
    const { gaps } = await presentVpc()
    expect(gaps.map((gap) => gap.reason)).toEqual(['ec2:DescribeRouteTables failed with MalformedAnswer'])
    expect(fake.calls.filter(({ operation }) => operation === 'DescribeRouteTables')).toHaveLength(2)
  })
})

describe('Block Public Access', () => {
  const exclusion = (exclusionId: string, resource: string, state: string) => ({
    exclusionId,
    internetGatewayExclusionMode: 'allow-egress',
    resourceArn: `arn:aws:ec2:eu-central-1:${account}:${resource}`,
    state,
  })

  it('is read with the exclusions in force', async () => {
    fake.state.ec2.blockMode = 'block-bidirectional'
    fake.state.ec2.exclusions.push(
      exclusion('x-1', 'vpc/vpc-1', 'create-complete'),
      exclusion('x-2', 'subnet/subnet-1', 'update-in-progress'),
      exclusion('x-3', 'subnet/subnet-2', 'delete-complete'),
      exclusion('x-4', 'vpc/vpc-2', 'create-failed'),
    )
    const { items } = await presentVpc()
    const of = (type: string) => items.filter((item) => item.resourceType === type).map((item) => item.configuration)
    expect(of('AWS::EC2::VPCBlockPublicAccessOptions')).toEqual([
      { AccountId: account, InternetGatewayBlockMode: 'block-bidirectional' },
    ])
    expect(of('AWS::EC2::VPCBlockPublicAccessExclusion')).toEqual([
      { ExclusionId: 'x-1', InternetGatewayExclusionMode: 'allow-egress', VpcId: 'vpc-1' },
      { ExclusionId: 'x-2', InternetGatewayExclusionMode: 'allow-egress', SubnetId: 'subnet-1' },
    ])
  })
})

describe('all VPCs of the region', () => {
  it('are read with the parts and DNS attributes of each', async () => {
    addOtherVpc()
    const { items, gaps, coverage } = await readAllVpcs(networkReadersOf(fake).network)
    expect(gaps).toEqual([])
    expect(ids(items, 'RouteTable')).toEqual(['rtb-1', 'rtb-of-vpc-2'])
    expect(ids(items, 'VPC')).toEqual(['vpc-1', 'vpc-2'])
    expect(items.find((item) => item.resourceId === 'vpc-2')?.supplementaryConfiguration).toEqual({
      enableDnsSupport: true,
      enableDnsHostnames: false,
    })
    const types = coverage.map((row) => row.resourceType)
    expect(new Set(types).size).toBe(types.length)
  })

  it('are unknown, and their hosted zones too, when VPCs cannot be listed', async () => {
    fake.state.plan = (operation) => (operation === 'DescribeVpcs' ? { error: 'RequestLimitExceeded' } : undefined)
    const reading = await readAllVpcs(networkReadersOf(fake).network)
    expect(rows(reading)).toEqual(['EC2::VPC', 'Route53::HostedZone', ...profileRows])
  })
})
