import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vpcRules } from '../../../shared/rules/vpc-rules.ts'
import { wireGroup } from '../../sources/ec2/account.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { told, written } from './role-scenario.ts'
import {
  addIsolatedVpc,
  addServiceOnInstances,
  changeIn,
  groupItem,
  networkItem,
  startPullingAccount,
  sweepOfVpcs,
  timesCalled,
  warmAuditor,
} from './vpc-scenario.ts'

let fake: FakeAws
let audit: ReturnType<typeof warmAuditor>
beforeEach(async () => {
  fake = await startPullingAccount()
  audit = warmAuditor(fake)
})
afterEach(() => fake.close())

const reachable = 'vpc-ecr-endpoints-reachable'
const present = 'vpc-ecr-endpoints-present'
const closeEndpoints = () => {
  const groups = fake.state.ec2.securityGroups
  groups.splice(
    groups.findIndex(({ groupId }) => groupId === 'sg-endpoints'),
    1,
    wireGroup('sg-endpoints'),
  )
}

describe('a change in a network', () => {
  it.each([
    ['AWS::EC2::VPCEndpoint', 'vpce-ecr-api'],
    ['AWS::EC2::RouteTable', 'rtb-1'],
    ['AWS::EC2::SecurityGroup', 'sg-1'],
    ['AWS::EC2::NetworkAcl', 'acl-1'],
    ['AWS::EC2::Subnet', 'subnet-1'],
    ['AWS::EC2::NatGateway', 'nat-1'],
    ['AWS::EC2::VPC', 'vpc-1'],
  ])('of %s judges the VPC it belongs to, and no other', async (type, id) => {
    addIsolatedVpc(fake)
    await audit(changeIn(present, networkItem(type, id)))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
  })

  it('is judged by the live network, whatever the item says', async () => {
    closeEndpoints()
    await audit(
      changeIn(reachable, groupItem('sg-endpoints', { configuration: { vpcId: 'vpc-9', ipPermissions: [] } })),
    )
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'NON_COMPLIANT']])
    const [finding] = fake.findings.values()
    expect(finding.Resources[0].Id).toBe('arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1')
  })

  it('of a type the rule has nothing to do with is refused', async () => {
    await expect(audit(changeIn(present, networkItem('AWS::EC2::Volume', 'vol-1')))).rejects.toThrow(
      'configurationItem.resourceType',
    )
    expect(fake.calls).toEqual([])
  })

  it('reads roles only for the rule that asks about them, and those of the VPC only', async () => {
    await audit(changeIn(present, groupItem('sg-1')))
    expect(timesCalled(fake, 'GetRole')).toBe(0)
    await audit(changeIn('vpc-endpoint-policy-allows-pull', groupItem('sg-1')))
    expect(fake.calls.filter(({ operation }) => operation === 'GetRole').map(({ body }) => body.RoleName)).toEqual([
      'puller',
    ])
    expect(told(fake).map(([, , compliance]) => compliance)).toEqual(['COMPLIANT', 'COMPLIANT'])
  })

  it('is judged for services on container instances too, with the role of their instances', async () => {
    fake.state.ecs.services.length = 0
    addServiceOnInstances(fake)
    await audit(changeIn('vpc-endpoint-policy-allows-pull', groupItem('sg-1')))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
    const roles = fake.calls.filter(({ operation }) => operation === 'GetRole').map(({ body }) => body.RoleName)
    expect(roles.sort()).toEqual(['instances', 'puller'])
    closeEndpoints()
    await audit(changeIn(reachable, groupItem('sg-1')), '2026-03-01T12:02:00.000Z')
    expect(told(fake).at(-1)).toEqual(['AWS::EC2::VPC', 'vpc-1', 'NON_COMPLIANT'])
  })

  it('says of a good verdict that workloads of other accounts are not visible', async () => {
    await audit(changeIn(present, groupItem('sg-1')))
    const [finding] = fake.findings.values()
    expect(JSON.stringify(finding)).toContain('no workload of another account pulls images in shared subnets')
  })
})

