import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  IAMClient,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { adminPolicy, policyArn, pullPolicy, role } from '../lambdas/config-rule/role-scenario.ts'
import { account, callEvent, region, told, type Watched, watcher } from '../lambdas/resource-change/scenario.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { type Moto, startMoto } from './moto-server.ts'

let moto: Moto
let fake: FakeAws
let iam: IAMClient
let watched: Watched
const rule = 'role-registry-admin-restricted'
const shared = policyArn('shared')

beforeAll(async () => {
  moto = await startMoto({ MOTO_ACCOUNT_ID: account })
  fake = await startFakeAws()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  iam = new IAMClient({ ...{ region, credentials, maxAttempts: 1 }, endpoint: moto.endpoint })
  watched = watcher({ ...fake, endpoint: moto.endpoint }, [rule])
  await iam.send(new CreatePolicyCommand({ PolicyName: 'shared', PolicyDocument: pullPolicy('app') }))
  for (const RoleName of ['holder', 'second', 'other']) {
    const { trust } = role(RoleName, undefined)
    await iam.send(new CreateRoleCommand({ RoleName, Path: '/ci/', AssumeRolePolicyDocument: trust }))
  }
  for (const RoleName of ['holder', 'second'])
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: shared }))
})
afterAll(async () => {
  moto?.stop()
  await fake?.close()
})

async function said(eventName: string, request: object): Promise<readonly unknown[]> {
  watched.published.length = 0
  await watched.handle(callEvent('iam', eventName, { policyArn: shared, ...request }))
  return told(watched).map(([, name, compliance]) => [name, compliance])
}

it('judges the roles that hold a policy by the version that is in force', async () => {
  const version = { PolicyArn: shared, PolicyDocument: adminPolicy }
  await iam.send(new CreatePolicyVersionCommand({ ...version, SetAsDefault: true }))
  expect(await said('CreatePolicyVersion', { policyDocument: adminPolicy, setAsDefault: true })).toEqual([
    ['holder', 'NON_COMPLIANT'],
    ['second', 'NON_COMPLIANT'],
  ])
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: shared, VersionId: 'v1' }))
  expect(await said('SetDefaultPolicyVersion', { versionId: 'v1' })).toEqual([
    ['holder', 'COMPLIANT'],
    ['second', 'COMPLIANT'],
  ])
  await iam.send(new CreatePolicyVersionCommand(version))
  expect(await said('CreatePolicyVersion', { policyDocument: adminPolicy })).toEqual([])
})
