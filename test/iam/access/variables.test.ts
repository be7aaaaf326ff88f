import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../shared/model/json.ts'
import { accessOf } from '../access-of.ts'
import { statement } from './one-statement.ts'

const variable = (key: string): string => `\${${key}}`
const other = variable('aws:PrincipalTag/other')
const denying = (condition: JsonValue): readonly JsonValue[] => [
  { Effect: 'Allow', Action: 'ecr:BatchGetImage', Principal: '*' },
  { Effect: 'Deny', Action: 'ecr:*', Principal: '*', Condition: condition },
]

/** Grants as `audience principal: what is uncertain`. */
const grantsOf = (statements: readonly JsonValue[], version = '2012-10-17'): readonly string[] =>
  accessOf({ statements, version }).grants.map(
    ({ audience, principal, uncertain }) => `${audience} ${principal}${uncertain.map((text) => `: ${text}`).join()}`,
  )

describe('variables whose value the caller chooses', () => {
  it.each([
    ['StringEquals', 'aws:PrincipalTag/team', other],
    ['StringEquals', 'aws:PrincipalTag/team', `x-${other}`],
    ['StringEquals', 'aws:PrincipalTag/team', `x-${variable('aws:userid')}-y`],
    ['StringLike', 'aws:UserAgent', `x-${other}-*`],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${variable('aws:PrincipalAccount')}:role/deploy-*`],
  ])('let anyone in: %s %s %s', (operator, key, value) => {
    expect(grantsOf([statement({ [operator]: { [key]: value } })])).toEqual(['anyone *'])
  })
  it.each([
    ['StringEquals', 'aws:PrincipalTag/team', `x-${variable('aws:PrincipalAccount')}`],
    ['StringEquals', 'aws:PrincipalAccount', other],
    ['StringEquals', 'aws:PrincipalOrgID', `o-${other}`],
    ['StringEquals', 'aws:SourceVpce', `vpce-${other}`],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::*:role/${other}`],
  ])('may let anyone in where not every value is tried: %s %s %s', (operator, key, value) => {
    expect(grantsOf([statement({ [operator]: { [key]: value } })])).toEqual([`anyone *: condition key ${key}`])
  })
  it.each([
    ['StringNotEquals', 'aws:PrincipalTag/team', `x-${variable('aws:userid')}`, 'anyone *'],
    ['StringEquals', 'aws:PrincipalAccount', other, 'anyone *'],
    ['StringNotEquals', 'aws:PrincipalAccount', other, 'anyone *: condition key aws:PrincipalAccount'],
  ])('of a Deny leave: %s %s %s', (operator, key, value, left) => {
    expect(grantsOf(denying({ [operator]: { [key]: value } }))).toEqual([left])
  })
})