describe('a deleted resource', () => {
  const deleted = (more: Record<string, unknown>) =>
    groupItem('sg-gone', { configurationItemStatus: 'ResourceDeleted', configuration: null, ...more })

  it.each([
    ['configuration', { configuration: { vpcId: 'vpc-1' } }],
    ['relationships', { relationships: [{ resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1' }] }],
  ])('is placed by the %s of its item', async (_name, more) => {
    await audit(changeIn(present, deleted(more)))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
  })

  it('is placed by the item before its last', async () => {
    const item = {
      ...{ resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-gone' },
      configuration: JSON.stringify({ vpcId: 'vpc-1' }),
    }
    fake.state.history.push({ configurationItems: [item] })
    await audit(changeIn(present, deleted({})))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
    const asked = fake.calls.find(({ operation }) => operation === 'GetResourceConfigHistory')
    expect(asked?.body.laterTime).toBe(Date.parse('2026-03-01T10:59:59.999Z') / 1000)
  })

  it('that nobody can place makes every VPC be judged', async () => {
    addIsolatedVpc(fake)
    await audit(changeIn(present, deleted({})))
    expect(told(fake)).toEqual([
      ['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT'],
      ['AWS::EC2::VPC', 'vpc-2', 'NON_COMPLIANT'],
      ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
    ])
  })

  it('clears nothing: of a VPC that is not there, nothing is said', async () => {
    await audit(changeIn(present, deleted({ configuration: { vpcId: 'vpc-9' } })))
    expect(written(fake)).toBe(0)
  })

  it('does not take the work from where the resource really is', async () => {
    addIsolatedVpc(fake)
    const item = groupItem('sg-21', { configurationItemStatus: 'ResourceDeleted', configuration: { vpcId: 'vpc-1' } })
    await audit(changeIn(present, item))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-2', 'NON_COMPLIANT']])
  })
})

describe('the VPC itself', () => {
  it('that is gone is not applicable', async () => {
    const item = networkItem('AWS::EC2::VPC', 'vpc-9', { configurationItemStatus: 'ResourceDeleted' })
    await audit(changeIn(present, item))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-9', 'NOT_APPLICABLE']])
  })

  it('that left the scope of the rule loses its result in AWS Config, and keeps its finding', async () => {
    await audit({ ...changeIn(present, networkItem('AWS::EC2::VPC', 'vpc-1')), eventLeftScope: true })
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'NOT_APPLICABLE']])
    expect(fake.findings.size).toBe(0)
  })

  it.each([
    ['no id of a VPC', 'vpc_1', null, 'configurationItem.resourceId'],
    ['another account', 'vpc-1', 'arn:aws:ec2:eu-central-1:999999999999:vpc/vpc-1', 'configurationItem.ARN'],
    ['another region', 'vpc-1', 'arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1', 'configurationItem.ARN'],
  ])('is refused with %s', async (_name, id, ARN, field) => {
    await expect(audit(changeIn(present, networkItem('AWS::EC2::VPC', id, { ARN })))).rejects.toThrow(field)
    expect(fake.calls).toEqual([])
  })

  it('may not be read: undetermined', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeVpcs' ? { error: 'UnauthorizedOperation', status: 403 } : undefined
    await audit(changeIn(present, networkItem('AWS::EC2::VPC', 'vpc-1')))
    expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'NON_COMPLIANT']])
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: ec2:DescribeVpcs failed with UnauthorizedOperation/)
  })
})

describe('what could not be read just now', () => {
  it.each(['DescribeRouteTables', 'DescribeVpcEndpoints', 'DescribeVpcs', 'ListServices', 'ListHostedZonesByVPC'])(
    'writes nothing and fails when %s is throttled, and is read again for the next event',
    async (throttled) => {
      fake.state.plan = (operation, n) =>
        operation === throttled && n === 1 ? { error: 'ThrottlingException' } : undefined
      await expect(audit(changeIn(present, groupItem('sg-1')))).rejects.toThrow(`${throttled} failed with`)
      expect(written(fake)).toBe(0)
      await audit(changeIn(present, groupItem('sg-1')))
      expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
    },
  )

  it('fails when the place of the resource is throttled, instead of believing the item', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeSecurityGroups' ? { error: 'RequestLimitExceeded', status: 503 } : undefined
    await expect(audit(changeIn(present, groupItem('sg-1', { configuration: { vpcId: 'vpc-1' } })))).rejects.toThrow(
      'where AWS::EC2::SecurityGroup sg-1 is could not be read yet',
    )
    expect(written(fake)).toBe(0)
  })
})

describe('the sweep', () => {
  it.each(vpcRules.map(({ id }) => [id]))('of %s reads all it needs and decides', async (ruleId) => {
    await audit(sweepOfVpcs(ruleId))
    expect(told(fake).map(([type]) => type)).toEqual(['AWS::EC2::VPC', 'AWS::::Account'])
    for (const one of fake.evaluations) expect(one.Annotation).not.toMatch(/^Undetermined:/)
  })

  it('judges every VPC of the region', async () => {
    addIsolatedVpc(fake)
    await audit(sweepOfVpcs(present))
    expect(told(fake)).toEqual([
      ['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT'],
      ['AWS::EC2::VPC', 'vpc-2', 'NON_COMPLIANT'],
      ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
    ])
  })

  it('of several rules reads the region once a minute', async () => {
    await audit(sweepOfVpcs(present))
    await audit(sweepOfVpcs(reachable), '2026-03-01T12:01:00.000Z')
    expect([timesCalled(fake, 'DescribeRouteTables'), timesCalled(fake, 'ListServices')]).toEqual([1, 1])
    await audit(sweepOfVpcs(reachable), '2026-03-01T12:01:01.000Z')
    expect(timesCalled(fake, 'DescribeRouteTables')).toBe(2)
  })
})
