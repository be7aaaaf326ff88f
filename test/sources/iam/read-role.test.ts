import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { readRole } from '../../../shared/sources/iam/read-role.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readersOf } from '../readers.ts'
import { awsPolicy, execConfiguration, fillAccount, own, pull } from './account.ts'

/** Faults of a call in IAM's own protocol, and whether trying again may help. */
const faults = [
  ['is denied', { error: 'AccessDenied', status: 403 }, 'AccessDenied', 'lasting'],
  ['is throttled', { error: 'Throttling' }, 'Throttling', 'passing'],
  ['fails with a 500', { error: 'ServiceFailure', status: 500 }, 'ServiceFailureException', 'passing'],
  ['answers an empty result', { answer: {} }, 'MalformedAnswer', 'passing'],
  ['answers HTML', { text: '<html><body>moved</body></html>' }, 'MalformedAnswer', 'passing'],
  ['answers half a document', { text: '<GetRoleResponse><GetRole' }, 'Error', 'passing'],
  ['never answers', { hang: true }, 'AbortError', 'passing'],
] as const

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillAccount(fake)
})
afterEach(() => fake.close())

const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const read = (role: string = own.role, timeout?: number) => readRole(readersOf(fake, timeout).iam, role)
async function present(role: string = own.role, timeout?: number) {
  const reading = await read(role, timeout)
  if (reading.state !== 'present') throw new Error(`expected the role: ${JSON.stringify(reading)}`)
  return { ...reading, configuration: reading.item.configuration as JsonObject }
}
const arns = (items: readonly JsonObject[]) => items.map((item) => item.arn).sort()

