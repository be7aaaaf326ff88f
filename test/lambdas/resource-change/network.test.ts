import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vpcRules as catalogue } from '../../../shared/rules/vpc-rules.ts'
import { wireGroup, wireVpc } from '../../sources/ec2/account.ts'
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
const vpcRules = catalogue.map(({ id }) => id)
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

describe('a call in a network that names no VPC', () => {
  const disassociated = (time?: string) =>
    callEvent(
      'ec2',
      'DisassociateRouteTable',
      { associationId: 'rtbassoc-1' },
      time === undefined ? {} : { event: { time } },
    )
  const both = [
    [present, 'vpc-1', 'COMPLIANT'],
    [present, 'vpc-2', 'NON_COMPLIANT'],
  ]

  it.each([
    disassociated(),
    callEvent('ec2', 'ModifyManagedPrefixList', {
      ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', CurrentVersion: 1 },
    }),
    callEvent('ec2', 'ModifyVpcBlockPublicAccessOptions', {
      ModifyVpcBlockPublicAccessOptionsRequest: { InternetGatewayBlockMode: 'block-bidirectional' },
    }),
  ])('judges every VPC of the region: %#', async (event) => {
    const watched = watcher(fake, [present, 'ecr-registry-enhanced-scanning'])
    await watched.handle(event)
    expect(told(watched)).toEqual(both)
    expect(watched.warned).toEqual([])
  })

  it('says the same of each as a call that names it', async () => {
    const all = watcher(fake, vpcRules)
    await all.handle(disassociated())
    const named = watcher(fake, vpcRules)
    for (const vpcId of ['vpc-1', 'vpc-2']) await named.handle(callEvent('ec2', 'ModifyVpcAttribute', { vpcId }))
    const byId = (watched: typeof all) => watched.published.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(byId(all)).toHaveLength(2 * vpcRules.length)
    expect(byId(all)).toEqual(byId(named))
  })

  it('reads the region once for all rules, and publishes once what still shows it', async () => {
    const watched = watcher(fake, [present, reachable])
    for (let n = 0; n < 5; n++) await watched.handle(disassociated())
    expect(told(watched)).toHaveLength(4)
    expect(['DescribeRouteTables', 'ListHostedZonesByVPC'].map((name) => timesCalled(fake, name))).toEqual([1, 2])
    await watched.handle(disassociated('2026-03-01T12:00:30.000Z'), { now: '2026-03-01T12:00:40.000Z' })
    expect(told(watched)).toHaveLength(8)
  })

  it('of a region with more than ten VPCs is left to AWS Config, and the log says so', async () => {
    for (let n = 3; n <= 10; n++) fake.state.ec2.vpcs.push(wireVpc(`vpc-${n}`))
    const few = watcher(fake, [present])
    await few.handle(disassociated())
    expect(told(few)).toHaveLength(10)
    fake.calls.length = 0
    fake.state.ec2.vpcs.push(wireVpc('vpc-11'))
    const watched = watcher(fake, [present, reachable])
    await watched.handle(disassociated())
    expect(watched.published).toEqual([])
    const reason = 'the region has 11 VPCs, more than 10'
    expect(watched.warned).toEqual([['left to AWS Config', { call: 'ec2:DisassociateRouteTable', reason }]])
    expect(fake.calls.map(({ operation }) => operation)).toEqual(['DescribeVpcs'])
  })

  it('fails while the VPCs cannot be listed, and is left to AWS Config when they may not be', async () => {
    fake.state.plan = (operation) => (operation === 'DescribeVpcs' ? { error: 'RequestLimitExceeded' } : undefined)
    const watched = watcher(fake, [present])
    await expect(watched.handle(disassociated())).rejects.toThrow(/VPCs could not be listed yet: ec2:DescribeVpcs/)
    fake.state.plan = (operation) =>
      operation === 'DescribeVpcs' ? { error: 'UnauthorizedOperation', status: 403 } : undefined
    await watched.handle(disassociated())
    expect(watched.published).toEqual([])
    const reason = 'VPCs could not be listed: ec2:DescribeVpcs failed with UnauthorizedOperation'
    expect(watched.warned).toEqual([['left to AWS Config', { call: 'ec2:DisassociateRouteTable', reason }]])
  })

  it('is tried again with what is there then', async () => {
    fake.state.plan = (operation) => (operation === 'ListServices' ? { error: 'ThrottlingException' } : undefined)
    const watched = watcher(fake, [reachable])
    await expect(watched.handle(disassociated())).rejects.toThrow(/could not be reached yet/)
    fake.state.plan = () => undefined
    closeEndpoints()
    await watched.handle(disassociated(), { now: '2026-03-01T12:00:20.000Z' })
    expect(told(watched)).toContainEqual([reachable, 'vpc-1', 'NON_COMPLIANT'])
  })

  it('settles what an earlier call that names a VPC would ask for', async () => {
    const watched = watcher(fake, [present])
    await watched.handle(disassociated())
    await watched.handle(callEvent('ec2', 'ModifyVpcAttribute', { vpcId: 'vpc-1' }))
    expect(told(watched)).toEqual(both)
  })

  it('publishes nothing while services cannot be listed, and everything when they can', async () => {
    fake.state.plan = (operation) => (operation === 'ListServices' ? { error: 'ThrottlingException' } : undefined)
    const watched = watcher(fake, [present])
    await expect(watched.handle(disassociated())).rejects.toThrow(/^2 verdict\(s\) could not be reached yet/)
    expect(watched.published).toEqual([])
    fake.state.plan = () => undefined
    await watched.handle(disassociated())
    expect(told(watched)).toEqual(both)
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
