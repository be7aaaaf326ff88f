import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holderPermissions } from '../../../shared/sources/iam/permissions.ts'
import { listPolicyHolders } from '../../../shared/sources/iam/policy-holders.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { actionsCalled, readersOf } from '../readers.ts'
import { fillAccount, own, trust } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillAccount(fake)
})
afterEach(() => fake.close())

const holders = (arn: string, timeout?: number) => listPolicyHolders(readersOf(fake, timeout).iam, arn)
const failing = (fault: Fault, of: (body: { PolicyUsageFilter?: string }) => boolean = () => true) => {
  fake.state.plan = (operation, _n, body) => (operation === 'ListEntitiesForPolicy' && of(body) ? fault : undefined)
}

describe('the roles that hold a policy', () => {
  it('are those it is attached to and those it bounds, each once and sorted', async () => {
    fake.state.iam.roles.push(
      { name: 'b', id: 'AROAB', trust, attached: [own.boundary] },
      { name: 'a', id: 'AROAA', trust, attached: [own.boundary], boundary: own.boundary },
    )
    expect(await holders(own.policy)).toEqual({ state: 'known', value: ['exec'] })
    expect(await holders(own.boundary)).toEqual({ state: 'known', value: ['a', 'b', 'exec'] })
  })

  it('are read page by page', async () => {
    fake.state.iam.pageSize = 1
    for (const name of ['x', 'y', 'z']) {
      fake.state.iam.roles.push({ name, id: `AROA${name}`, trust, attached: [own.boundary] })
    }
    expect(await holders(own.boundary)).toEqual({ state: 'known', value: ['exec', 'x', 'y', 'z'] })
    expect(
      fake.calls.map(({ body }) => [body.EntityFilter, body.PolicyUsageFilter, body.Marker === undefined]),
    ).toEqual([
      ['Role', 'PermissionsPolicy', true],
      ['Role', 'PermissionsPolicy', false],
      ['Role', 'PermissionsPolicy', false],
      ['Role', 'PermissionsBoundary', true],
    ])
    expect(actionsCalled(fake)).toEqual(holderPermissions.map(({ action }) => action))
  })

  it('are none of a policy that holds nobody, and absent of one that is gone', async () => {
    fake.state.iam.roles.length = 0
    expect(await holders(own.policy)).toEqual({ state: 'known', value: [] })
    expect(await holders(`${own.policy}-gone`)).toEqual({ state: 'absent' })
  })

  it.each([
    ['denied', { error: 'AccessDenied', status: 403 }, 'AccessDenied', 'lasting'],
    ['throttled', { error: 'Throttling' }, 'Throttling', 'passing'],
    ['not answered', { hang: true }, 'AbortError', 'passing'],
    ['answered without a list', { answer: { IsTruncated: false } }, 'MalformedAnswer', 'passing'],
    ['answered without an end', { answer: { PolicyRoles: [] } }, 'MalformedAnswer', 'passing'],
    ['answered with half a document', { text: '<ListEntitiesForPolicyResponse><List' }, 'Error', 'passing'],
    [
      'answered with what is no name',
      { answer: { PolicyRoles: [{ RoleName: 'arn:aws:iam::111122223333:role/exec' }], IsTruncated: false } },
      'MalformedAnswer',
      'passing',
    ],
  ] as const)('are unknown when the call is %s', async (_what, fault, error, transience) => {
    failing(fault)
    expect(await holders(own.policy, 200)).toMatchObject({
      ...{ state: 'unknown', transience },
      reason: expect.stringContaining(`iam:ListEntitiesForPolicy failed with ${error}`),
    })
  })

  it('are unknown when only those that it bounds cannot be read', async () => {
    failing({ error: 'Throttling' }, ({ PolicyUsageFilter }) => PolicyUsageFilter === 'PermissionsBoundary')
    expect(await holders(own.policy)).toMatchObject({ state: 'unknown', transience: 'passing' })
  })
})