describe('readRole', () => {
  it('gives the item AWS Config would write', async () => {
    const { item, gaps } = await present()
    expect(gaps).toEqual([])
    expect(item).toEqual({
      version: '1.3',
      accountId: '111122223333',
      awsRegion: 'global',
      configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
      configurationItemStatus: 'OK',
      arn: own.role,
      resourceType: 'AWS::IAM::Role',
      resourceId: 'AROAEXEC',
      resourceName: 'exec',
      tags: Object.fromEntries([['__proto__', 'a&b']]),
      relationships: [],
      configuration: execConfiguration,
      supplementaryConfiguration: {},
    })
  })
  it('gives the default versions of the policies of the account, the boundary included, and leaves those of AWS out', async () => {
    const { policies } = await present()
    expect(arns(policies)).toEqual([own.boundary, own.policy])
    expect(policies.find((item) => item.arn === own.policy)).toMatchObject({
      resourceType: 'AWS::IAM::Policy',
      resourceId: 'ANPAPULL',
      resourceName: 'pull',
      awsRegion: 'global',
      configuration: {
        defaultVersionId: 'v2',
        policyVersionList: [{ versionId: 'v2', isDefaultVersion: true, document: encodeURIComponent(pull) }],
      },
    })
  })
  it('reads the policies of AWS when asked to', async () => {
    const reading = await readRole(readersOf(fake).iam, own.role, { awsManaged: 'read' })
    expect(reading.state === 'present' && arns(reading.policies)).toEqual([own.boundary, own.policy, awsPolicy].sort())
  })
  it('remembers the policies of AWS, and only those, from one reading to the next when asked to', async () => {
    const { iam } = readersOf(fake)
    await readRole(iam, own.role, { awsManaged: 'remember' })
    const before = fake.calls.length
    const reading = await readRole(iam, own.role, { awsManaged: 'remember' })
    expect(reading.state === 'present' && arns(reading.policies)).toEqual([own.boundary, own.policy, awsPolicy].sort())
    const asked = fake.calls
      .slice(before)
      .flatMap(({ operation, body }) => (operation === 'GetPolicy' ? [body.PolicyArn] : []))
    expect(asked.sort()).toEqual([own.boundary, own.policy].sort())
  })
  it('reads a policy once for all readings of one moment', async () => {
    const { iam } = readersOf(fake)
    const memo = new Map()
    fake.state.iam.roles.push({ name: 'other', id: 'AROAOTHER', trust: '{}', attached: [own.policy] })
    await readRole(iam, 'exec', { memo })
    const other = await readRole(iam, 'other', { memo })
    expect(other.state === 'present' && arns(other.policies)).toEqual([own.policy])
    const asked = fake.calls
      .filter(({ operation }) => operation.startsWith('GetPolicy'))
      .map(({ operation }) => operation)
    expect(asked.sort()).toEqual(['GetPolicy', 'GetPolicy', 'GetPolicyVersion', 'GetPolicyVersion'])
  })
  it('takes a bare name and finds the ARN with its path', async () => {
    expect((await present('exec')).item.arn).toBe(own.role)
  })
  it('reads a role without policies, boundary and tags', async () => {
    const { configuration, policies } = await present(own.auditor)
    expect(configuration).toMatchObject({
      rolePolicyList: [],
      attachedManagedPolicies: [],
      permissionsBoundary: null,
      tags: [],
    })
    expect(policies).toEqual([])
  })
  it('reads every page of both policy lists', async () => {
    fake.state.iam.pageSize = 1
    const names = ['a', 'b', 'c']
    const inline = names.map((name) => ({ name, document: '{}' }))
    const attached = [own.policy, awsPolicy, own.boundary]
    fake.state.iam.roles.push({ name: 'long', id: 'AROALONG', trust: '{}', inline, attached })
    const { configuration } = await present('long')
    expect((configuration.rolePolicyList as JsonObject[]).map((one) => one.policyName)).toEqual(names)
    expect((configuration.attachedManagedPolicies as JsonObject[]).map((one) => one.policyArn)).toEqual(attached)
  })
  it.each([
    ['does not exist', 'arn:aws:iam::111122223333:role/none'],
    ['has another path', 'arn:aws:iam::111122223333:role/exec'],
  ])('is gone when a role of that ARN %s', async (_name, arn) => {
    expect(await read(arn)).toEqual({ state: 'gone' })
  })
  it.each(['ListRolePolicies', 'ListAttachedRolePolicies'])('is gone when %s no longer finds it', async (operation) => {
    failing(operation, { error: 'NoSuchEntity', status: 404 })
    expect(await read()).toEqual({ state: 'gone' })
  })
  it('leaves out an inline policy that was removed meanwhile', async () => {
    failing('GetRolePolicy', { error: 'NoSuchEntity', status: 404 })
    const { configuration, gaps } = await present()
    expect([configuration.rolePolicyList, gaps]).toEqual([[], []])
  })
  it.each([
    ['arn:aws:iam::999900001111:role/exec', 'the role belongs to account 999900001111, this reader to 111122223333'],
    ['arn:aws:iam::111122223333:user/exec', 'no role ARN or role name'],
    ['a/b', 'no role ARN or role name'],
    ['', 'no role ARN or role name'],
  ])('says why it cannot ask for %j, and calls nobody', async (role, reason) => {
    const gap = { resourceType: 'AWS::IAM::Role', resourceArn: role, reason, transience: 'lasting' }
    expect(await read(role)).toEqual({ state: 'unknown', gap })
    expect(fake.calls).toEqual([])
  })
  it.each(faults)('is unknown when GetRole %s', async (_name, fault, error, transience) => {
    failing('GetRole', fault)
    const reason = `iam:GetRole failed with ${error}`
    const gap = { resourceType: 'AWS::IAM::Role', resourceArn: own.role, reason, transience }
    expect(await read(own.role, 'hang' in fault ? 100 : undefined)).toEqual({ state: 'unknown', gap })
  })
  it.each(
    faults.flatMap((fault) =>
      (
        [
          ['ListRolePolicies', 'rolePolicyList'],
          ['ListAttachedRolePolicies', 'attachedManagedPolicies'],
        ] as const
      ).map((call) => [...call, ...fault] as const),
    ),
  )('writes no list when %s (%s) %s', async (operation, property, _name, fault, error, transience) => {
    failing(operation, fault)
    const { configuration, gaps } = await present(own.role, 'hang' in fault ? 100 : undefined)
    const reason = `iam:${operation} failed with ${error}`
    expect(configuration[property]).toBe(`unread: ${reason}`)
    expect(gaps).toEqual([{ resourceType: 'AWS::IAM::Role', resourceArn: own.role, reason, transience }])
  })
  it.each(faults)('writes no policy text when GetRolePolicy %s', async (_name, fault, error, transience) => {
    failing('GetRolePolicy', fault)
    const { configuration, gaps } = await present(own.role, 'hang' in fault ? 100 : undefined)
    const reason = `iam:GetRolePolicy failed with ${error}`
    expect(configuration.rolePolicyList).toEqual([{ policyName: 'inline', policyDocument: `unread: ${reason}` }])
    expect(gaps).toEqual([{ resourceType: 'AWS::IAM::Role', resourceArn: own.role, reason, transience }])
  })
  it.each(faults.flatMap((fault) => [['GetPolicy', ...fault] as const, ['GetPolicyVersion', ...fault] as const]))(
    'has a gap for each managed policy when %s %s',
    async (operation, _name, fault, error, transience) => {
      failing(operation, fault)
      const { policies, gaps } = await present(own.role, 'hang' in fault ? 100 : undefined)
      expect(policies).toEqual([])
      const gap = (resourceArn: string) => ({
        resourceType: 'AWS::IAM::Policy',
        resourceArn,
        reason: `iam:${operation} failed with ${error}`,
        transience,
      })
      expect([...gaps].sort((a, b) => String(a.resourceArn).localeCompare(String(b.resourceArn)))).toEqual([
        gap(own.boundary),
        gap(own.policy),
      ])
    },
  )
  it('has a passing gap when an attached policy is not found', async () => {
    failing('GetPolicy', { error: 'NoSuchEntity', status: 404 })
    const { policies, gaps } = await present()
    expect(policies).toEqual([])
    expect(gaps.map((gap) => [gap.transience, gap.reason]).sort()).toEqual([
      ['passing', `iam:GetPolicy found no policy ${own.boundary}, which a role holds`],
      ['passing', `iam:GetPolicy found no policy ${own.policy}, which a role holds`],
    ])
  })
  it.each([
    ['another role', { Role: { RoleName: 'other', Arn: own.role } }],
    ['a role of another account', { Role: { RoleName: 'exec', Arn: 'arn:aws:iam::999900001111:role/team/exec' } }],
    [
      'a role without a trust policy',
      { Role: { RoleName: 'exec', Arn: own.role, RoleId: 'AROAEXEC', Path: '/team/' } },
    ],
  ])('is unknown when the answer is about %s', async (_name, answer) => {
    failing('GetRole', { answer })
    expect(await read()).toMatchObject({ state: 'unknown', gap: { reason: 'iam:GetRole failed with MalformedAnswer' } })
  })
  it('is unknown about its lists when a marker repeats or is missing', async () => {
    failing('ListRolePolicies', { answer: { PolicyNames: ['inline'], IsTruncated: true, Marker: 'same' } })
    expect((await present()).configuration.rolePolicyList).toBe(
      'unread: iam:ListRolePolicies failed with MalformedAnswer',
    )
    failing('ListRolePolicies', { answer: { PolicyNames: ['inline'], IsTruncated: true } })
    expect((await present()).configuration.rolePolicyList).toBe(
      'unread: iam:ListRolePolicies failed with MalformedAnswer',
    )
  })
})
