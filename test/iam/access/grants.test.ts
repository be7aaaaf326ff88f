import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { accessOf, type Case } from '../access-of.ts'
import { accessTo, allowing, grant, when } from './one-statement.ts'

describe('a grant', () => {
  it('says whose account a listed principal is of, and which statement lets it in', () => {
    const principals = [
      '222222222222',
      'arn:aws:iam::999999999999:role/x',
      'arn:aws:sts::333333333333:assumed-role/r/s',
    ]
    const statement = { document: 'repository policy', position: 2, sid: 'Pull' }
    const listed = allowing({ Principal: { AWS: principals }, Sid: 'Pull' })
    const denied = { Effect: 'Deny', Action: 'ecr:PutImage', Principal: '*' }
    expect(accessOf({ statements: [denied, listed] })).toStrictEqual({
      grants: [
        {
          ...grant,
          statement,
          audience: 'organization',
          principal: principals[0],
          accountId: principals[0],
          wholeAccount: true,
        },
        { ...grant, statement, audience: 'external', principal: principals[1], accountId: '999999999999' },
        { ...grant, statement, audience: 'trusted', principal: principals[2], accountId: '333333333333' },
      ],
      dead: [],
      notes: [],
    })
  })
  it('says whose account a condition names', () => {
    const accounts = ['111122223333', '999999999999', '222222222222']
    expect(accessTo(when('StringEquals', 'aws:PrincipalAccount', accounts)).grants).toStrictEqual([
      { ...grant, audience: 'own', principal: accounts[0], accountId: accounts[0], wholeAccount: true },
      { ...grant, audience: 'external', principal: accounts[1], accountId: accounts[1], wholeAccount: true },
      { ...grant, audience: 'organization', principal: accounts[2], accountId: accounts[2], wholeAccount: true },
    ])
  })
  it('says whose principal a condition names', () => {
    const arn = 'arn:aws:iam::999999999999:role/x'
    expect(accessTo(when('StringEquals', 'aws:PrincipalArn', arn)).grants).toStrictEqual([
      { ...grant, principal: arn, accountId: '999999999999' },
    ])
  })
  it('of an endpoint says that its owner is not known', () => {
    const endpoint = 'vpce-0123456789abcdef0'
    const condition = when('StringEquals', 'aws:SourceVpce', endpoint)
    expect(accessTo(condition).grants).toStrictEqual([
      {
        ...grant,
        principal: `any account through ${endpoint}`,
        missing: [`owner of ${endpoint} is not known`],
        narrowedBy: [`aws:SourceVpce StringEquals ${endpoint}`],
      },
    ])
  })
  it('of a unique id says so', () => {
    const condition = when('StringEquals', 'aws:userid', 'AROAEXAMPLEEXAMPLE:session')
    expect(accessTo(condition).grants).toStrictEqual([
      {
        ...grant,
        principal: 'unique id AROAEXAMPLEEXAMPLE:session',
        missing: ['owner of AROAEXAMPLEEXAMPLE:session is not known'],
        narrowedBy: ['aws:userid StringEquals AROAEXAMPLEEXAMPLE:session'],
      },
    ])
  })
  it.each([
    [{ Federated: 'arn:aws:iam::333333333333:saml-provider/x' }, 'trusted', '333333333333'],
    [{ Federated: 'arn:aws:iam::999999999999:saml-provider/x' }, 'external', '999999999999'],
    [{ Federated: 'cognito-identity.amazonaws.com' }, 'external', undefined],
    [{ CanonicalUser: 'abc' }, 'external', undefined],
    [{ AWS: 'nonsense' }, 'external', undefined],
  ])('to %j is not certain', (principal, audience, accountId) => {
    const [[type = '', value] = []] = Object.entries(principal)
    expect(accessTo({ Principal: principal as JsonObject }).grants).toStrictEqual([
      { ...grant, audience, principal: value, accountId, uncertain: [`principal of type ${type}`] },
    ])
  })
  it('names three values of what narrows it', () => {
    const of = (accounts: readonly string[]) =>
      accessTo({
        Principal: { Service: 'lambda.amazonaws.com' },
        ...when('StringEquals', 'aws:SourceAccount', [...accounts]),
      }).grants
    const three = ['111122223333', '999999999999', '333333333333']
    const told = { ...grant, audience: 'service', principal: 'lambda.amazonaws.com' }
    expect(of(three)).toStrictEqual([{ ...told, narrowedBy: [`aws:SourceAccount StringEquals ${three.join(', ')}`] }])
    expect(of([...three, '222222222222'])).toStrictEqual([
      { ...told, narrowedBy: [`aws:SourceAccount StringEquals ${three.join(', ')}, …`] },
    ])
  })
  it('of an open statement comes before one in doubt', () => {
    const doubtful = { Effect: 'Deny', Action: 'ecr:BatchGetImage', Principal: '*', ...when('StringFoo', 'aws:x', 'y') }
    const both = allowing({ Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] })
    expect(accessOf({ statements: [both, doubtful] }).grants).toStrictEqual([
      { ...grant, audience: 'anyone', principal: '*', actions: ['ecr:GetDownloadUrlForLayer'] },
      { ...grant, audience: 'anyone', principal: '*', uncertain: ['condition operator StringFoo'] },
    ])
  })
})

