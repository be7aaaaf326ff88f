import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listClusters } from '../../../shared/sources/eks/clusters.ts'
import { listFargateProfiles, readFargateProfile } from '../../../shared/sources/eks/fargate-profiles.ts'
import { listNodegroups, readNodegroup } from '../../../shared/sources/eks/nodegroups.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { readersOf } from '../readers.ts'
import { base, fillEks } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEks(fake)
})
afterEach(() => fake.close())

const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const reader = (fault?: Fault) => readersOf(fake, fault && 'hang' in fault ? 100 : undefined).eks
const lists = new Map([
  ['AWS::EKS::Cluster', listClusters],
  ['AWS::EKS::Nodegroup', listNodegroups],
  ['AWS::EKS::FargateProfile', listFargateProfiles],
])
const list = (type: string, fault?: Fault) => {
  const read = lists.get(type)
  if (read === undefined) throw new Error(type)
  return read(reader(fault))
}

describe('a node group', () => {
  it('is an item with its role and launch template', async () => {
    expect(await readNodegroup(reader(), 'prod', 'blue')).toMatchObject({
      state: 'present',
      gaps: [],
      item: {
        resourceType: 'AWS::EKS::Nodegroup',
        resourceId: 'prod/blue',
        resourceName: 'blue',
        awsRegion: 'eu-central-1',
        arn: `${base}:nodegroup/prod/blue/1`,
        configuration: {
          ClusterName: 'prod',
          NodegroupName: 'blue',
          Arn: `${base}:nodegroup/prod/blue/1`,
          NodeRole: 'arn:aws:iam::111122223333:role/node',
          Subnets: ['subnet-1'],
          LaunchTemplate: { Id: 'lt-1', Version: '3' },
          AmiType: 'AL2023_x86_64_STANDARD',
          CapacityType: 'SPOT',
          Labels: { team: 'a' },
        },
      },
    })
  })
  it.each([
    ['prod', 'none'],
    ['none', 'blue'],
  ])('is gone when cluster %s has no %s', async (cluster, name) => {
    expect(await readNodegroup(reader(), cluster, name)).toEqual({ state: 'gone' })
  })
})

describe('a Fargate profile', () => {
  it('is an item with its pod execution role and selectors', async () => {
    expect(await readFargateProfile(reader(), 'prod', 'default')).toMatchObject({
      state: 'present',
      item: {
        resourceType: 'AWS::EKS::FargateProfile',
        resourceId: 'prod|default',
        arn: `${base}:fargateprofile/prod/default/2`,
        configuration: {
          ClusterName: 'prod',
          FargateProfileName: 'default',
          Arn: `${base}:fargateprofile/prod/default/2`,
          PodExecutionRoleArn: 'arn:aws:iam::111122223333:role/pods',
          Subnets: ['subnet-2'],
          Selectors: [{ Namespace: 'default', Labels: { app: 'x' } }],
        },
      },
    })
  })
  it('is gone when the cluster has none of that name', async () => {
    expect(await readFargateProfile(reader(), 'prod', 'none')).toEqual({ state: 'gone' })
  })
})

describe.each([
  ['DescribeNodegroup', 'AWS::EKS::Nodegroup', readNodegroup, 'blue', `${base}:nodegroup/prod/blue/1`],
  ['DescribeFargateProfile', 'AWS::EKS::FargateProfile', readFargateProfile, 'default', undefined],
] as const)('reading one by %s', (operation, type, read, name, arn) => {
  it.each(faults)('is unknown when it %s', async (_name, fault, error, transience) => {
    failing(operation, fault)
    const gap = { reason: `eks:${operation} failed with ${error}`, transience, ...(arn ? { resourceArn: arn } : {}) }
    expect(await read(reader(fault), 'prod', name, arn)).toEqual({
      state: 'unknown',
      gap: { resourceType: type, ...gap },
    })
  })
  it.each([
    ['another one', { clusterName: 'prod', nodegroupName: 'x', fargateProfileName: 'x' }],
    ['one of another cluster', { clusterName: 'x', nodegroupName: name, fargateProfileName: name }],
    ['one without an ARN', { clusterName: 'prod', nodegroupName: name, fargateProfileName: name }],
    [
      'one of another account',
      {
        clusterName: 'prod',
        nodegroupName: name,
        fargateProfileName: name,
        nodeRole: 'r',
        podExecutionRoleArn: 'r',
        subnets: [],
        nodegroupArn: 'arn:aws:eks:eu-central-1:999900001111:nodegroup/prod/blue/1',
        fargateProfileArn: 'arn:aws:eks:eu-central-1:999900001111:fargateprofile/prod/default/1',
      },
    ],
  ])('is unknown when the answer is about %s', async (_name, value) => {
    failing(operation, { answer: { nodegroup: value, fargateProfile: value } })
    expect(await read(reader(), 'prod', name)).toMatchObject({
      state: 'unknown',
      gap: { reason: `eks:${operation} failed with MalformedAnswer` },
    })
  })
})

