import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindsOfAccounts } from '../../../shared/iam/access/account-kinds.ts'
import { compileGlob, matchesWildcard } from '../../../shared/iam/match/wildcard.ts'

const preferred = '987650000001'
const whole = (text: string) => ({ glob: compileGlob(text), before: '', after: undefined })
const inArn = (text: string) => ({ glob: compileGlob(text), before: 'arn:aws:iam::', after: ':' })
const nobody = () => false

/** Which patterns match each account that was found, one letter a pattern. */
const kindsOf = (patterns: readonly string[], isTaken: (account: string) => boolean = nobody) =>
  kindsOfAccounts(patterns.map(whole), isTaken, preferred)
    .accounts.map((account) => patterns.map((pattern) => (matchesWildcard(pattern, account) ? '1' : '0')).join(''))
    .sort()

describe('kinds of accounts', () => {
  it('without a pattern are one: the preferred account', () => {
    expect(kindsOfAccounts([], nobody, preferred)).toEqual({ accounts: [preferred], complete: true })
  })

  it.each([
    [['9*'], ['0', '1']],
    [['*'], ['1']],
    [['x*'], ['0']],
    [
      ['9*', '*7'],
      ['00', '01', '10', '11'],
    ],
    [
      ['9*', '98*'],
      ['00', '10', '11'],
    ],
    [
      ['1*', '*3*', '12345678901?'],
      ['000', '010', '100', '110', '111'],
    ],
    [['?23456789012'], ['0', '1']],
    [
      ['*9*', '*8'],
      ['00', '01', '10', '11'],
    ],
  ])('by %j are %j', (patterns, kinds) => {
    expect(kindsOf(patterns)).toEqual(kinds)
  })

  it('have none for what all patterns together leave out', () => {
    const first = Array.from({ length: 10 }, (_, digit) => `${digit}*`)
    expect(kindsOf(first)).toHaveLength(10)
    expect(kindsOf(first.slice(1))).toContain('000000000')
  })

  it('leave out accounts that are taken, and stand in by another of the kind where there is one', () => {
    const taken =
      (...ids: readonly string[]) =>
      (account: string) =>
        ids.includes(account)
    expect(kindsOfAccounts([whole('22222222222?')], taken('222222222220', preferred), preferred)).toEqual({
      accounts: ['987650000000', '222222222221'],
      complete: true,
    })
    const all = Array.from({ length: 10 }, (_, digit) => `22222222222${digit}`)
    expect(kindsOf(['22222222222?'], taken(...all))).toEqual(['0'])
    // The only account left of what both match is reached by another way than the taken ones.
    const others = ['11', '22', '33', '44', '55', '66', '88', '99', '00'].map((end) => `2222222222${end}`)
    const sevens = Array.from({ length: 10 }, (_, digit) => [`22222222227${digit}`, `2222222222${digit}7`]).flat()
    const but = taken(...others, ...sevens.filter((id) => id !== '222222222207'))
    const found = kindsOfAccounts([whole('2222222222??'), whole('*7*')], but, preferred)
    expect(found.accounts).toContain('222222222207')
  })

  it('by patterns of ARNs are told apart by the account alone', () => {
    const found = (...texts: readonly string[]) => kindsOfAccounts(texts.map(inArn), nobody, preferred).accounts
    expect(found('arn:aws:iam::*:role/x', 'arn:aws:iam::*:user/*')).toEqual([preferred])
    expect(found('arn:aws:iam::9*')).toEqual([preferred, '087650000001'])
    expect(found('arn:aws:iam::*1:role/x')).toEqual([preferred, '987650000000'])
    expect(found('arn:aws:sts::9*')).toEqual([preferred])
  })

  it('leave out none that an account of whatever digits has', () => {
    const text = fc.stringMatching(/^[012*?]{1,13}$/)
    const account = fc.stringMatching(/^[0123]{12}$/)
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 4 }),
        fc.array(account, { minLength: 20, maxLength: 40 }),
        (texts, ids) => {
          const arns = texts.map((one) => `arn:aws:iam::${one}:role/x`)
          const arnOf = (id: string) => `arn:aws:iam::${id}:role/x`
          const kindOf = (id: string) =>
            texts.map((one, at) => [matchesWildcard(one, id), matchesWildcard(arns[at] ?? '', arnOf(id))]).join()
          const { accounts, complete } = kindsOfAccounts([...texts.map(whole), ...arns.map(inArn)], nobody, preferred)
          const found = new Set(accounts.map(kindOf))
          if (complete) expect(ids.filter((id) => !found.has(kindOf(id)))).toEqual([])
        },
      ),
      { numRuns: 100 },
    )
  })

  it('that are too many are not all found, in bounded time', () => {
    const digits = Array.from({ length: 10 }, (_, digit) => `*${digit}*`)
    const found = kindsOfAccounts(
      [...digits.map(whole), ...digits.map((text) => whole(`*1${text}`))],
      nobody,
      preferred,
    )
    expect(found.complete).toBe(false)
    expect(found.accounts[0]).toBe(preferred)
  })
})