describe('addresses', () => {
  const from = (...blocks: readonly string[]) =>
    accessTo(when('IpAddress', 'aws:SourceIp', [...blocks])).grants.map(
      ({ audience, principal }) => `${audience} ${principal}`,
    )
  it('of private networks do not make others wide', () => {
    expect(from('203.0.113.0/24', '10.0.0.0/8', 'fc00::/7', '2a05:d000::/40')).toEqual([
      'external any account from 203.0.113.0/24',
      'external any account from 2a05:d000::/40',
    ])
  })
  it.each([
    [['52.0.0.0/8'], ['anyone *']],
    [['52.0.0.0/9'], ['external any account from 52.0.0.0/9']],
    [['52.0.0.0/9', '3.0.0.0/9'], ['anyone *']],
    [['2600:1f00::/32'], ['anyone *']],
    [['2600:1f00::/33'], ['external any account from 2600:1f00::/33']],
    [['192.168.0.0/16'], []],
    [['nonsense'], []],
  ])('%j let in %j', (blocks, grants) => {
    expect(from(...blocks)).toEqual(grants)
  })
  it('that a Deny spares are those of the public networks it names', () => {
    const spared = when('NotIpAddress', 'aws:SourceIp', ['203.0.113.0/24', '10.0.0.0/8'])
    const denied: JsonValue = { Effect: 'Deny', Action: 'ecr:*', Principal: '*', ...spared }
    const { grants } = accessOf({ statements: [allowing({}), denied] })
    expect(grants.map(({ audience, principal }) => `${audience} ${principal}`)).toEqual([
      'external any account from 203.0.113.0/24',
    ])
  })
})

describe('accounts of which nobody knows whether they are members', () => {
  const unread = 'the list of accounts could not be read'
  it('are marked when they are not listed', () => {
    const principals = ['999999999999', '222222222222', '333333333333', '111122224444']
    const { grants } = accessTo({ Principal: { AWS: principals } }, { unread })
    expect(grants.map(({ principal, maybeMember }) => [principal, maybeMember])).toEqual([
      ['999999999999', true],
      ['222222222222', undefined],
      ['333333333333', undefined],
      ['111122224444', undefined],
    ])
  })
  it('are members when a condition demands our organization', () => {
    const condition = when('StringEquals', 'aws:PrincipalOrgID', 'o-ours123456')
    const { grants } = accessTo({ Principal: { AWS: '999999999999' }, ...condition }, { unread })
    expect(grants.map(({ audience, maybeMember }) => [audience, maybeMember])).toEqual([['organization', undefined]])
  })
  it('are marked when a principal of theirs is not understood', () => {
    const of = (accountId: string) =>
      accessTo({ Principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/x` } }, { unread }).grants
    expect(of('999999999999').map(({ maybeMember }) => maybeMember)).toEqual([true])
    expect(of('222222222222').map(({ maybeMember }) => maybeMember)).toEqual([undefined])
  })
  it('are marked when a service calls for them', () => {
    const of = (accountId: string) =>
      accessTo(
        { Principal: { Service: 'lambda.amazonaws.com' }, ...when('StringEquals', 'aws:SourceAccount', accountId) },
        { unread },
      ).grants.map(({ boundToSource, maybeMember }) => [boundToSource, maybeMember])
    expect(of('999999999999')).toEqual([[false, true]])
    expect(of('222222222222')).toEqual([[true, undefined]])
  })
  it('cannot be told from ours while our organization is not known', () => {
    const condition = when('StringEquals', 'aws:PrincipalOrgID', 'o-ours123456')
    const missing = 'organization id of the account is not known (settings: organizationId)'
    const of = (given: Partial<Case>) => accessTo(condition, { organizationUnknown: true, ...given }).grants
    expect(of({}).map((one) => [one.audience, one.principal, one.missing])).toEqual([
      ['external', 'organization o-ours123456', [missing]],
    ])
    expect(of({ unread }).map((one) => one.missing)).toEqual([[`${missing}: ${unread}`]])
  })
})

describe('remarks', () => {
  it('are made on principals that never match and on statements without one', () => {
    const principals = ['arn:aws-cn:iam::111122223333:role/x', 'arn:aws:iam::1111*:role/x', 'AROAEXAMPLEID12345', '*x']
    const { Principal: _, ...nobody } = allowing({}) as JsonObject
    const statements = [allowing({ Principal: { AWS: principals } }), nobody, allowing({ Principal: { AWS: '*' } })]
    const at = (position: number) => ({ document: 'repository policy', position, sid: undefined })
    expect(accessOf({ statements: statements.slice(0, 2) })).toStrictEqual({
      grants: [],
      dead: [
        { statement: at(1), reason: 'principal-of-another-partition', subject: principals[0] },
        { statement: at(1), reason: 'wildcard-in-principal', subject: principals[1] },
        { statement: at(1), reason: 'deleted-principal', subject: principals[2] },
        { statement: at(1), reason: 'wildcard-in-principal', subject: principals[3] },
        { statement: at(2), reason: 'no-principal', subject: 'the statement' },
      ],
      notes: [
        `repository policy, statement 1: ${principals[0]} never matches, a principal of partition aws-cn cannot call here`,
        `repository policy, statement 1: ${principals[1]} never matches, wildcards inside a principal match nothing`,
        `repository policy, statement 1: ${principals[3]} never matches, wildcards inside a principal match nothing`,
        'repository policy, statement 2: names no principal and grants nothing',
      ],
    })
    expect(accessOf({ statements: statements.slice(2) }).notes).toEqual([])
  })
})
