import { afterEach, beforeEach, expect, it } from 'vitest'
import { placedTypes, vpcOf } from '../../../shared/sources/ec2/vpc-of.ts'
import { listVpcs } from '../../../shared/sources/ec2/vpcs.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { networkReadersOf } from '../network-readers.ts'
import { fillEc2, wireVpc } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEc2(fake)
})
afterEach(() => fake.close())

const resources: readonly (readonly [string, string, string])[] = [
  ['AWS::EC2::VPC', 'vpc-1', 'DescribeVpcs'],
  ['AWS::EC2::Subnet', 'subnet-1', 'DescribeSubnets'],
  ['AWS::EC2::RouteTable', 'rtb-1', 'DescribeRouteTables'],
  ['AWS::EC2::SecurityGroup', 'sg-1', 'DescribeSecurityGroups'],
  ['AWS::EC2::NetworkAcl', 'acl-1', 'DescribeNetworkAcls'],
  ['AWS::EC2::VPCEndpoint', 'vpce-s3', 'DescribeVpcEndpoints'],
  ['AWS::EC2::NatGateway', 'nat-1', 'DescribeNatGateways'],
]

it('answers for every type it names', () => {
  expect(placedTypes()).toEqual(resources.map(([type]) => type))
})

it.each(resources)('tells the VPC of a resource of type %s', async (type, id) => {
  expect(await vpcOf(networkReadersOf(fake).ec2, type, id)).toEqual({ state: 'known', vpcId: 'vpc-1' })
})

it.each(resources)('says that a resource of type %s is gone', async (type, id) => {
  expect(await vpcOf(networkReadersOf(fake).ec2, type, `${id}0`)).toEqual({ state: 'gone' })
})

it.each(resources)(
  'does not know the VPC when the call about a resource of type %s is refused',
  async (type, id, operation) => {
    fake.state.plan = () => ({ error: 'UnauthorizedOperation', status: 403 })
    expect(await vpcOf(networkReadersOf(fake).ec2, type, id)).toEqual({
      state: 'unknown',
      gap: { resourceType: type, reason: `ec2:${operation} failed with UnauthorizedOperation`, transience: 'lasting' },
    })
  },
)

it('takes an answer about another resource for none', async () => {
  fake.state.plan = () => ({ answer: { subnetSet: [{ subnetId: 'subnet-2', vpcId: 'vpc-1' }] } })
  expect(await vpcOf(networkReadersOf(fake).ec2, 'AWS::EC2::Subnet', 'subnet-1')).toMatchObject({
    state: 'unknown',
    gap: { reason: 'ec2:DescribeSubnets failed with MalformedAnswer', transience: 'passing' },
  })
})

it('makes no call about a type that belongs to no VPC', async () => {
  expect(await vpcOf(networkReadersOf(fake).ec2, 'AWS::EC2::DHCPOptions', 'dopt-1')).toMatchObject({ state: 'unknown' })
  expect(fake.calls).toEqual([])
})

it('lists the VPCs of the region, default and shared ones told apart', async () => {
  fake.state.ec2.vpcs.push(wireVpc('vpc-2', { isDefault: true }), wireVpc('vpc-3', { ownerId: '444455556666' }))
  fake.state.ec2.pageSize = 2
  const { items, reading } = await listVpcs(networkReadersOf(fake).ec2)
  expect(reading.gaps).toEqual([])
  expect(items.map(({ configuration }) => configuration)).toEqual([
    expect.objectContaining({ VpcId: 'vpc-1', IsDefault: false, OwnerId: '111122223333' }),
    expect.objectContaining({ VpcId: 'vpc-2', IsDefault: true, OwnerId: '111122223333' }),
    expect.objectContaining({ VpcId: 'vpc-3', IsDefault: false, OwnerId: '444455556666' }),
  ])
})
