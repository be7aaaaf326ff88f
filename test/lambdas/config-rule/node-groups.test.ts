import { afterEach, beforeEach, expect, it } from 'vitest'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  adminPolicy,
  audit,
  changeOf,
  clusterItem,
  eksCluster,
  held,
  nodegroup,
  pullPolicy,
  role,
  sweepOf,
  told,
  written,
} from './role-scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  const service = 'ec2.amazonaws.com'
  fake.state.iam.roles.push(
    role('auditor', undefined),
    role('pulls', pullPolicy('*'), { service }),
    role('admin', adminPolicy, { service }),
  )
  fake.state.eks.clusters.push(eksCluster('blue'), eksCluster('green'), eksCluster('empty'))
  fake.state.eks.nodegroups.push(
    nodegroup('blue', 'a', 'pulls'),
    nodegroup('blue', 'b', 'admin'),
    nodegroup('green', 'c', 'pulls'),
  )
})
afterEach(() => fake.close())

const ruleId = 'eks-node-role-least-privilege'
const arnOf = (path: string) => `arn:aws:eks:eu-central-1:111122223333:nodegroup/${path}/11aa22bb`

it('a sweep records the worst node group on its cluster, and every one in Security Hub', async () => {
  await audit(fake, sweepOf(ruleId))
  expect(told(fake)).toEqual([
    ['AWS::EKS::Cluster', 'blue', 'NON_COMPLIANT'],
    ['AWS::EKS::Cluster', 'green', 'COMPLIANT'],
    ['AWS::EKS::Cluster', 'empty', 'NOT_APPLICABLE'],
    ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
  ])
  expect(fake.evaluations.map((one) => one.Annotation.slice(0, 3))).toEqual(['b: ', 'c: ', 'The', '3 r'])
  expect(held(fake).slice(0, 3)).toEqual([
    [arnOf('blue/a'), 'PASSED', 'ACTIVE'],
    [arnOf('blue/b'), 'FAILED', 'ACTIVE'],
    [arnOf('green/c'), 'PASSED', 'ACTIVE'],
  ])
  expect([...fake.findings.values()].map((one) => one.Resources[0].Type)).not.toContain('AwsEksCluster')
})

it('the next sweep archives the finding of a node group that is gone, and of all that went with their cluster', async () => {
  await audit(fake, sweepOf(ruleId))
  fake.state.eks.nodegroups.splice(0, 3, nodegroup('blue', 'a', 'pulls'))
  fake.state.eks.clusters.splice(1, 1)
  await audit(fake, sweepOf(ruleId))
  expect(held(fake).slice(0, 3)).toEqual([
    [arnOf('blue/a'), 'PASSED', 'ACTIVE'],
    [arnOf('blue/b'), 'PASSED', 'ARCHIVED'],
    [arnOf('green/c'), 'PASSED', 'ARCHIVED'],
  ])
})

it('the finding of a node group that is not listed and may not be looked at is open', async () => {
  serveCompliance(fake)
  await audit(fake, sweepOf(ruleId))
  fake.state.eks.nodegroups.splice(1, 1)
  fake.state.plan = (operation, _n, body) =>
    operation === 'DescribeNodegroup' && body.nodegroupName === 'b' ? { error: 'AccessDeniedException' } : undefined
  await audit(fake, sweepOf(ruleId))
  expect(held(fake)[1]).toEqual([arnOf('blue/b'), 'WARNING', 'ACTIVE'])
})

it('a change of a cluster judges its own node groups only', async () => {
  await audit(fake, changeOf(ruleId, clusterItem('green')))
  expect(told(fake)).toEqual([['AWS::EKS::Cluster', 'green', 'COMPLIANT']])
  expect(held(fake)).toEqual([[arnOf('green/c'), 'PASSED', 'ACTIVE']])
})

it.each([
  ['empty', 'The cluster has no managed node group.'],
  ['gone', 'The resource is gone.'],
])('a change of the %s cluster is NOT_APPLICABLE', async (name, annotation) => {
  await audit(fake, changeOf(ruleId, clusterItem(name)))
  expect(fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType, one.Annotation])).toEqual([
    [name, 'NOT_APPLICABLE', annotation],
  ])
  expect(held(fake)).toEqual([])
})

it('a cluster is not cleared while one of its node groups may not be described', async () => {
  fake.state.plan = (operation, _n, body) =>
    operation === 'DescribeNodegroup' && body.nodegroupName === 'b' ? { error: 'AccessDeniedException' } : undefined
  await audit(fake, changeOf(ruleId, clusterItem('blue')))
  expect(told(fake)).toEqual([['AWS::EKS::Cluster', 'blue', 'NON_COMPLIANT']])
  expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: eks:DescribeNodegroup failed with AccessDenied/)
  expect(held(fake)).toEqual([])
})

it('writes nothing and fails when node groups are throttled', async () => {
  fake.state.plan = (operation) => (operation === 'DescribeNodegroup' ? { error: 'ThrottlingException' } : undefined)
  await expect(audit(fake, changeOf(ruleId, clusterItem('blue')))).rejects.toThrow('ThrottlingException')
  expect(written(fake)).toBe(0)
})
