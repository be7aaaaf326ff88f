import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseResourceEvent } from '../../../shared/events/resource-event.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { adminPolicy, policyArn, pullPolicy, role, roleArn, roleId } from '../config-rule/role-scenario.ts'
import { callEvent, region, told, watcher } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  setDefault(adminPolicy)
})
afterEach(() => fake.close())

const admin = 'role-registry-admin-restricted'
const shared = policyArn('team/shared')
const holding = { attached: [shared] }
const created = (request: object = {}, more: object = {}) =>
  callEvent(
    'iam',
    'CreatePolicyVersion',
    { policyArn: shared, policyDocument: '{}', setAsDefault: true, ...request },
    more,
  )
const switched = (arn = shared) => callEvent('iam', 'SetDefaultPolicyVersion', { policyArn: arn, versionId: 'v1' })
const asked = (operation: string) => fake.calls.filter((call) => call.operation === operation).length
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
function setDefault(document: string): void {
  const versions = new Map([['v1', document]])
  fake.state.iam.policies.splice(0, 1, { ...{ arn: shared, id: 'ANPASHARED' }, defaultVersionId: 'v1', versions })
}
function addHolders(count: number): void {
  for (let n = 0; n < count; n++) fake.state.iam.roles.push(role(`holder-${n}`, undefined, holding))
}

describe('a call that puts a version of a policy in force', () => {
  it.each([
    ['CreatePolicyVersion', created],
    ['SetDefaultPolicyVersion', switched],
  ])('%s judges every role that holds the policy, and no other', async (_name, event) => {
    fake.state.iam.roles.push(
      role('deployer', undefined, { ...holding, path: '/ci/' }),
      role('bounded', adminPolicy, { boundary: shared }),
      role('other', adminPolicy),
    )
    const watched = watcher(fake, [admin, 'ecr-repository-not-public', 'vpc-ecr-endpoints-present'])
    await watched.handle(event())
    const found = watched.published.flat().map(({ rule, resource, compliance }) => [rule, resource, compliance])
    const at = { type: 'AWS::IAM::Role', accountId: '111122223333', region: 'global' }
    expect(found).toEqual([
      [admin, { ...at, id: roleId('bounded'), arn: roleArn('bounded') }, 'NON_COMPLIANT'],
      [admin, { ...at, id: roleId('deployer'), arn: roleArn('ci/deployer') }, 'NON_COMPLIANT'],
    ])
    expect(watched.warned).toEqual([])
  })

  it('judges what is in force now, whatever the event says', async () => {
    setDefault(pullPolicy('app'))
    fake.state.iam.roles.push(role('puller', undefined, holding))
    const watched = watcher(fake, [admin])
    await watched.handle(created({ policyDocument: adminPolicy }))
    expect(told(watched)).toEqual([[admin, 'puller', 'COMPLIANT']])
  })

  it('asks once who holds the policy, whatever the number of rules', async () => {
    addHolders(2)
    const watched = watcher(fake, [admin, 'role-authorization-token-scoped', 'role-ci-trust-scoped'])
    await watched.handle(created())
    expect(new Set(told(watched).map(([, name]) => name))).toEqual(new Set(['holder-0', 'holder-1']))
    expect(asked('ListEntitiesForPolicy')).toBe(2)
  })

  it('counts when only the answer of the call says so', async () => {
    addHolders(1)
    const watched = watcher(fake, [admin])
    const response = { policyVersion: { versionId: 'v2', isDefaultVersion: true } }
    await watched.handle(created({ setAsDefault: undefined }, { response }))
    expect(told(watched)).toEqual([[admin, 'holder-0', 'NON_COMPLIANT']])
  })

  it('says nothing where nobody holds the policy, and nothing of a policy that is gone', async () => {
    fake.state.iam.roles.push(role('other', adminPolicy))
    const watched = watcher(fake, [admin])
    await watched.handle(switched())
    await watched.handle(switched(policyArn('gone')))
    expect([watched.published, watched.warned]).toEqual([[], []])
  })

  it('says nothing of a role that is gone when it is looked at', async () => {
    addHolders(1)
    failing('GetRole', { error: 'NoSuchEntity', status: 404 })
    const watched = watcher(fake, [admin])
    await watched.handle(switched())
    expect(watched.published).toEqual([])
  })

  it('is judged in the home region alone', async () => {
    addHolders(1)
    const elsewhere = watcher(fake, [admin], { variables: { PULLPATH_HOME_REGION: 'us-east-1' } })
    await elsewhere.handle(switched())
    expect([...elsewhere.published, ...fake.calls]).toEqual([])
    const here = watcher(fake, [admin], { variables: { PULLPATH_HOME_REGION: region } })
    await here.handle(switched())
    expect(told(here)).toEqual([[admin, 'holder-0', 'NON_COMPLIANT']])
  })
})

