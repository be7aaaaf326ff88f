import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accountIds,
  estateOf,
  policy,
  publicRepository,
  readerRole,
  smallShape,
} from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import type { FaultAnswer, FaultKind } from '../support/fake-estate/faults.ts'
import { type FakeKeys, keysOf } from '../support/fake-estate/identity.ts'
import { plans } from '../support/fake-estate/plans.ts'

const [first = '', second = '', third = ''] = accountIds(3)
let estate: FakeEstate
beforeAll(async () => {
  const accounts = estateOf(smallShape)
  accounts[1]?.regions.get('eu-central-1')?.state.repositories.set(publicRepository, policy({ Sid: 'Second' }))
  const closed = accounts.map((one) => (one.accountId === third ? { ...one, status: 'SUSPENDED' as const } : one))
  estate = await startFakeEstate(closed)
})
afterAll(() => estate.close())
beforeEach(() => estate.restart())

const settings = (keys: FakeKeys, region: string) => ({
  region,
  credentials: keys,
  endpoint: estate.endpoint,
  maxAttempts: 1,
})
const ecr = (keys = keysOf(first), region = 'eu-central-1') => new ECRClient(settings(keys, region))
const iam = (keys = keysOf(first)) => new IAMClient(settings(keys, 'us-east-1'))
const ec2 = () => new EC2Client(settings(keysOf(first), 'eu-central-1'))
const sts = (keys = keysOf(first)) => new STSClient(settings(keys, 'eu-central-1'))
const assume = (accountId: string, more: object = {}) =>
  sts().send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${readerRole.roleName}`,
      RoleSessionName: 'run',
      ExternalId: readerRole.externalId,
      ...more,
    }),
  )
const policyOf = async (client: ECRClient) =>
  (await client.send(new GetRepositoryPolicyCommand({ repositoryName: publicRepository }))).policyText

describe('an estate', () => {
  it('keeps repositories of the same name apart by account and region', async () => {
    expect(await policyOf(ecr(keysOf(second)))).toBe(policy({ Sid: 'Second' }))
    expect(await policyOf(ecr(keysOf(second), 'us-east-1'))).toContain('"Principal":"*"')
    expect(await policyOf(ecr())).toContain('"Principal":"*"')
    expect(estate.calls.map(({ accountId, region, n }) => [accountId, region, n])).toEqual([
      [second, 'eu-central-1', 1],
      [second, 'us-east-1', 1],
      [first, 'eu-central-1', 1],
    ])
  })
  it('counts the calls of services without regions in the scope global', async () => {
    const roles = await iam().send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
    expect(roles.RoleDetailList?.map((role) => role.Arn)).toContain(`arn:aws:iam::${first}:role/node`)
    expect(estate.calls).toMatchObject([{ accountId: first, region: 'global', service: 'iam', n: 1 }])
  })
  it('refuses keys nobody handed out, and regions that are not enabled', async () => {
    await expect(policyOf(ecr(keysOf('999999999999')))).rejects.toThrow('UnrecognizedClientException')
    await expect(policyOf(ecr(keysOf(first), 'ap-east-1'))).rejects.toThrow('UnrecognizedClientException')
  })
  it('lets in who knows the role and its external id', async () => {
    const { Credentials: keys, AssumedRoleUser: user } = await assume(second)
    expect(user?.Arn).toBe(`arn:aws:sts::${second}:assumed-role/${readerRole.roleName}/run`)
    const credentials = {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    }
    expect(await sts(credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: second })
    expect(await policyOf(ecr(credentials))).toBe(policy({ Sid: 'Second' }))
    const { sessionToken: _, ...withoutToken } = credentials
    await expect(policyOf(ecr(withoutToken))).rejects.toThrow('UnrecognizedClientException')
    estate.expireKeys()
    await expect(policyOf(ecr(credentials))).rejects.toThrow('ExpiredTokenException')
  })
  it.each([
    ['an unknown account', '999999999999', {}],
    ['a suspended account', third, {}],
    ['another role', second, { RoleArn: `arn:aws:iam::${second}:role/other` }],
    ['another external id', second, { ExternalId: 'guessed' }],
    ['no external id', second, { ExternalId: undefined }],
  ])('refuses %s', async (_name, accountId, more) => {
    await expect(assume(accountId, more)).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('a planned fault', () => {
  const fail = (operation: string, fault: FaultAnswer, more: object = {}) => {
    estate.plan = [{ account: '*', region: '*', operation, nth: 'every', fault, ...more }]
  }
  const list = (abortSignal = AbortSignal.timeout(5_000)) =>
    ecr().send(new DescribeRepositoriesCommand({}), { abortSignal })
  it.each<[FaultKind, object]>([
    ['throttle', { name: 'ThrottlingException' }],
    ['500', { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
    ['reset', { code: 'ECONNRESET' }],
    ['malformed', { name: 'SyntaxError' }],
    ['html', { name: 'SyntaxError' }],
    ['truncated', { name: 'SyntaxError' }],
    ['denied', { name: 'AccessDeniedException' }],
    ['expired', { name: 'ExpiredTokenException' }],
  ])('%s makes a call of ECR fail', async (kind, error) => {
    fail('ecr:DescribeRepositories', kind)
    await expect(list()).rejects.toMatchObject(error)
  })
  it.each<[FaultKind, string, string]>([
    ['throttle', 'RequestLimitExceeded', 'Throttling'],
    ['denied', 'UnauthorizedOperation', 'AccessDenied'],
    ['expired', 'RequestExpired', 'ExpiredToken'],
  ])('%s is worded as EC2 and IAM word it', async (kind, inEc2, inIam) => {
    fail('*', kind)
    await expect(ec2().send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: inEc2 })
    const roles = new GetAccountAuthorizationDetailsCommand({})
    await expect(iam().send(roles)).rejects.toMatchObject({ name: inIam })
  })
  it.each<FaultKind>(['hang', 'trickle'])('%s never ends by itself', async (kind) => {
    fail('ecr:DescribeRepositories', kind)
    await expect(list(AbortSignal.timeout(60))).rejects.toMatchObject({ name: 'AbortError' })
  })
  it('empty is an answer that says nothing', async () => {
    fail('*', 'empty')
    const { $metadata: _, ...answer } = await list()
    expect(answer).toEqual({})
  })
  it('wrong type is an answer with other members than documented', async () => {
    fail('*', 'wrong type')
    expect(Array.isArray((await list()).repositories)).toBe(false)
  })
  it('repeated token makes a listing endless, from one call on', async () => {
    fail('ecr:DescribeRepositories', 'repeated token', { nth: 1 })
    const one = await list()
    const two = await ecr().send(new DescribeRepositoriesCommand({ nextToken: one.nextToken }))
    expect([one.nextToken, two.nextToken, two.repositories?.length]).toEqual(['repeated', 'repeated', 3])
    expect((await list()).nextToken).toBe(undefined)
  })
  it('happens where and when the plan says, to what it is about', async () => {
    const denied = { account: first, region: 'eu-central-1', operation: 'ecr:GetRepositoryPolicy', fault: 'denied' }
    estate.plan = [{ ...denied, nth: 2, fault: 'denied' }]
    const tried = async () =>
      (await Promise.allSettled([policyOf(ecr())])).map(({ status }) => status === 'fulfilled').at(0)
    expect([await tried(), await tried(), await tried()]).toEqual([true, false, true])
    estate.plan = [{ ...denied, nth: 'every', about: 'team/other', fault: 'denied' }]
    expect(await tried()).toBe(true)
    estate.plan = [
      { ...denied, nth: 'every', about: publicRepository, fault: { error: 'RepositoryNotFoundException' } },
    ]
    await expect(policyOf(ecr())).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
    expect(await policyOf(ecr(keysOf(second)))).toBe(policy({ Sid: 'Second' }))
  })
  it('shrinks to the one call that matters', () => {
    const space = { accounts: [first, second], regions: ['global', 'us-east-1'], operations: ['ecr:A', 'ecr:B'] }
    const run = fc.check(
      fc.property(plans(space), (plan) => !plan.some((one) => one.operation === 'ecr:B')),
      { seed: 1 },
    )
    expect(run.counterexample?.[0]).toEqual([
      { account: first, region: 'global', operation: 'ecr:B', nth: 1, fault: 'throttle' },
    ])
  })
})