describe('listing', () => {
  it.each([
    ['AWS::EKS::Cluster', ['prod', 'empty']],
    ['AWS::EKS::Nodegroup', ['prod/blue']],
    ['AWS::EKS::FargateProfile', ['prod|default']],
  ])('gives all of %s', async (type, ids) => {
    const { items, coverage, gaps } = await list(type)
    expect(items.map((item) => item.resourceId)).toEqual(ids)
    expect(gaps).toEqual([])
    expect(coverage).toEqual([
      { accountId: '111122223333', region: 'eu-central-1', resourceType: type, status: 'known' },
    ])
  })
  it('keeps the issuer and the security group of a cluster', async () => {
    const { items } = await list('AWS::EKS::Cluster')
    expect(items[0]).toMatchObject({
      arn: `${base}:cluster/prod`,
      configuration: {
        Arn: `${base}:cluster/prod`,
        Name: 'prod',
        RoleArn: 'arn:aws:iam::111122223333:role/cluster',
        OpenIdConnectIssuerUrl: 'https://oidc.eks.eu-central-1.amazonaws.com/id/ABC',
      },
      supplementaryConfiguration: { clusterSecurityGroupId: 'sg-1' },
    })
  })
  it('reads every page of clusters and node groups', async () => {
    const [cluster] = fake.state.eks.clusters
    const [group] = fake.state.eks.nodegroups
    for (let n = 0; n < 120; n++) {
      fake.state.eks.clusters.push({ ...cluster, name: `c${n}` })
      fake.state.eks.nodegroups.push({ ...group, nodegroupName: `g${n}` })
    }
    expect((await list('AWS::EKS::Cluster')).items.length).toBe(122)
    expect((await list('AWS::EKS::Nodegroup')).items.length).toBe(121)
  })
  const operations = [
    ['ListClusters', 'AWS::EKS::Cluster'],
    ['DescribeCluster', 'AWS::EKS::Cluster'],
    ['ListClusters', 'AWS::EKS::Nodegroup'],
    ['ListNodegroups', 'AWS::EKS::Nodegroup'],
    ['DescribeNodegroup', 'AWS::EKS::Nodegroup'],
    ['ListClusters', 'AWS::EKS::FargateProfile'],
    ['ListFargateProfiles', 'AWS::EKS::FargateProfile'],
    ['DescribeFargateProfile', 'AWS::EKS::FargateProfile'],
  ] as const
  it.each(operations.filter(([operation]) => operation !== 'ListClusters'))(
    'leaves out what %s of %s no longer finds',
    async (operation, type) => {
      failing(operation, { error: 'ResourceNotFoundException', status: 404 })
      const { items, coverage } = await list(type)
      expect([items, coverage.map((row) => row.status)]).toEqual([[], ['known']])
    },
  )
  it.each(operations.flatMap((call) => faults.map((fault) => [...call, ...fault] as const)))(
    'when %s fails leaves %s unknown: it %s',
    async (operation, type, _name, fault, error, transience) => {
      failing(operation, fault)
      const { items, coverage, gaps } = await list(type, fault)
      const reason = `eks:${operation} failed with ${error}`
      expect(items).toEqual([])
      expect(coverage).toMatchObject([{ resourceType: type, status: 'unknown', reason }])
      expect(new Set(gaps.map((gap) => `${gap.reason} ${gap.transience}`))).toEqual(
        new Set([`${reason} ${transience}`]),
      )
    },
  )
})
