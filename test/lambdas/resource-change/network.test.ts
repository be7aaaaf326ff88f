import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wireGroup } from '../../sources/ec2/account.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { addIsolatedVpc, startPullingAccount, timesCalled } from '../config-rule/vpc-scenario.ts'
import { callEvent, told, watcher } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startPullingAccount()
  addIsolatedVpc(fake)
})
afterEach(() => fake.close())

const present = 'vpc-ecr-endpoints-present'
const reachable = 'vpc-ecr-endpoints-reachable'
const closeEndpoints = () => {
  const groups = fake.state.ec2.securityGroups
  const index = groups.findIndex(({ groupId }) => groupId === 'sg-endpoints')
  groups.splice(index, 1, wireGroup('sg-endpoints'))
}

describe('a call in a network', () => {
  it.each([
    ['CreateRoute', { routeTableId: 'rtb-1' }, undefined],
    ['AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items: [] } }, undefined],
    ['ModifySecurityGroupRules', { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1' } }, undefined],
    ['DeleteNetworkAclEntry', { networkAclId: 'acl-1' }, undefined],
    ['ModifyVpcAttribute', { vpcId: 'vpc-1', enableDnsSupport: { value: false } }, undefined],
    ['ModifySubnetAttribute', { subnetId: 'subnet-1' }, undefined],
    ['DetachInternetGateway', { internetGatewayId: 'igw-1', vpcId: 'vpc-1' }, undefined],
    ['DeleteNatGateway', { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } }, undefined],
    ['CreateVpcEndpoint', { CreateVpcEndpointRequest: { VpcId: 'vpc-1' } }, undefined],
    ['CreateSubnet', { vpcId: 'vpc-1' }, { subnet: { subnetId: 'subnet-9' } }],
  ])('%s judges the VPC it belongs to, and no other', async (name, request, response) => {
    const watched = watcher(fake, [present, 'ecr-repository-not-public'])
    await watched.handle(callEvent('ec2', name, request, { response }))
    expect(told(watched)).toEqual([[present, 'vpc-1', 'COMPLIANT']])
  })

  it('judges the VPC of a workload that came to its subnets', async () => {
    const watched = watcher(fake, [present])
    const subnets = ['subnet-21']
    await watched.handle(callEvent('eks', 'CreateNodegroup', { name: 'main', nodegroupName: 'blue', subnets }))
    expect(told(watched)).toEqual([[present, 'vpc-2', 'NON_COMPLIANT']])
  })

  it('publishes one finding although it names several subnets of one VPC', async () => {
    const watched = watcher(fake, [present])
    const subnets = ['subnet-1', 'subnet-2']
    await watched.handle(callEvent('eks', 'CreateFargateProfile', { name: 'main', fargateProfileName: 'p', subnets }))
    expect(told(watched)).toEqual([[present, 'vpc-1', 'COMPLIANT']])
  })

  it('reads a VPC once for all rules', async () => {
    const watched = watcher(fake, [present, reachable])
    await watched.handle(callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-1' }))
    expect(told(watched)).toEqual(
      [
        [reachable, 'vpc-1', 'COMPLIANT'],
        [present, 'vpc-1', 'COMPLIANT'],
      ].sort(),
    )
    expect(timesCalled(fake, 'DescribeVpcEndpoints')).toBe(1)
  })

  it('of a deleted endpoint judges the VPC that AWS Config says it was in', async () => {
    fake.state.history.push({
      configurationItems: [
        {
          ...{ resourceType: 'AWS::EC2::VPCEndpoint', resourceId: 'vpce-0', configurationItemStatus: 'OK' },
          configuration: JSON.stringify({ vpcId: 'vpc-2' }),
        },
      ],
    })
    const watched = watcher(fake, [present])
    const request = { DeleteVpcEndpointsRequest: { VpcEndpointId: { tag: 1, content: 'vpce-0' } } }
    await watched.handle(callEvent('ec2', 'DeleteVpcEndpoints', request))
    expect(told(watched)).toEqual([[present, 'vpc-2', 'NON_COMPLIANT']])
  })

  it('that names nothing that has a place is left to AWS Config', async () => {
    const watched = watcher(fake, [present])
    await watched.handle(callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-9' }))
    expect(watched.published).toEqual([])
  })

  it('fails while the place cannot be read', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRouteTables' ? { error: 'RequestLimitExceeded' } : undefined
    const watched = watcher(fake, [present])
    await expect(watched.handle(callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-1' }))).rejects.toThrow(
      /could not be read yet/,
    )
    expect(watched.published).toEqual([])
  })

  it('archives a VPC that is gone when its own deletion was told, and only then', async () => {
    const watched = watcher(fake, [present])
    await watched.handle(callEvent('ec2', 'DetachInternetGateway', { vpcId: 'vpc-9' }))
    expect(watched.published).toEqual([])
    await watched.handle(callEvent('ec2', 'DeleteVpc', { vpcId: 'vpc-9' }))
    expect(told(watched)).toEqual([[present, 'vpc-9', 'NOT_APPLICABLE']])
  })
})

describe('A5 a call that is told of twice', () => {
  it('publishes once while what was read still shows it', async () => {
    const watched = watcher(fake, [present])
    const event = callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-1' })
    for (let n = 0; n < 5; n++) await watched.handle(event)
    expect(told(watched)).toEqual([[present, 'vpc-1', 'COMPLIANT']])
  })

  it('publishes again what was not taken the first time', async () => {
    const watched = watcher(fake, [present])
    const event = callEvent('ec2', 'CreateRoute', { routeTableId: 'rtb-1' })
    fake.state.plan = (operation) => (operation === 'ListServices' ? { error: 'ThrottlingException' } : undefined)
    await expect(watched.handle(event)).rejects.toThrow(/could not be reached yet/)
    fake.state.plan = () => undefined
    await watched.handle(event)
    expect(told(watched)).toEqual([[present, 'vpc-1', 'COMPLIANT']])
  })
})

describe('A6 calls that are told of in another order', () => {
  it('leave the live state, whichever comes last', async () => {
    const opened = callEvent('ec2', 'AuthorizeSecurityGroupIngress', { groupId: 'sg-1' })
    const closed = callEvent(
      'ec2',
      'RevokeSecurityGroupIngress',
      { groupId: 'sg-1' },
      {
        event: { time: '2026-03-01T12:00:30.000Z' },
      },
    )
    closeEndpoints()
    const watched = watcher(fake, [reachable])
    await watched.handle(closed, { now: '2026-03-01T12:01:00.000Z' })
    await watched.handle(opened, { now: '2026-03-01T12:03:00.000Z' })
    expect(told(watched)).toEqual([
      [reachable, 'vpc-1', 'NON_COMPLIANT'],
      [reachable, 'vpc-1', 'NON_COMPLIANT'],
    ])
  })
})
