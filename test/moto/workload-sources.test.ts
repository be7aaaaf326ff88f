import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import {
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  EKSClient,
  CreateClusterCommand as EksCreateClusterCommand,
} from '@aws-sdk/client-eks'
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policySource } from '../../shared/inventory/policy-source.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { listCurrentTaskDefinitions, readTaskDefinition } from '../../shared/sources/ecs/task-definitions.ts'
import { listClusters } from '../../shared/sources/eks/clusters.ts'
import { listFargateProfiles } from '../../shared/sources/eks/fargate-profiles.ts'
import { listNodegroups, readNodegroup } from '../../shared/sources/eks/nodegroups.ts'
import { listRoles } from '../../shared/sources/iam/list-roles.ts'
import { readRole } from '../../shared/sources/iam/read-role.ts'
import { type Moto, startMoto } from './moto-server.ts'

const region = 'eu-central-1'
const accountId = '111122223333'
const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
const pull = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"*"}]}'
const push = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:PutImage","Resource":"*"}]}'

let moto: Moto
let iam: IAMClient
let ecs: ECSClient
let eks: EKSClient
let ec2: EC2Client
const base = { accountId, region, readAt: '2026-03-01T12:00:00.000Z' }

beforeAll(async () => {
  moto = await startMoto()
  const shared = { region, endpoint: moto.endpoint, maxAttempts: 1 }
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const assumed = await new STSClient({ ...shared, credentials: root }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/auditor`, RoleSessionName: 'run' }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  iam = new IAMClient({ ...shared, credentials })
  ecs = new ECSClient({ ...shared, credentials })
  eks = new EKSClient({ ...shared, credentials })
  ec2 = new EC2Client({ ...shared, credentials })
})
afterAll(() => moto?.stop())

const text = (document: JsonValue | undefined) => {
  const fact = policySource(document, 'document')
  return fact.state === 'known' ? fact.value.text : fact.state
}
const configurationOf = (item: JsonObject | undefined) => (item ? (item.configuration as JsonObject) : {})
const part = (item: JsonObject | undefined, key: string) => (configurationOf(item)[key] ?? []) as readonly JsonObject[]

it('reads a role one by one and in the listing alike, until it is gone', async () => {
  const reader = { ...base, client: iam }
  const role = `arn:aws:iam::${accountId}:role/team/exec`
  await iam.send(new CreateRoleCommand({ RoleName: 'auditor', AssumeRolePolicyDocument: trust }))
  const boundary = await iam.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: pull }))
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'exec',
      Path: '/team/',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: boundary.Policy?.Arn,
    }),
  )
  await iam.send(new PutRolePolicyCommand({ RoleName: 'exec', PolicyName: 'inline', PolicyDocument: pull }))
  const policy = await iam.send(new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: pull }))
  const PolicyArn = policy.Policy?.Arn
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: push, SetAsDefault: true }))
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'exec', PolicyArn }))

  const one = await readRole(reader, role)
  if (one.state !== 'present') throw new Error('expected the role')
  const all = await listRoles(reader, { callerArn: `arn:aws:sts::${accountId}:assumed-role/auditor/run` })
  expect([...one.gaps, ...all.gaps]).toEqual([])
  expect(all.coverage.map((row) => row.status)).toEqual(['known', 'known'])
  const listed = all.items.find((item) => item.arn === role)
  for (const item of [one.item, listed]) {
    expect(item?.arn).toBe(role)
    expect(text(configurationOf(item).assumeRolePolicyDocument)).toBe(trust)
    expect(part(item, 'rolePolicyList').map((entry) => [entry.policyName, text(entry.policyDocument)])).toEqual([
      ['inline', pull],
    ])
    expect(part(item, 'attachedManagedPolicies').map((entry) => entry.policyArn)).toEqual([PolicyArn])
  }
  const documents = (items: readonly JsonObject[]) =>
    new Map(items.map((item) => [item.resourceName, text(part(item, 'policyVersionList')[0]?.document)]))
  expect(documents(one.policies)).toEqual(
    new Map([
      ['managed', push],
      ['limit', pull],
    ]),
  )
  expect(documents(all.items.filter((item) => item.resourceType === 'AWS::IAM::Policy')).get('managed')).toBe(push)

  await iam.send(new CreateRoleCommand({ RoleName: 'short', AssumeRolePolicyDocument: trust }))
  await iam.send(new DeleteRoleCommand({ RoleName: 'short' }))
  expect(await readRole(reader, `arn:aws:iam::${accountId}:role/short`)).toEqual({ state: 'gone' })
})

it('reads the definitions that services use and the newest of each family', async () => {
  const reader = { ...base, client: ecs }
  await ecs.send(new CreateClusterCommand({ clusterName: 'prod' }))
  const executionRoleArn = `arn:aws:iam::${accountId}:role/exec`
  const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 128 }]
  for (const family of ['web', 'web', 'batch']) {
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        executionRoleArn,
        containerDefinitions,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
      }),
    )
  }
  const subnets = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []
  const groups = (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? []
  const awsvpcConfiguration = { subnets: [subnets[0]?.SubnetId ?? ''], securityGroups: [groups[0]?.GroupId ?? ''] }
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration },
    }),
  )
  const { items, gaps, coverage } = await listCurrentTaskDefinitions(reader)
  expect(gaps).toEqual([])
  expect(coverage.map((row) => row.status)).toEqual(['known', 'known', 'known'])
  const ids = (type: string) => items.filter((item) => item.resourceType === type).map((item) => item.resourceName)
  expect(ids('AWS::ECS::TaskDefinition').sort()).toEqual(['batch:1', 'web:1', 'web:2'])
  expect([ids('AWS::ECS::Cluster'), ids('AWS::ECS::Service')]).toEqual([['prod'], ['web']])
  expect(await readTaskDefinition(reader, 'web')).toMatchObject({
    item: { configuration: { Revision: 2, ExecutionRoleArn: executionRoleArn, RequiresCompatibilities: ['FARGATE'] } },
  })
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:2' }))
  const deregistered = `arn:aws:ecs:${region}:${accountId}:task-definition/web:2`
  expect(await readTaskDefinition(reader, deregistered)).toMatchObject({
    item: { configuration: { Status: 'INACTIVE' } },
  })
  expect(await readTaskDefinition(reader, 'none')).toEqual({ state: 'gone' })
})

it('reads clusters, node groups and Fargate profiles', async () => {
  const reader = { ...base, client: eks }
  const roleArn = `arn:aws:iam::${accountId}:role/eks`
  await eks.send(
    new EksCreateClusterCommand({ name: 'prod', roleArn, resourcesVpcConfig: { subnetIds: ['subnet-1'] } }),
  )
  await eks.send(
    new CreateNodegroupCommand({
      clusterName: 'prod',
      nodegroupName: 'blue',
      nodeRole: roleArn,
      subnets: ['subnet-1'],
    }),
  )
  await eks.send(
    new CreateFargateProfileCommand({
      clusterName: 'prod',
      fargateProfileName: 'default',
      podExecutionRoleArn: roleArn,
      subnets: ['subnet-1'],
      selectors: [{ namespace: 'default' }],
    }),
  )
  const readings = [await listClusters(reader), await listNodegroups(reader), await listFargateProfiles(reader)]
  expect(readings.map(({ gaps, items }) => [gaps, items.map((item) => item.resourceId)])).toEqual([
    [[], ['prod']],
    [[], ['prod/blue']],
    [[], ['prod|default']],
  ])
  expect(readings[1]?.items[0]?.configuration).toMatchObject({ NodeRole: roleArn, ClusterName: 'prod' })
  expect(await readNodegroup(reader, 'prod', 'none')).toEqual({ state: 'gone' })
})
