import { afterEach, beforeEach, expect, it } from 'vitest'
import { vpcRules } from '../../../shared/rules/vpc-rules.ts'
import { wireGroup } from '../../sources/ec2/account.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { told } from './role-scenario.ts'
import { addIsolatedVpc, changeIn, groupItem, startPullingAccount, timesCalled, warmAuditor } from './vpc-scenario.ts'

let fake: FakeAws
let audit: ReturnType<typeof warmAuditor>
beforeEach(async () => {
  fake = await startPullingAccount()
  audit = warmAuditor(fake)
})
afterEach(() => fake.close())

const present = 'vpc-ecr-endpoints-present'
const at = (capturedAt: string) => ({ configurationItemCaptureTime: `2026-03-01T${capturedAt}Z` })
const reads = () => timesCalled(fake, 'DescribeRouteTables')

it('twenty security groups changed at once, for eight rules, are one reading and one evaluation per rule', async () => {
  const groups = Array.from({ length: 20 }, (_, n) => `sg-burst-${n}`)
  fake.state.ec2.securityGroups.push(...groups.map((id) => wireGroup(id)))
  for (const [n, id] of groups.entries()) {
    const captured = at(`11:59:${String(30 + n).padStart(2, '0')}.000`)
    for (const { id: ruleId } of vpcRules) await audit(changeIn(ruleId, groupItem(id, captured)))
  }
  expect(vpcRules).toHaveLength(8)
  expect(told(fake).map(([, id]) => id)).toEqual(vpcRules.map(() => 'vpc-1'))
  const whole = ['DescribeRouteTables', 'DescribeNetworkAcls', 'DescribeVpcEndpoints', 'ListHostedZonesByVPC']
  expect(whole.map((operation) => timesCalled(fake, operation))).toEqual([1, 1, 1, 1])
  expect(['ListServices', 'DescribeTaskDefinition'].map((operation) => timesCalled(fake, operation))).toEqual([1, 1])
  // Where each group is, asked once; and the groups of the VPC.
  expect(timesCalled(fake, 'DescribeSecurityGroups')).toBe(21)
})

it('a change after the reading causes a new one', async () => {
  await audit(changeIn(present, groupItem('sg-1', at('11:59:50.000'))))
  fake.state.ec2.vpcEndpoints.length = 0
  await audit(changeIn(present, groupItem('sg-1', at('12:00:05.000'))), '2026-03-01T12:00:10.000Z')
  expect(reads()).toBe(2)
  expect(told(fake).map(([, , compliance]) => compliance)).toEqual(['COMPLIANT', 'NON_COMPLIANT'])
})

it('a change right before the reading is not taken as shown: EC2 answers a little late', async () => {
  await audit(changeIn(present, groupItem('sg-1', at('11:59:59.000'))))
  await audit(changeIn(present, groupItem('sg-1', at('11:59:59.000'))), '2026-03-01T12:00:01.000Z')
  await audit(changeIn(present, groupItem('sg-1', at('11:59:59.000'))), '2026-03-01T12:00:02.000Z')
  expect([reads(), fake.evaluations.length]).toEqual([2, 2])
})

it('a reading serves no longer than a minute', async () => {
  await audit(changeIn(present, groupItem('sg-1')))
  await audit(changeIn(present, groupItem('sg-1')), '2026-03-01T12:01:00.000Z')
  expect([reads(), fake.evaluations.length]).toEqual([1, 1])
  await audit(changeIn(present, groupItem('sg-1')), '2026-03-01T12:01:00.001Z')
  expect([reads(), fake.evaluations.length]).toEqual([2, 2])
})

it('another VPC is read and judged by itself', async () => {
  addIsolatedVpc(fake)
  await audit(changeIn(present, groupItem('sg-1')))
  await audit(changeIn(present, groupItem('sg-21')))
  await audit(changeIn(present, groupItem('sg-1')))
  expect(told(fake)).toEqual([
    ['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT'],
    ['AWS::EC2::VPC', 'vpc-2', 'NON_COMPLIANT'],
  ])
  expect(reads()).toBe(2)
})

it('a verdict that was not delivered is not taken as done', async () => {
  fake.state.plan = (operation, n) =>
    operation === 'PutEvaluations' && n === 1 ? { error: 'AccessDeniedException', status: 403 } : undefined
  await expect(audit(changeIn(present, groupItem('sg-1')))).rejects.toThrow()
  expect(fake.evaluations).toEqual([])
  await audit(changeIn(present, groupItem('sg-1')))
  expect(told(fake)).toEqual([['AWS::EC2::VPC', 'vpc-1', 'COMPLIANT']])
  expect(reads()).toBe(1)
})

it('the same rule deployed twice under other parameters answers for each', async () => {
  const other = {
    ...changeIn(present, groupItem('sg-1')),
    configRuleArn: 'arn:aws:config:eu-central-1:111122223333:config-rule/config-rule-2',
  }
  await audit(changeIn(present, groupItem('sg-1')))
  await audit(other)
  expect([reads(), fake.evaluations.length]).toEqual([1, 2])
})

it('a burst over more VPCs than are remembered is still judged right', async () => {
  addIsolatedVpc(fake)
  const [subnet] = fake.state.ec2.subnets.filter(({ vpcId }) => vpcId === 'vpc-2')
  for (let n = 3; n <= 8; n++) {
    fake.state.ec2.vpcs.push({ ...fake.state.ec2.vpcs[1], vpcId: `vpc-${n}` })
    fake.state.ec2.subnets.push({ ...subnet, subnetId: `subnet-${n}1`, vpcId: `vpc-${n}` })
    fake.state.ec2.vpcAttributes.set(`vpc-${n}`, { enableDnsSupport: true, enableDnsHostnames: true })
    fake.state.ec2.securityGroups.push(wireGroup(`sg-${n}1`, { vpcId: `vpc-${n}` }))
  }
  for (const round of [0, 1]) {
    for (let n = 3; n <= 8; n++) {
      await audit(changeIn(present, groupItem(`sg-${n}1`)), `2026-03-01T12:00:0${round}.000Z`)
    }
  }
  // The verdicts are remembered although the readings are not.
  expect([reads(), fake.evaluations.length]).toEqual([6, 6])
})