describe('variables that the caller cannot choose', () => {
  it.each([
    ['StringEquals', 'aws:PrincipalAccount', variable('aws:ResourceAccount'), ['own 111122223333']],
    ['StringEquals', 'aws:PrincipalOrgID', variable('aws:ResourceOrgID'), ['organization organization o-ours123456']],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${variable('aws:ResourceAccount')}:role/x`, ['own 111122223333']],
    [
      'ArnLike',
      'aws:PrincipalArn',
      `arn:aws:iam::${variable('aws:ResourceAccount')}:role/${other}`,
      ['own 111122223333: condition key aws:PrincipalArn'],
    ],
    ['ArnLike', 'aws:SourceArn', `arn:aws:lambda:eu-west-1:${variable('aws:PrincipalAccount')}:function:x`, []],
  ])('narrow: %s %s %s', (operator, key, value, grants) => {
    expect(grantsOf([statement({ [operator]: { [key]: value } })])).toEqual(grants)
  })
  it('narrow what a Deny spares', () => {
    const spared = { StringNotEquals: { 'aws:PrincipalOrgID': variable('aws:ResourceOrgID') } }
    expect(grantsOf(denying(spared))).toEqual(['organization organization o-ours123456'])
  })
  it('refuse a listed account that is another one', () => {
    const condition = { StringEquals: { 'aws:PrincipalAccount': variable('aws:ResourceAccount') } }
    expect(grantsOf([statement(condition, { AWS: '333333333333' })])).toEqual([])
  })
})

it('takes variables for plain text in a policy of the old version', () => {
  const condition = { StringEquals: { 'aws:PrincipalAccount': other } }
  expect(grantsOf([statement(condition)], '2008-10-17')).toEqual([])
  expect(grantsOf([statement({ StringEquals: { 'aws:PrincipalTag/team': other } })], '2008-10-17')).toEqual([
    'anyone *',
  ])
})

describe('the organization of the repository, whatever its id is', () => {
  const organization = variable('aws:ResourceOrgID')
  const untold = { organizationUnknown: true }
  const open = 'organization id of the account is not known (settings: organizationId)'
  const told = (statements: readonly JsonValue[], given = {}) =>
    accessOf({ statements, ...given }).grants.map(({ audience, principal, uncertain, missing }) =>
      [`${audience} ${principal}`, ...uncertain, ...missing].join(': '),
    )
  const under = (condition: JsonValue, principal: JsonValue = '*') => [statement(condition, principal)]
  const same = { StringEquals: { 'aws:PrincipalOrgID': organization } }

  it.each<[string, readonly JsonValue[]]>([
    ['demanded', under(same)],
    ['demanded the other way round', under({ StringEquals: { 'aws:ResourceOrgID': variable('aws:PrincipalOrgID') } })],
    ['the first part of a path', under({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*` } })],
    ['spared by a Deny', denying({ StringNotEquals: { 'aws:PrincipalOrgID': organization } })],
    ['spared by a Deny with IfExists', denying({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization } })],
    [
      'spared by a Deny the other way round',
      denying({ StringNotEquals: { 'aws:ResourceOrgID': variable('aws:PrincipalOrgID') } }),
    ],
  ])('lets in its members where it is %s', (_how, statements) => {
    expect(told(statements)).toEqual(['organization organization o-ours123456'])
    expect(told(statements, untold)).toEqual(['organization organization of 111122223333'])
  })

  it.each([
    ['111122223333', 'own 111122223333'],
    ['111122224444', 'own 111122224444'],
    ['222222222222', 'organization 222222222222'],
    ['999999999999', 'organization 999999999999'],
  ])('makes %s that it is demanded of a member', (account, grant) => {
    expect(told(under(same, { AWS: account }))).toEqual([grant])
    expect(told(under(same, { AWS: account }), untold)).toEqual([grant])
  })

  it('may be one that conditions spell out while nobody told its id', () => {
    const theirs = { 'aws:PrincipalOrgID': 'o-theirs12345' }
    const both = { StringEquals: theirs, StringLike: { 'aws:PrincipalOrgID': organization } }
    expect(told(under(both))).toEqual([])
    expect(told(under(both), untold)).toEqual([`external organization o-theirs12345: ${open}`])
    expect(told(under({ StringEquals: { 'aws:ResourceOrgID': 'o-theirs12345' } }), untold)).toEqual([
      'anyone *: condition key aws:ResourceOrgID',
    ])
  })

  it('is that of an endpoint, and of whom a service calls for', () => {
    const endpoint = { StringEquals: { 'aws:VpceOrgID': organization } }
    const through = (whose: string) => [`organization any account through endpoints of organization ${whose}`]
    expect(told(under(endpoint))).toEqual(through('o-ours123456'))
    expect(told(under(endpoint), untold)).toEqual(through('of 111122223333'))
    const source = under({ StringEquals: { 'aws:SourceOrgID': organization } }, { Service: 'lambda.amazonaws.com' })
    for (const given of [{}, untold]) {
      expect(accessOf({ statements: source, ...given }).grants).toMatchObject([
        { audience: 'service', boundToSource: true },
      ])
    }
  })

  it('owns the endpoints of the account of the repository', () => {
    const own = { StringEquals: { 'aws:VpceAccount': variable('aws:ResourceAccount') } }
    expect(told(under(own))).toEqual(['own any account through endpoints of 111122223333'])
  })
})
