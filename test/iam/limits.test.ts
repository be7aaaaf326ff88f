import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../shared/model/json.ts'
import { accessOf } from './access-of.ts'

const open = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }
const accounts = Array.from({ length: 300 }, (_, index) => String(400_000_000_000 + index))

function grantsOf(...statements: readonly JsonValue[]) {
  return accessOf({ statements }).grants
}

const tooComplex = 'what the statement allows: policy too complex, and was not searched to the end'

describe('limits of the search', () => {
  it('reports each of 300 accounts that a condition lists, with certainty', () => {
    const grants = grantsOf({ ...open, Condition: { StringEquals: { 'aws:PrincipalAccount': accounts } } })
    expect(grants.map(({ accountId }) => accountId)).toEqual(accounts)
    expect(grants.flatMap(({ uncertain }) => uncertain)).toEqual([])
  })

  it('reports each of 300 accounts that NotPrincipal spares, with certainty', () => {
    const spared = accounts.map((id) => `arn:aws:iam::${id}:root`)
    const grants = grantsOf(open, { Effect: 'Deny', NotPrincipal: { AWS: spared }, Action: 'ecr:*' })
    expect(grants.map(({ accountId }) => accountId)).toEqual(accounts)
    expect(grants.flatMap(({ uncertain }) => uncertain)).toEqual([])
  })

  it('decides an open statement among 80 plain ones with certainty', () => {
    const plain = accounts.slice(0, 80).map((id) => ({ ...open, Principal: { AWS: id } }))
    const grants = grantsOf(
      { ...open, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-ours123456' } } },
      ...plain,
    )
    expect(grants.map(({ principal, uncertain }) => [principal, uncertain])).toEqual([
      ['organization o-ours123456', []],
      ...accounts.slice(0, 80).map((id) => [id, []]),
    ])
  })

  it('asks for the owner of each of 200 endpoints', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `vpce-0a1b2c3d4e5f6${String(index).padStart(4, '0')}`)
    const grants = grantsOf({ ...open, Condition: { StringEquals: { 'aws:SourceVpce': ids } } })
    expect(grants.flatMap(({ missing }) => missing)).toEqual(ids.map((id) => `owner of ${id} is not known`))
    expect(grants.flatMap(({ uncertain }) => uncertain)).toEqual([])
  })

  it('D8 a policy too complex to be decided is said to be, in place of what it allows', () => {
    const ids = Array.from({ length: 1100 }, (_, index) => `vpce-0a1b2c3d4e5f6${String(index).padStart(4, '0')}`)
    const denied = ids.slice(0, 1000)
    const grants = grantsOf(
      { ...open, Condition: { StringEquals: { 'aws:SourceVpce': ids } } },
      { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { StringEquals: { 'aws:SourceVpce': denied } } },
    )
    expect(grants.length).toBeGreaterThan(0)
    expect(grants.every(({ missing, unsearched }) => missing.includes(tooComplex) && unsearched)).toBe(true)
  })

  it('finds the one pair of 12 patterns that have a text in common', () => {
    const likes = Array.from({ length: 11 }, (_, index) => `p${index}-*`)
    const grants = grantsOf({
      ...open,
      Condition: {
        StringLike: { 'aws:PrincipalTag/a': [...likes, 'team-*'] },
        StringLikeIfExists: { 'aws:PrincipalTag/a': '*-red' },
      },
    })
    expect(grants.map(({ audience, uncertain }) => [audience, uncertain])).toEqual([['anyone', []]])
  })

  it('says that more patterns than can be crossed were not searched', () => {
    const starts = Array.from({ length: 40 }, (_, index) => `p${index}-*`)
    const others = Array.from({ length: 40 }, (_, index) => `q${index}-*`)
    const grants = grantsOf({
      ...open,
      Condition: {
        StringLike: { 'aws:PrincipalTag/a': starts },
        StringLikeIfExists: { 'aws:PrincipalTag/a': others },
      },
    })
    expect(grants.map(({ audience, uncertain, missing }) => [audience, uncertain, missing])).toEqual([
      ['anyone', [], [tooComplex]],
    ])
  })

  it('says that a pair of patterns too long to cross was not searched', () => {
    const grants = grantsOf({
      ...open,
      Condition: {
        StringLike: { 'aws:PrincipalTag/a': `${'a'.repeat(200)}*` },
        StringLikeIfExists: { 'aws:PrincipalTag/a': `*${'b'.repeat(200)}` },
      },
    })
    expect(grants.map(({ audience, uncertain, missing }) => [audience, uncertain, missing])).toEqual([
      ['anyone', [], [tooComplex]],
    ])
  })

  it('asks for the owner of each of 300 endpoints in a moment, also where patterns tell many kinds of accounts apart', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `vpce-0a1b2c3d4e5f6${String(index).padStart(4, '0')}`)
    const digits = Array.from({ length: 7 }, (_, digit) => `*${digit}*`)
    const start = performance.now()
    const grants = grantsOf(
      { ...open, Condition: { StringEquals: { 'aws:SourceVpce': ids } } },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'ecr:*',
        Condition: { StringLike: { 'aws:PrincipalAccount': digits } },
      },
    )
    expect(performance.now() - start).toBeLessThan(5000)
    const told = new Set(grants.flatMap(({ missing }) => missing).filter((fact) => fact.startsWith('owner of ')))
    expect([...told]).toEqual(ids.map((id) => `owner of ${id} is not known`))
  })

  it('ends in a moment where conditions name many organizations, owners of endpoints and accounts', () => {
    const organizations = Array.from({ length: 200 }, (_, index) => `o-abcdefgh${100 + index}`)
    const named = accounts.slice(0, 200)
    const start = performance.now()
    const grants = grantsOf({
      ...open,
      Condition: { StringEquals: { 'aws:VpceOrgID': organizations, 'aws:PrincipalAccount': named } },
    })
    expect(performance.now() - start).toBeLessThan(5000)
    const told = new Set(grants.map(({ principal }) => principal))
    expect(named.filter((id) => !told.has(id))).toEqual([])
  })

  it('ten patterns of roles leave the answer certain', () => {
    const roles = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::*:role/team-${index}-*`)
    const grants = grantsOf({ ...open, Condition: { ArnLike: { 'aws:PrincipalArn': roles } } })
    expect(grants.map(({ audience, uncertain }) => [audience, uncertain])).toEqual([['anyone', []]])
  })
})
