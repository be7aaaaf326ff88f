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
