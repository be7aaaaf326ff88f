import { beforeAll, describe, expect, it } from 'vitest'
import { type AccountFilter, accountsToRead } from '../../../shared/sources/organizations/accounts-to-read.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { fakeOrganization } from '../../support/fake-aws/organizations.ts'
import { readingOf } from './organization.ts'

const [a, b, c, d, manager] = ['100000000001', '100000000002', '100000000003', '100000000004', '999999999999'] as const

function organization() {
  const made = fakeOrganization(manager)
  made.units.push(
    { id: 'ou-1abc-prod', parent: 'r-1abc' },
    { id: 'ou-1abc-shop', parent: 'ou-1abc-prod' },
    { id: 'ou-1abc-old', parent: 'r-1abc' },
    { id: 'ou-1abc-empty', parent: 'r-1abc' },
  )
  made.accounts.push(
    { id: b, parent: 'ou-1abc-shop', name: 'shop' },
    { id: a, parent: 'ou-1abc-prod', name: 'platform' },
    { id: c, parent: 'ou-1abc-old', name: 'old', state: 'SUSPENDED' },
    { id: d, parent: 'r-1abc', name: 'loose' },
  )
  return made
}

let reading: Reading
beforeAll(async () => {
  reading = await readingOf(organization())
})
const chosen = (filter?: AccountFilter, from = reading) => {
  const { accounts, skipped, missing, incomplete } = accountsToRead(from, filter)
  return {
    accounts: accounts.map(({ accountId }) => accountId),
    skipped: skipped.map(({ accountId, reason }) => `${accountId}: ${reason}`),
    missing: missing.map(({ asked, reason }) => `${asked}: ${reason}`),
    incomplete: incomplete?.reason,
  }
}
const complete = { skipped: [], missing: [], incomplete: undefined }
const suspended = [`${c}: the account is suspended`]

describe('the accounts to read', () => {
  it('are all active ones; a suspended one is named with the reason', () => {
    expect(chosen()).toEqual({ ...complete, accounts: [a, b, d, manager], skipped: suspended })
    expect(accountsToRead(reading).accounts[0]).toEqual({ accountId: a, name: 'platform' })
  })

  it('are those asked for by id, each once', () => {
    expect(chosen({ accounts: [d, a, a] })).toEqual({ ...complete, accounts: [a, d] })
    expect(chosen({ accounts: [c] })).toEqual({ ...complete, accounts: [], skipped: suspended })
    expect(chosen({ accounts: [] })).toEqual({ ...complete, accounts: [] })
  })

  it.each([
    ['the units below it', ['ou-1abc-prod'], [a, b]],
    ['itself alone when it has none below', ['ou-1abc-shop'], [b]],
    ['nothing when it is empty', ['ou-1abc-empty'], []],
  ])('of a unit are those of %s', (_, ous, accounts) => {
    expect(chosen({ ous })).toEqual({ ...complete, accounts })
  })

  it('of the root are all', () => {
    expect(chosen({ ous: ['r-1abc'] })).toEqual(chosen())
  })

  it('of accounts and units together are those of either', () => {
    expect(chosen({ accounts: [d], ous: ['ou-1abc-shop'] })).toEqual({ ...complete, accounts: [b, d] })
  })

  it.each([
    ['CLOSED', 'the account is closed'],
    ['PENDING_CLOSURE', 'the account is being closed'],
    ['PENDING_ACTIVATION', 'the account is not activated yet'],
    ['RESTING', 'the account is not active (RESTING)'],
  ])('leave out an account that is %s', async (state, reason) => {
    const changed = organization()
    changed.accounts.push({ id: '100000000005', parent: 'r-1abc', state })
    expect(chosen({ accounts: ['100000000005'] }, await readingOf(changed))).toEqual({
      ...complete,
      accounts: [],
      skipped: [`100000000005: ${reason}`],
    })
  })
})

describe('what was asked for and is not there', () => {
  it('is named', () => {
    expect(chosen({ accounts: ['123412341234', a], ous: ['ou-9zzz-none', 'r-9zzz'] })).toEqual({
      ...complete,
      accounts: [a],
      missing: [
        '123412341234: the organization has no account 123412341234',
        'ou-9zzz-none: the organization has no unit ou-9zzz-none',
        'r-9zzz: the organization has no unit r-9zzz',
      ],
    })
  })

  it('may be there when the listing is not complete, which is said', async () => {
    const lost = organization()
    lost.accounts.shift()
    const reason = `the listing of accounts lacks account ${manager}, which is in the organization`
    expect(chosen({ accounts: [manager, a] }, await readingOf(lost))).toEqual({
      ...complete,
      accounts: [a],
      missing: [`${manager}: the organization has no account ${manager} as far as it could be listed: ${reason}`],
      incomplete: reason,
    })
  })
})

describe('accounts whose listing is in pieces', () => {
  it('are named with the reason: a member account lists none', async () => {
    const { accounts, incomplete } = accountsToRead(await readingOf({ ...organization(), caller: a }))
    expect(accounts).toEqual([])
    expect(incomplete).toEqual({
      reason: `organizations:ListRoots failed with AccessDeniedException: only the management account ${manager} or a delegated administrator may read the organization`,
      transience: 'lasting',
    })
  })

  it('are none for an account without an organization', () => {
    const known = {
      accountId: a,
      region: 'global',
      resourceType: 'AWS::Organizations::Account',
      status: 'known',
    } as const
    const alone = { items: [], coverage: [known], gaps: [] }
    expect(accountsToRead(alone).incomplete).toEqual({
      reason: 'the account is in no organization',
      transience: 'lasting',
    })
  })

  it('of an unknown place are not taken for accounts of another unit', async () => {
    const moved = organization()
    moved.accounts.push({ id: b, parent: 'r-1abc', name: 'shop' })
    const found = await readingOf(moved)
    expect(chosen({ ous: ['ou-1abc-prod'] }, found)).toEqual({
      ...complete,
      accounts: [a],
      skipped: [`${b}: the place of the account in the organization is not known`],
    })
    expect(chosen({ accounts: [b] }, found)).toEqual({ ...complete, accounts: [b] })
  })
})
