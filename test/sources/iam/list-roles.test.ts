import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listRoles } from '../../../shared/sources/iam/list-roles.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readersOf } from '../readers.ts'
import { account, awsPolicy, execConfiguration, fillAccount, own, trust } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillAccount(fake)
})
afterEach(() => fake.close())

const ACTION = 'GetAccountAuthorizationDetails'
const list = (callerArn: string = own.caller, timeout?: number) =>
  listRoles(readersOf(fake, timeout).iam, { callerArn })
const arns = (items: readonly { readonly [key: string]: unknown }[]) => items.map((item) => item.arn).sort()
const unknownRows = (reason: string) =>
  ['AWS::IAM::Role', 'AWS::IAM::Policy'].map((resourceType) => ({
    accountId: account,
    region: 'global',
    resourceType,
    status: 'unknown',
    reason,
  }))

describe('listRoles', () => {
  it('gives every role and policy of the account in one listing', async () => {
    const { items, coverage, gaps } = await list()
    expect(arns(items)).toEqual([own.policy, own.boundary, own.role, own.auditor].sort())
    expect(items.find((item) => item.arn === own.role)).toMatchObject({
      resourceId: 'AROAEXEC',
      awsRegion: 'global',
      configuration: { ...execConfiguration, instanceProfileList: [] },
    })
    expect(gaps).toEqual([])
    expect(coverage).toEqual(
      ['AWS::IAM::Role', 'AWS::IAM::Policy'].map((resourceType) => ({
        accountId: account,
        region: 'global',
        resourceType,
        status: 'known',
      })),
    )
    expect(fake.calls.map(({ operation }) => operation)).toEqual([ACTION])
  })
  it('reads every page', async () => {
    fake.state.iam.pageSize = 1
    const { items } = await list()
    expect(arns(items)).toEqual([own.policy, own.boundary, own.role, own.auditor].sort())
    expect(fake.calls.map(({ body }) => body.Marker)).toEqual([undefined, '1', '2', '3'])
  })
  it('reads the policies of AWS that roles hold when asked to', async () => {
    const { items } = await listRoles(readersOf(fake).iam, { callerArn: own.caller, awsManaged: 'read' })
    expect(arns(items)).toContain(awsPolicy)
  })
  it.each([
    ['an assumed role', `arn:aws:sts::${account}:assumed-role/missing/run`],
    ['a role', `arn:aws:iam::${account}:role/path/missing`],
  ])('counts as unread without the caller, %s', async (_name, callerArn) => {
    const { items, coverage, gaps } = await list(callerArn)
    const reason = `iam:${ACTION} left out the role it was called with: the listing is not complete`
    expect(items).toEqual([])
    expect(coverage).toEqual(unknownRows(reason))
    expect(gaps.map((gap) => gap.transience)).toEqual(['passing', 'passing'])
  })
  it('takes a listing for complete that a caller who is no role asked for, unless it is empty', async () => {
    const user = `arn:aws:iam::${account}:user/someone`
    expect((await list(user)).coverage.map((row) => row.status)).toEqual(['known', 'known'])
    fake.state.iam.roles.length = 0
    expect((await list(user)).coverage.map((row) => row.status)).toEqual(['unknown', 'unknown'])
  })
  it('does not read another account with our credentials', async () => {
    const { coverage } = await list('arn:aws:sts::999900001111:assumed-role/auditor/run')
    expect(coverage).toEqual(unknownRows(`iam:${ACTION} would not speak of account ${account}`))
    expect(fake.calls).toEqual([])
  })
  it.each<[string, Fault, string, string]>([
    ['is denied', { error: 'AccessDenied', status: 403 }, 'AccessDenied', 'lasting'],
    ['is throttled', { error: 'Throttling' }, 'Throttling', 'passing'],
    ['answers an empty result', { answer: {} }, 'MalformedAnswer', 'passing'],
    ['answers HTML', { text: '<html></html>' }, 'MalformedAnswer', 'passing'],
    ['never answers', { hang: true }, 'AbortError', 'passing'],
    [
      'repeats a marker',
      { answer: { RoleDetailList: [], IsTruncated: true, Marker: '1' } },
      'MalformedAnswer',
      'passing',
    ],
    [
      'has a policy without its default version',
      {
        answer: {
          IsTruncated: false,
          Policies: [
            {
              Arn: own.policy,
              DefaultVersionId: 'v2',
              PolicyVersionList: [{ VersionId: 'v1', Document: '{}', IsDefaultVersion: false }],
            },
          ],
        },
      },
      'MalformedAnswer',
      'passing',
    ],
  ])('has no items and unknown listings when the second page %s', async (_name, fault, error, transience) => {
    fake.state.iam.pageSize = 1
    fake.state.plan = (_operation, n) => (n > 1 ? fault : undefined)
    const { items, coverage, gaps } = await list(own.caller, 'hang' in fault ? 200 : undefined)
    expect(items).toEqual([])
    expect(coverage).toEqual(unknownRows(`iam:${ACTION} failed with ${error}`))
    expect(gaps.map((gap) => gap.transience)).toEqual([transience, transience])
  })
  it('says of a role without its policy lists that they were not read', async () => {
    const role = { Path: '/', RoleName: 'auditor', RoleId: 'AROAAUDITOR', Arn: own.auditor }
    fake.state.plan = () => ({
      answer: {
        IsTruncated: false,
        RoleDetailList: [{ ...role, AssumeRolePolicyDocument: encodeURIComponent(trust) }],
      },
    })
    const { items, gaps } = await list()
    const reason = (list: string) => `iam:${ACTION} gave no ${list} (MalformedAnswer)`
    expect(items[0]?.configuration).toMatchObject({
      rolePolicyList: `unread: ${reason('RolePolicyList')}`,
      attachedManagedPolicies: `unread: ${reason('AttachedManagedPolicies')}`,
    })
    expect(gaps).toEqual(
      ['RolePolicyList', 'AttachedManagedPolicies'].map((name) => ({
        resourceType: 'AWS::IAM::Role',
        resourceArn: own.auditor,
        reason: reason(name),
        transience: 'passing',
      })),
    )
  })
})
