import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { accessOf, type Case } from '../access-of.ts'
import { grantsOf, statement } from './one-statement.ts'

const under = (condition: JsonObject, principal?: JsonValue, given?: Partial<Case>) =>
  grantsOf([statement(condition, principal)], given)
const like = (key: string, value: JsonValue) => ({ StringLike: { [key]: value } })

describe('a pattern of account ids', () => {
  const account = 'aws:PrincipalAccount'

  it.each([
    // 22222222222? holds one member of the organization and nine accounts that are nobody's we know.
    ['22222222222?', ['external 22222222222?', 'organization 222222222222']],
    ['33333333333?', ['external 33333333333?', 'trusted 333333333333']],
    ['1111222?????', ['anyone *']],
    ['11112222444?', ['external 11112222444?', 'own 111122224444']],
    ['99999999*9', ['external 99999999*9']],
    ['9999999999999?', []],
    ['9999999999z*', []],
  ])('%s lets in %j', (pattern, grants) => {
    expect(under(like(account, pattern))).toEqual(grants)
  })

  it('is judged by an account that is nobody’s, whichever the known ones are', () => {
    for (const last of ['0', '7', '9']) {
      const grants = under(like(account, '22222222222?'), '*', { members: [`22222222222${last}`] })
      expect(grants).toEqual(['external 22222222222?', `organization 22222222222${last}`])
    }
  })

  it('lets in only members where all that it matches are members', () => {
    const members = Array.from({ length: 10 }, (_, digit) => `22222222222${digit}`)
    expect(under(like(account, '22222222222?'), '*', { members })).toEqual(
      members.map((member) => `organization ${member}`),
    )
  })

  it.each([
    ['22222222222?', '222222222227', ['external 22222222222?', 'organization 222222222222']],
    ['2222222222??', '2222222222?7', ['external 2222222222??', 'organization 222222222222']],
    ['12*', '129*', ['anyone *']],
    ['12*', '12*', []],
  ])('%s but not %s lets in %j', (pattern, spared, grants) => {
    expect(under({ ...like(account, pattern), StringNotLike: { [account]: spared } })).toEqual(grants)
  })

  it('is told once, whatever kinds of accounts it matches', () => {
    const ours = { StringEqualsIfExists: { 'aws:PrincipalOrgID': ['o-ours123456', 'o-theirs12345'] } }
    const kinds = { StringNotLike: { [account]: ['*1', '*2'] } }
    expect(under({ ...like(account, '99999999*'), ...kinds, ...ours })).toEqual(['external 99999999*'])
  })

  it('and another one are judged by an account that matches both', () => {
    const both = { 'ForAnyValue:StringLike': { [account]: '12*' }, ...like(account, '*5') }
    expect(under(both)).toEqual(['anyone *'])
    const tight = { 'ForAnyValue:StringLike': { [account]: '99999999*' }, ...like(account, '*86') }
    expect(under(tight)).toEqual(['external 99999999*'])
  })
})

describe('a pattern of account ids within an ARN', () => {
  const arn = (account: string, resource = 'role/x') => `arn:aws:iam::${account}:${resource}`

  it.each([
    [arn('*'), ['anyone *']],
    [arn('12*'), ['anyone *']],
    [arn('99999999999?'), [`external ${arn('99999999999?')}`]],
    [
      arn('22222222222?', 'role/*'),
      [`external ${arn('22222222222?', 'role/*')}`, `organization ${arn('222222222222', 'role/*')}`],
    ],
    [arn('12345'), []],
    [arn('x*'), []],
  ])('%s lets in %j', (pattern, grants) => {
    expect(under({ ArnLike: { 'aws:PrincipalArn': pattern } })).toEqual(grants)
    expect(under({ StringLike: { 'aws:PrincipalArn': pattern } })).toEqual(grants)
  })

  it.each([
    ['arn:aws:iam::12*', ['anyone *']],
    ['arn:aws:*12:role/x', ['anyone *']],
    ['arn:aws:iam::99999999999*', ['external arn:aws:iam::99999999999*']],
  ])('%s, in which a star stands for parts, lets in %j', (pattern, grants) => {
    expect(under({ StringLike: { 'aws:PrincipalArn': pattern } })).toEqual(grants)
  })
})

