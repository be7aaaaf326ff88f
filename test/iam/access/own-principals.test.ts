import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { accessOf } from '../access-of.ts'
import { accessTo, allowing, grant, when } from './one-statement.ts'

const own = { Principal: { AWS: '111122223333' } }
const ownArn = (rest: string): string => `arn:aws:iam::111122223333:${rest}`

describe('principals of the own account', () => {
  const reaching = (more: JsonObject) =>
    accessTo({ ...own, ...more }).grants.map(({ ownPrincipals }) => ownPrincipals?.map(({ arn }) => arn))
  const condition = (operator: string, value: JsonValue) => when(operator, 'aws:PrincipalArn', value)
  it('are not told apart without a condition on them', () => {
    expect(reaching({})).toEqual([undefined])
    expect(reaching(when('StringEquals', 'aws:PrincipalAccount', '111122223333'))).toEqual([undefined])
  })
  it('are those spelt out of the account', () => {
    const arns = [ownArn('role/a'), ownArn('user/b'), 'arn:aws:iam::444455556666:role/c']
    expect(accessTo({ ...own, ...condition('StringEquals', arns) }).grants).toStrictEqual([
      {
        ...grant,
        audience: 'own',
        principal: '111122223333',
        accountId: '111122223333',
        wholeAccount: true,
        narrowedBy: [`aws:PrincipalArn StringEquals ${arns.join(', ')}`],
        ownPrincipals: [
          { arn: arns[0], actions: ['ecr:BatchGetImage'] },
          { arn: arns[1], actions: ['ecr:BatchGetImage'] },
        ],
      },
    ])
  })
  it('are those a pattern makes up, short and long', () => {
    expect(reaching(condition('ArnLike', 'arn:aws:iam::*:role/deploy-*'))).toEqual([
      [ownArn('role/deploy-'), ownArn('role/deploy-zz-fresh-zz')],
    ])
  })
  it('are those a pattern makes up with each star alone and with each character', () => {
    expect(reaching(condition('ArnLike', ownArn('role/a?-*-b*')))).toEqual([
      [
        ownArn('role/ax--b'),
        ownArn('role/a9--b'),
        ownArn('role/ax-zz-fresh-zz-bzz-fresh-zz'),
        ownArn('role/a9-zz-fresh-zz-bzz-fresh-zz'),
        ownArn('role/ax-zz-fresh-zz-b'),
        ownArn('role/a9-zz-fresh-zz-b'),
        ownArn('role/ax--bzz-fresh-zz'),
        ownArn('role/a9--bzz-fresh-zz'),
      ],
    ])
  })
  it('are one of each kind that no policy mentions, where all others are let in', () => {
    expect(reaching(condition('ArnNotLike', ownArn('role/deploy')))).toEqual([
      [
        ownArn('role/xzz-fresh-zz'),
        ownArn('user/xzz-fresh-zz'),
        ownArn('root'),
        'arn:aws:sts::111122223333:federated-user/xzz-fresh-zz',
      ],
    ])
  })
  it('each have the actions a Deny leaves them', () => {
    const both = allowing({ ...own, Action: ['ecr:BatchGetImage', 'ecr:PutImage'] })
    const denied = {
      Effect: 'Deny',
      Action: 'ecr:PutImage',
      Principal: '*',
      ...condition('ArnNotLike', ownArn('role/ci')),
    }
    const reached = accessOf({ statements: [both, denied] }).grants.map(({ ownPrincipals }) => ownPrincipals)
    expect(reached[0]).toEqual([
      { arn: ownArn('role/xzz-fresh-zz'), actions: ['ecr:BatchGetImage'] },
      { arn: ownArn('user/xzz-fresh-zz'), actions: ['ecr:BatchGetImage'] },
      { arn: ownArn('root'), actions: ['ecr:BatchGetImage'] },
      { arn: 'arn:aws:sts::111122223333:federated-user/xzz-fresh-zz', actions: ['ecr:BatchGetImage'] },
      { arn: ownArn('role/ci'), actions: ['ecr:BatchGetImage', 'ecr:PutImage'] },
    ])
  })
  it('are not told apart by more than eight patterns, or more than eight stars in one', () => {
    const patterns = (count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => ownArn(`role/p${index}*`))
    expect(reaching(condition('ArnLike', [...patterns(8)]))[0]?.length).toBe(16)
    expect(reaching(condition('ArnLike', [...patterns(9)]))).toEqual([undefined])
    expect(reaching(condition('ArnLike', ownArn(`role/${'a*'.repeat(8)}`)))[0]?.length).toBe(10)
    expect(reaching(condition('ArnLike', ownArn(`role/${'a*'.repeat(9)}`)))).toEqual([undefined])
  })
  it('are not told apart by more than two hundred names', () => {
    const names = (count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => ownArn(`role/r${index}`))
    expect(reaching(condition('StringEquals', [...names(196)]))[0]?.length).toBe(196)
    expect(reaching(condition('StringEquals', [...names(197)]))).toEqual([undefined])
  })
  it('are told of the own account only', () => {
    const of = (principal: string) =>
      accessTo({ Principal: { AWS: principal }, ...condition('ArnLike', 'arn:aws:iam::*:role/x') }).grants
    expect(of('333333333333').map(({ ownPrincipals }) => ownPrincipals)).toEqual([undefined])
    expect(of(ownArn('role/x')).map(({ ownPrincipals }) => ownPrincipals)).toEqual([undefined])
  })
})
