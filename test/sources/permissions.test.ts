import { afterEach, beforeEach, expect, it } from 'vitest'
import { permissions as ec2Permissions } from '../../shared/sources/ec2/permissions.ts'
import { readVpc } from '../../shared/sources/ec2/read-vpc.ts'
import { permissions as ecrPermissions } from '../../shared/sources/ecr/permissions.ts'
import { readRegistry } from '../../shared/sources/ecr/registry.ts'
import { listRepositories } from '../../shared/sources/ecr/repositories.ts'
import { listCapacityProviders } from '../../shared/sources/ecs/capacity-providers.ts'
import { permissions as ecsPermissions } from '../../shared/sources/ecs/permissions.ts'
import { listCurrentTaskDefinitions } from '../../shared/sources/ecs/task-definitions.ts'
import { listClusters } from '../../shared/sources/eks/clusters.ts'
import { listFargateProfiles, readFargateProfile } from '../../shared/sources/eks/fargate-profiles.ts'
import { listNodegroups, readNodegroup } from '../../shared/sources/eks/nodegroups.ts'
import { permissions as eksPermissions } from '../../shared/sources/eks/permissions.ts'
import { listRoles } from '../../shared/sources/iam/list-roles.ts'
import { permissions as iamPermissions } from '../../shared/sources/iam/permissions.ts'
import { readRole } from '../../shared/sources/iam/read-role.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { permissions as route53Permissions } from '../../shared/sources/route53/permissions.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { fillEc2 } from './ec2/account.ts'
import { readerOf } from './ecr/reading.ts'
import { fillEcs } from './ecs/account.ts'
import { fillEks } from './eks/account.ts'
import { fillAccount, own } from './iam/account.ts'
import { networkReadersOf } from './network-readers.ts'
import { actionsCalled, readersOf } from './readers.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const actions = (permissions: readonly ReadPermission[]) => permissions.map(({ action }) => action).sort()

it('ECR: every call has a permission and every permission a call', async () => {
  fake.state.repositories.set('team/app', '{}')
  fake.state.registryPolicy = '{}'
  const reader = readerOf(fake)
  await listRepositories(reader)
  await readRegistry(reader)
  expect(actionsCalled(fake)).toEqual(actions(ecrPermissions))
})

it('IAM: every call has a permission and every permission a call', async () => {
  fillAccount(fake)
  const { iam } = readersOf(fake)
  await readRole(iam, own.role)
  await listRoles(iam, { callerArn: own.caller })
  expect(actionsCalled(fake)).toEqual(actions(iamPermissions))
})

it('IAM: a permission on policies covers every policy that is asked for', async () => {
  fillAccount(fake)
  await readRole(readersOf(fake).iam, own.role)
  const asked = fake.calls.flatMap(({ body }) => (body.PolicyArn ? [body.PolicyArn] : []))
  expect(asked.filter((arn) => !arn.startsWith('arn:aws:iam::111122223333:policy/'))).toEqual([])
  expect(new Set(asked)).toEqual(new Set([own.policy, own.boundary]))
})

it('ECS: every call has a permission and every permission a call', async () => {
  fillEcs(fake)
  const { ecs } = readersOf(fake)
  await listCurrentTaskDefinitions(ecs)
  await listCapacityProviders(ecs)
  expect(actionsCalled(fake)).toEqual(actions(ecsPermissions))
})

it('EKS: every call has a permission and every permission a call', async () => {
  fillEks(fake)
  const { eks } = readersOf(fake)
  await Promise.all([listClusters(eks), listNodegroups(eks), listFargateProfiles(eks)])
  await readNodegroup(eks, 'prod', 'blue')
  await readFargateProfile(eks, 'prod', 'default')
  expect(actionsCalled(fake)).toEqual(actions(eksPermissions))
})

it('EC2 and Route 53: every call has a permission and every permission a call', async () => {
  fillEc2(fake)
  fake.state.route53.zones.push({
    id: 'Z1',
    name: 'ecr.eu-central-1.amazonaws.com.',
    owner: { OwningAccount: '111122223333' },
    vpcIds: ['vpc-1'],
    records: [],
  })
  await readVpc(networkReadersOf(fake).network, 'vpc-1')
  expect(actionsCalled(fake)).toEqual([...new Set(actions([...ec2Permissions, ...route53Permissions]))])
})
