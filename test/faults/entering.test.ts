import { afterEach, describe, expect, it } from 'vitest'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { accountIds, estateOf, readerRole } from '../support/fake-estate/estate.ts'
import { type FakeAccount, type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { rowsOf, unaccounted } from './audited.ts'
import { type Collected, collected } from './collected.ts'

const region = 'eu-central-1'
const [own = '', second = '', third = ''] = accountIds(3)
const types = new Set(['AWS::ECR::Repository', 'AWS::IAM::Role'])
let estate: FakeEstate | undefined
afterEach(async () => {
  await estate?.close()
  estate = undefined
})

const started = async (accounts: readonly FakeAccount[]) => {
  estate = await startFakeEstate(accounts)
  return estate
}
const three = () => estateOf({ accounts: 3, regions: [region] })
const changed = (accountId: string, change: (account: FakeAccount) => FakeAccount) =>
  three().map((account) => (account.accountId === accountId ? change(account) : account))
const accountsIn = ({ scopes }: Collected) => [...new Set(scopes.map(({ accountId }) => accountId))].sort()
const unknownIn = ({ scopes, rows }: Collected): readonly CoverageEntry[] =>
  [...rowsOf(scopes), ...rows].filter(({ status }) => status === 'unknown')

describe('B4 an account nobody can enter', () => {
  it.each<[string, (account: FakeAccount) => FakeAccount]>([
    ['has no such role', ({ role: _, ...account }) => account],
    ['has the role under another path', (account) => ({ ...account, role: { ...readerRole, path: '/audit/' } })],
    ['wants another external id', (account) => ({ ...account, role: { ...readerRole, externalId: 'other' } })],
    ['does not trust us', (account) => ({ ...account, role: { ...readerRole, trusts: [third] } })],
    ['is suspended', (account) => ({ ...account, status: 'SUSPENDED' })],
  ])('B4 it %s: it is named, and the others are read', async (_name, change) => {
    const run = await collected(await started(changed(second, change)), { own, types })
    expect(accountsIn(run)).toEqual([own, third])
    expect(unknownIn(run)).toMatchObject([{ accountId: second, region: '*', resourceType: '*' }])
    expect(unknownIn(run)[0]?.reason).toContain(second)
    expect(run.complete).toBe(false)
  })
})

describe('B5 a region that is not enabled', () => {
  it('B5 is told from bad credentials: the same keys work elsewhere', async () => {
    const run = await collected(await started(three()), { own, types, regions: [region, 'us-west-2'] })
    expect(accountsIn(run)).toEqual([own, second, third])
    expect(unknownIn(run)).toEqual(
      [own, second, third].map((accountId) => ({
        ...{ accountId, region: 'us-west-2', resourceType: '*', status: 'unknown' },
        reason: `region us-west-2 is not enabled in account ${accountId}`,
      })),
    )
  })
})

describe('B6 keys that run out in the middle', () => {
  it('B6 are made anew once, and nothing is lost, wherever it happens', async () => {
    const running = await started(estateOf({ accounts: 2, regions: [region] }))
    const usual = await collected(running, { own, types })
    const ofSecond = () =>
      running.calls.filter(({ accountId, service }) => accountId === second && service !== 'sts').length
    const requests = ofSecond()
    const assumed = () => running.calls.filter(({ operation }) => operation === 'AssumeRole').length
    expect([usual.complete, assumed()]).toEqual([true, 1])
    for (let n = 1; n <= requests; n += 2) {
      running.restart()
      let over = false
      running.onCall = () => {
        if (over || ofSecond() < n) return
        over = true
        running.expireKeys()
      }
      const run = await collected(running, { own, types })
      expect([n, run.complete, unaccounted(usual.scopes, run.scopes, run.rows)]).toEqual([n, true, []])
      expect(assumed()).toBe(2)
    }
  }, 120_000)
  it('B6 again and again: the account is unknown, and whoever keeps his keys is read', async () => {
    const running = await started(three())
    const usual = await collected(running, { own, types })
    running.restart()
    running.plan = [{ account: second, region: '*', operation: '*', nth: 'every', fault: 'expired' }]
    const run = await collected(running, { own, types })
    expect(unaccounted(usual.scopes, run.scopes, run.rows)).toEqual([])
    expect([...new Set(unknownIn(run).map(({ accountId }) => accountId))]).toEqual([second])
    const asked = running.calls.filter(({ accountId }) => accountId === second).length
    expect(asked).toBeLessThanOrEqual(4)
  })
})

describe('an organization larger than a page', () => {
  it('is read whole: 20 accounts and 100 repositories a page', async () => {
    const running = await started(estateOf({ accounts: 22, regions: [region], moreRepositories: 98 }))
    const run = await collected(running, { own, types })
    expect(run.complete).toBe(true)
    expect(accountsIn(run)).toEqual([...accountIds(22)].sort())
    const items = run.scopes.flatMap(({ reading }) => reading.items)
    expect(items.filter(({ resourceType }) => resourceType === 'AWS::ECR::Repository')).toHaveLength(22 * 101)
    const pages = running.calls.filter(({ operation }) => operation === 'DescribeRepositories')
    expect(pages).toHaveLength(22 * 2)
  }, 120_000)
})