describe('a statement with a pattern of account ids', () => {
  const dead = (condition: JsonObject) =>
    accessOf({ statements: [statement(condition)] }).dead.map(({ reason, subject }) => `${reason} ${subject}`)

  it('takes effect where some account matches, and never where none can', () => {
    const inArn = (account: string) => ({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/x` } })
    expect([dead(inArn('99999999999?')), dead(inArn('12*'))]).toEqual([[], []])
    expect(dead(inArn('x*'))).toEqual(['condition-never-true aws:PrincipalArn'])
  })

  it('lets in members of an organization that a pattern narrows', () => {
    const ours = { StringEquals: { 'aws:PrincipalOrgID': 'o-ours123456' } }
    expect(under({ ...ours, ...like('aws:PrincipalAccount', '12*') })).toEqual([
      'organization organization o-ours123456',
    ])
    const theirs = { StringEquals: { 'aws:PrincipalOrgID': 'o-theirs12345' } }
    expect(under({ ...theirs, ...like('aws:PrincipalAccount', '12*') })).toEqual([
      'external organization o-theirs12345',
    ])
  })

  it('lets in accounts of the pattern through what others hold', () => {
    const endpoint = { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } }
    expect(under({ ...endpoint, ...like('aws:PrincipalAccount', '12*') })).toEqual([
      'external any account through vpce-0a1b2c3d4e5f60718',
    ])
  })
})

describe('a pattern of account ids for whom a service calls', () => {
  const lambda = { Service: 'lambda.amazonaws.com' }
  const loose = ['service lambda.amazonaws.com']
  const bound = ['service lambda.amazonaws.com bound']
  const source = (account: string) => `arn:aws:lambda:eu-west-1:${account}:function:f`

  it.each([
    ['12*', loose],
    ['1111*', loose],
    ['99999999999?', loose],
    ['11112222333?', loose],
    ['x*', []],
  ])('%s: %j', (pattern, grants) => {
    expect(under(like('aws:SourceAccount', pattern), lambda)).toEqual(grants)
    expect(under({ ArnLike: { 'aws:SourceArn': source(pattern) } }, lambda)).toEqual(grants)
  })

  it('that are all ours binds it', () => {
    const members = Array.from({ length: 10 }, (_, digit) => `22222222222${digit}`)
    expect(under(like('aws:SourceAccount', '22222222222?'), lambda, { members })).toEqual(bound)
  })
})

describe('patterns of account ids that are too many to look at each account', () => {
  const account = 'aws:PrincipalAccount'
  const unsearched = 'what the statement allows: policy too complex, and was not searched to the end'
  const told = (condition: JsonObject, principal: JsonValue = '*') =>
    accessOf({ statements: [statement(condition, principal)] }).grants.map(
      ({ audience, principal: who, missing }) =>
        `${audience} ${who}${missing.includes(unsearched) ? ' unsearched' : ''}`,
    )
  const many = Array.from({ length: 60 }, (_, index) => `*${String(index).padStart(2, '0')}`)

  it('let in whom they surely let in', () => {
    expect(told(like(account, many))).toEqual(['anyone *'])
    const narrow = ['99999999*', ...many.map((end) => `99999999${end}`)]
    expect(told(like(account, narrow))).toEqual(narrow.map((pattern) => `external ${pattern}`))
  })

  it('are told of each, however many they are', () => {
    const digits = Array.from({ length: 40 }, (_, index) => `12345678${'?'.repeat(index % 4)}${Math.floor(index / 4)}*`)
    const narrow = [...digits, ...Array.from({ length: 200 }, (_, index) => `55555${index + 100}*`)]
    const names = told(like(account, narrow)).map((text) => text.split(' ')[1] ?? '')
    expect(narrow.filter((pattern) => !names.includes(pattern))).toEqual([])
  })

  it('leave open whom others keep out', () => {
    const spared = [...many, ...Array.from({ length: 40 }, (_, index) => `*${60 + index}`)]
    expect(told({ ...like(account, '12345678*'), StringNotLike: { [account]: spared } })).toEqual([
      'anyone * unsearched',
    ])
    const lambda = { Service: 'lambda.amazonaws.com' }
    const sources = { ...like('aws:SourceAccount', '12345678*'), StringNotLike: { 'aws:SourceAccount': spared } }
    expect(told(sources, lambda)).toEqual(['service lambda.amazonaws.com unsearched'])
  })

  it('are looked at in a moment', () => {
    const narrow = Array.from({ length: 300 }, (_, index) => `1234${index + 1000}*`)
    const start = performance.now()
    told({ ...like(account, narrow), StringNotLike: { [account]: many } })
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('accounts that no pattern matches', () => {
  const account = 'aws:PrincipalAccount'
  const arn = 'aws:PrincipalArn'
  const unlike = (key: string, value: JsonValue) => ({ StringNotLike: { [key]: value } })
  const denied = (condition: JsonObject, principal: JsonValue = '*') =>
    grantsOf([statement({}, principal), { ...statement(condition), Effect: 'Deny' }])
  const firstDigits = [...'0123456789'].map((digit) => `${digit}*`)

  it.each([
    [account, '9*'],
    [account, '*1'],
    [account, ['9*', '*7', '?8*']],
    [account, firstDigits.slice(1)],
    [account, [...firstDigits.slice(1), '*0', '*12', '0*3*']],
    [arn, 'arn:aws:iam::9*'],
    [arn, 'arn:aws:*9*'],
    [arn, ['arn:aws:iam::9*', 'arn:aws:sts::9*', 'arn:aws:*:role/z*']],
  ])('are let in where %s must be unlike %j', (key, value) => {
    expect(under(unlike(key, value))).toEqual(['anyone *'])
    expect(denied(like(key, value))).toEqual(['anyone *'])
  })

  it('are none where all patterns together match every account', () => {
    expect(under(unlike(account, firstDigits))).toEqual(['service any AWS service'])
    expect(denied({ StringLikeIfExists: { [account]: firstDigits } })).toEqual([])
  })

  it.each([
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-ours123456' } }, account, 'organization organization o-ours123456'],
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-theirs12345' } }, account, 'external organization o-theirs12345'],
    [
      { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
      account,
      'external any account through vpce-0a1b2c3d4e5f60718',
    ],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, account, 'external any account from 203.0.113.0/24'],
    [
      { StringEquals: { 'aws:VpceOrgID': 'o-theirs12345' } },
      'aws:VpceAccount',
      'external any account through endpoints of organization o-theirs12345',
    ],
  ])('are let in under %j with %s unlike a pattern', (condition, key, grant) => {
    expect(under({ ...condition, ...unlike(key, '9*') })).toEqual([grant])
  })

  it('are those a service may call for', () => {
    const lambda = { Service: 'lambda.amazonaws.com' }
    const source = 'aws:SourceAccount'
    expect(under({ ...like(source, '*'), ...unlike(source, '9*') }, lambda)).toEqual(['service lambda.amazonaws.com'])
    expect(under({ ...like(source, '*'), ...unlike(source, firstDigits) }, lambda)).toEqual([])
    const ours = { StringEquals: { 'aws:SourceOrgID': 'o-ours123456' } }
    expect(under({ ...ours, ...unlike(source, ['9*', '1111*']) }, lambda)).toEqual([
      'service lambda.amazonaws.com bound',
    ])
  })
})

describe('names that no pattern matches', () => {
  it.each([
    ['aws:PrincipalArn', 'arn:aws:iam::*:role/*', '*/z*'],
    ['aws:PrincipalOrgID', 'o-*', 'o-z*'],
    ['aws:UserAgent', '*', 'z*'],
    ['aws:userid', '*', 'z*'],
    ['aws:PrincipalTag/team', '*', 'z*'],
  ])('are tried: %s like %s and unlike %s', (key, liked, unliked) => {
    expect(under({ ...like(key, liked), StringNotLike: { [key]: unliked } })).toEqual(['anyone *'])
    expect(under({ ...like(key, liked), StringNotLike: { [key]: '*' } })).toEqual([])
  })
})
