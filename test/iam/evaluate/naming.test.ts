import { describe, expect, it } from 'vitest'
import { parsePrincipal } from '../../../shared/iam/evaluate/principal.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { allow, decided, type Given, role, session, type WrittenCase } from './access-case.ts'

const root = 'arn:aws:iam::111122223333:root'

describe('exceptions of a resource policy', () => {
  const but = (principal: string, ...listed: readonly string[]) =>
    decided({ principal, resourcePolicy: [{ Effect: 'Allow', NotPrincipal: { AWS: [...listed] }, Action: 'ecr:*' }] })
  it.each([
    [role, [role], 'implicitlyDenied'],
    [role, [role, root], 'implicitlyDenied'],
    [role, ['arn:aws:iam::111122223333:role/other'], 'allowed'],
    [role, ['999988887777'], 'allowed'],
    [session, [session], 'implicitlyDenied'],
    [session, [role], 'implicitlyDenied'],
    [session, ['arn:aws:sts::111122223333:assumed-role/puller/other'], 'allowed'],
    [session, ['arn:aws:iam::111122223333:role/other'], 'allowed'],
    ['lambda.amazonaws.com', [role], 'allowed'],
  ])('for %s, %j left out: %s', (principal, listed, decision) => {
    expect(but(principal, ...listed).decision).toBe(decision)
  })
  it('are open for a principal whose account is left out', () => {
    expect(but(role, root).missing).toEqual([
      {
        kind: 'fact',
        fact: `whether NotPrincipal spares ${role} when it does not list the account and the principal both`,
      },
    ])
  })
  it('of another account name the root user by the account', () => {
    const abroad = 'arn:aws:ecr:eu-west-1:999988887777:repository/app'
    const of = (listed: string) =>
      decided({
        principal: root,
        resource: abroad,
        resourcePolicy: [{ Effect: 'Allow', NotPrincipal: { AWS: listed }, Action: 'ecr:*' }],
      }).decision
    expect([of('111122223333'), of(root), of('999988887777'), of(role)]).toEqual([
      'implicitlyDenied',
      'implicitlyDenied',
      'allowed',
      'allowed',
    ])
  })
})

describe('principals of a resource policy', () => {
  const named = (principal: WrittenCase['principal'], listed: JsonObject) =>
    decided({
      ...(principal === undefined ? {} : { principal }),
      resourcePolicy: [{ Effect: 'Allow', Principal: listed, Action: 'ecr:*' }],
    }).decision
  const path = 'arn:aws:iam::111122223333:role/path/puller'
  it.each([
    [role, { AWS: 'arn:aws-cn:iam::111122223333:root' }, 'implicitlyDenied'],
    [role, { AWS: 'arn:aws:sts::111122223333:assumed-role/other/s' }, 'implicitlyDenied'],
    [role, { AWS: 'arn:aws:sts::111122223333:assumed-role/puller/s' }, 'unknown'],
    [role, { AWS: 'arn:aws:sts::999988887777:assumed-role/puller/s' }, 'implicitlyDenied'],
    [session, { AWS: path }, 'allowed'],
    [session, { AWS: 'arn:aws:iam::111122223333:role/path/other' }, 'implicitlyDenied'],
    [session, { AWS: 'arn:aws:iam::111122223333:user/puller' }, 'implicitlyDenied'],
    [session, { AWS: 'arn:aws:iam::999988887777:role/puller' }, 'implicitlyDenied'],
    [{ session, roleArn: path }, { AWS: path }, 'allowed'],
    [{ session, roleArn: path }, { AWS: role }, 'implicitlyDenied'],
    ['arn:aws:iam::111122223333:user/bob', { AWS: 'arn:aws:iam::111122223333:user/*' }, 'implicitlyDenied'],
    ['lambda.amazonaws.com', { Service: 'Lambda.amazonaws.com' }, 'allowed'],
    ['lambda.amazonaws.com', { Service: 'ecs.amazonaws.com' }, 'implicitlyDenied'],
    ['lambda.amazonaws.com', { Service: '*.amazonaws.com' }, 'unknown'],
    [role, { Service: 'lambda.amazonaws.com' }, 'implicitlyDenied'],
    [role, { Federated: 'lambda.amazonaws.com' }, 'implicitlyDenied'],
    ['anonymous', { AWS: '111122223333' }, 'implicitlyDenied'],
    ['anonymous', { CanonicalUser: 'abc' }, 'implicitlyDenied'],
  ])('%j, %j listed: %s', (principal, listed, decision) => {
    expect(named(principal as WrittenCase['principal'], listed as JsonObject)).toBe(decision)
  })
  it('whose service has a star are not understood', () => {
    expect(
      decided({
        principal: 'lambda.amazonaws.com',
        resourcePolicy: [{ Effect: 'Allow', Principal: { Service: '*.amazonaws.com' }, Action: 'ecr:*' }],
      }).missing,
    ).toEqual([{ kind: 'fact', fact: 'meaning of the service principal *.amazonaws.com' }])
  })
})

describe('a Deny with NotPrincipal', () => {
  const given = (principal: string, more: Given = {}): Given => ({
    principal,
    identity: [allow()],
    resourcePolicy: [{ Effect: 'Deny', NotPrincipal: { AWS: [principal, root, role] }, Action: 'ecr:*' }],
    ...more,
  })
  it.each([[role], [session], ['arn:aws:iam::111122223333:user/bob']])(
    'denies %s that has a boundary, and spares it without one',
    (principal) => {
      const boundary = [allow({ Action: '*' })]
      expect(decided(given(principal, { boundary })).decision).toBe('explicitlyDenied')
      expect(decided(given(principal)).decision).toBe(principal === role ? 'unknown' : 'allowed')
    },
  )
  it('spares the root user that has a boundary', () => {
    expect(decided(given(root, { boundary: [allow({ Action: '*' })] })).decision).toBe('allowed')
  })
})

describe('principals as people write them', () => {
  it.each([
    'arn:xaws:iam::111122223333:role/x',
    'arn:aws-us-1:iam::111122223333:role/x',
    'arn:aws:s3::111122223333:assumed-role/a/b',
    'arn:aws:sts::111122223333:xassumed-role/a/b',
    'arn:aws:sts::111122223333:assumed-role/a/b c',
    'arn:aws:sts::111122223333:assumed-role/a/b/c',
    'arn:aws:sts::111122223333:xfederated-user/a',
    'arn:aws:sts::111122223333:federated-user/a b',
    'arn:aws:iam::111122223333:role/a b',
    'arn:aws:iam::111122223333:role/b c/a',
    'arn:aws:iam::111122223333:role/ü/a',
    'arn:aws:iam::111122223333:role//a',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:iam::111122223333:role',
    'arn:aws:iam::111122223333:group/a',
  ])('%s is none', (text) => {
    expect(parsePrincipal(text)).toBeUndefined()
  })
})