describe('what is left', () => {
  it.each([
    ['that is not the default', created({ setAsDefault: false }), 'the call put nothing in force'],
    ['that is not said to be the default', created({ setAsDefault: 'true' }), 'the call put nothing in force'],
    [
      'of a policy of another account',
      switched(shared.replace('111122223333', '999999999999')),
      'the call is about a policy of another account',
    ],
    [
      'of a policy of AWS',
      switched('arn:aws:iam::aws:policy/ReadOnlyAccess'),
      'the call is about a policy of another account',
    ],
  ])('a version %s is ignored', async (_what, event, reason) => {
    addHolders(1)
    const watched = watcher(fake, [admin])
    await watched.handle(event)
    expect([...watched.published, ...fake.calls]).toEqual([])
    expect(parseResourceEvent(event, new Date('2026-03-01T12:00:00.000Z'))).toMatchObject({ kind: 'ignored', reason })
  })

  it.each(['pull', `${shared}/`, 'arn:aws:iam::111122223333:role/x', `${shared}\n`])(
    'a policy called %j is refused',
    async (arn) => {
      const watched = watcher(fake, [admin])
      const field = /^event\.detail\.requestParameters\.policyArn: expected a name of AWS::IAM::Policy$/
      await expect(watched.handle(switched(arn))).rejects.toThrow(field)
      expect(fake.calls).toEqual([])
    },
  )

  it('fifty roles are judged; more are left to AWS Config, and the log says so', async () => {
    addHolders(50)
    const watched = watcher(fake, [admin])
    await watched.handle(switched())
    expect(told(watched)).toHaveLength(50)
    addHolders(1)
    fake.state.iam.roles.push(role('last', undefined, { boundary: shared }))
    const many = watcher(fake, [admin, 'role-ci-trust-scoped'])
    await many.handle(switched())
    expect(many.published).toEqual([])
    const reason = '51 roles hold the policy, more than 50'
    expect(many.warned).toEqual([['left to AWS Config', { call: 'iam:SetDefaultPolicyVersion', reason }]])
  })

  it('nothing is said when nobody may be asked who holds the policy, and the log says so', async () => {
    addHolders(1)
    failing('ListEntitiesForPolicy', { error: 'AccessDenied', status: 403 })
    const watched = watcher(fake, [admin])
    await watched.handle(switched())
    expect(watched.published).toEqual([])
    expect(watched.warned).toEqual([
      [
        'left to AWS Config',
        {
          call: 'iam:SetDefaultPolicyVersion',
          reason: 'which roles hold the policy could not be read: iam:ListEntitiesForPolicy failed with AccessDenied',
        },
      ],
    ])
  })

  it('the invocation fails while it cannot be read who holds the policy', async () => {
    addHolders(1)
    failing('ListEntitiesForPolicy', { error: 'Throttling' })
    const watched = watcher(fake, [admin])
    await expect(watched.handle(switched())).rejects.toThrow(
      `1 verdict(s) could not be reached yet: ${admin}: which roles hold the policy could not be read: iam:ListEntitiesForPolicy failed with Throttling`,
    )
    expect([watched.published, watched.warned]).toEqual([[], []])
  })

  it('a role that may not be read is undetermined; while one cannot be read the others are judged, and the invocation fails', async () => {
    addHolders(2)
    failing('GetRole', { error: 'AccessDenied', status: 403 })
    const denied = watcher(fake, [admin])
    await denied.handle(switched())
    expect(told(denied)).toEqual([
      [admin, 'holder-0', 'UNDETERMINED'],
      [admin, 'holder-1', 'UNDETERMINED'],
    ])
    fake.state.plan = (operation, _n, { RoleName }) =>
      operation === 'GetRole' && RoleName === 'holder-0' ? { error: 'Throttling' } : undefined
    const throttled = watcher(fake, [admin])
    await expect(throttled.handle(switched())).rejects.toThrow(/^1 verdict\(s\) could not be reached yet: /)
    expect(told(throttled)).toEqual([[admin, 'holder-1', 'NON_COMPLIANT']])
  })
})
