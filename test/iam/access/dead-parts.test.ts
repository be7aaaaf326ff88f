import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { accessOf } from '../access-of.ts'
import { grantsOf, statement } from './one-statement.ts'

describe('principals of a Deny', () => {
  const role = 'arn:aws:iam::333333333333:role/x'
  const session = 'arn:aws:sts::333333333333:assumed-role/x/s'
  const left = (allowed: JsonValue, denied: JsonObject) =>
    grantsOf([statement({}, allowed), { Effect: 'Deny', Action: 'ecr:*', ...denied }])
  it.each([
    [{ AWS: session }, { Principal: { AWS: session } }, []],
    [{ AWS: session }, { Principal: { AWS: role } }, []],
    [{ AWS: role }, { Principal: { AWS: session } }, [`trusted ${role}`]],
    [{ AWS: role }, { NotPrincipal: { AWS: role } }, [`trusted ${role}`]],
    [{ AWS: session }, { NotPrincipal: { AWS: session } }, [`trusted ${session}`]],
    [{ AWS: role }, { NotPrincipal: { AWS: `${role}y` } }, []],
    [{ AWS: role }, { NotPrincipal: { AWS: '333333333333' } }, [`trusted ${role}: NotPrincipal 333333333333`]],
    [{ AWS: '333333333333' }, { NotPrincipal: { AWS: '333333333333' } }, ['trusted 333333333333']],
    [{ AWS: '333333333333' }, { NotPrincipal: '*' }, ['trusted 333333333333']],
    [{ AWS: '333333333333' }, { Principal: '*' }, []],
    [{ AWS: '333333333333' }, { Principal: { AWS: ['AROAEXAMPLEID12345'] } }, ['trusted 333333333333']],
    [{ AWS: '333333333333' }, { Principal: { AWS: ['arn:aws:iam::33*:role/x'] } }, ['trusted 333333333333']],
    [
      { AWS: '333333333333' },
      { Principal: { Federated: 'arn:aws:iam::333333333333:saml-provider/x' } },
      ['trusted 333333333333: Principal arn:aws:iam::333333333333:saml-provider/x'],
    ],
    [
      { AWS: '333333333333' },
      { Principal: { Federated: 'arn:aws:iam::999999999999:saml-provider/x' } },
      ['trusted 333333333333'],
    ],
    [
      { AWS: '333333333333' },
      { Principal: { Federated: ['a', 'b', 'c', 'd'] } },
      ['trusted 333333333333: Principal a, b, c, …'],
    ],
    [
      { AWS: '333333333333' },
      { NotPrincipal: { Federated: ['a', 'b', 'c'] } },
      ['trusted 333333333333: NotPrincipal a, b, c'],
    ],
    [
      { Service: ['lambda.amazonaws.com', 'ecs.amazonaws.com'] },
      { Principal: { Service: 'lambda.amazonaws.com' } },
      ['service ecs.amazonaws.com'],
    ],
    [
      { Service: 'lambda.amazonaws.com' },
      { NotPrincipal: { Service: 'lambda.amazonaws.com' } },
      ['service lambda.amazonaws.com'],
    ],
  ])('%j, less %j: %j', (allowed, denied, grants) => {
    expect(left(allowed, denied as JsonObject)).toEqual(grants)
  })
  it('of an Allow may be everybody but some, and nobody', () => {
    const but = (principal: JsonValue): readonly string[] =>
      grantsOf([{ Effect: 'Allow', Action: 'ecr:BatchGetImage', NotPrincipal: principal }])
    expect(but('*')).toEqual([])
    expect(but({ AWS: '333333333333' })).toEqual(['anyone *'])
  })
})

describe('resources', () => {
  const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/app'
  const other = 'arn:aws:ecr:eu-west-1:111122223333:repository/other'
  const everyRepository = 'arn:aws:ecr:eu-west-1:111122223333:repository/*'
  const speaks = (effect: 'Allow' | 'Deny', element: JsonObject, resource = repository): boolean => {
    const open = { Effect: 'Allow', Action: 'ecr:BatchGetImage', Principal: '*' }
    const one = { Effect: effect, Action: 'ecr:BatchGetImage', Principal: '*', ...element }
    const { grants } = accessOf({ statements: effect === 'Allow' ? [one] : [open, one], resource })
    return effect === 'Allow' ? grants.length > 0 : grants.length === 0
  }
  const region = `arn:aws:ecr:\${aws:RequestedRegion}:111122223333:repository/app`
  it.each([
    ['Allow', { Resource: [other, repository] }, repository, true],
    ['Allow', { Resource: other }, repository, false],
    ['Allow', { NotResource: [other, repository] }, repository, false],
    ['Allow', { NotResource: other }, repository, true],
    ['Allow', { Resource: [other, 'arn:aws:s3:::b'] }, everyRepository, true],
    ['Allow', { Resource: region }, everyRepository, true],
    ['Allow', { Resource: `arn:aws:ecr:\${open` }, everyRepository, false],
    ['Deny', { Resource: [other, repository] }, repository, true],
    ['Deny', { Resource: other }, repository, false],
    ['Deny', { Resource: repository }, everyRepository, false],
    ['Deny', { Resource: [other, everyRepository] }, everyRepository, true],
    ['Deny', { NotResource: [other, 'arn:aws:s3:::b'] }, everyRepository, false],
    ['Deny', { NotResource: ['arn:aws:s3:::b', other] }, repository, true],
    ['Deny', { NotResource: region }, repository, false],
  ] as const)('an %s of %j speaks of %s: %s', (effect, element, resource, expected) => {
    expect(speaks(effect, element as JsonObject, resource)).toBe(expected)
  })
})

describe('dead parts', () => {
  const dead = (condition: JsonValue, more: JsonObject = {}) =>
    accessOf({
      statements: [{ ...statement(condition, { AWS: 'arn:aws:iam::333333333333:role/x' }), ...more }],
    }).dead.map(({ reason, subject }) => `${reason} ${subject}`)
  const absent = (key: string) => [`condition-key-absent-from-pulls ${key}`]
  it.each([
    [{ StringEquals: { 'aws:SourceAccount': '111122223333' } }, absent('aws:SourceAccount')],
    [{ StringNotEquals: { 'aws:SourceAccount': '111122223333' } }, []],
    [{ StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }, []],
    [{ 'ForAllValues:StringEquals': { 'aws:CalledVia': 'a' } }, []],
    [{ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'a' } }, absent('aws:CalledVia')],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:CalledVia': 'a' } }, absent('aws:CalledVia')],
    [{ Null: { 'aws:SourceArn': 'false' } }, absent('aws:SourceArn')],
    [{ Null: { 'aws:SourceArn': 'TRUE' } }, []],
    [{ Null: { 'aws:SourceArn': ['false', 'true'] } }, []],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, absent('aws:MultiFactorAuthPresent')],
    [{ StringFoo: { 'aws:SourceArn': 'x' } }, []],
  ])('%j', (condition, parts) => {
    expect(dead(condition as JsonValue)).toEqual(parts)
  })
  const both: JsonObject = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
  it.each([
    ['a Deny', { Effect: 'Deny' }],
    [
      'a user beside a role',
      { Principal: { AWS: ['arn:aws:iam::333333333333:role/x', 'arn:aws:iam::333333333333:user/y'] } },
    ],
    ['an account', { Principal: { AWS: '333333333333' } }],
  ])('are none for a second factor of %s', (_name, more) => {
    expect(dead(both, more as JsonObject)).toEqual([])
  })
  it('are none for a source where a service may call too', () => {
    const principal = { AWS: 'arn:aws:iam::333333333333:role/x', Service: 'lambda.amazonaws.com' }
    expect(dead({ StringEquals: { 'aws:SourceAccount': '111122223333' } }, { Principal: principal })).toEqual([])
  })
  it('of an ECS principal are those of an Allow', () => {
    const ecs = { Principal: { Service: 'ecs-tasks.amazonaws.com' } }
    expect(dead({}, ecs)).toEqual(['ecs-tasks-principal ecs-tasks.amazonaws.com'])
    expect(dead({}, { ...ecs, Effect: 'Deny' })).toEqual([])
    expect(dead({}, { Principal: { Federated: '*' } })).toEqual([])
  })
  it('name each key that is never met once, unless one is said to be absent from pulls', () => {
    const never = {
      StringEquals: { 'aws:SecureTransport': 'false', 'aws:RequestedRegion': 'us-west-2' },
      Bool: { 'aws:SecureTransport': 'false' },
    }
    expect(dead(never)).toEqual([
      'condition-never-true aws:SecureTransport',
      'condition-never-true aws:RequestedRegion',
    ])
    expect(dead({ ...never, StringLike: { 'aws:SourceArn': 'x' } })).toEqual(absent('aws:SourceArn'))
    expect(dead(never, { Action: ['ecr:BatchGetImage', 'ecr:Nonsense'] })).toEqual([
      'unknown-action ecr:Nonsense',
      'condition-never-true aws:SecureTransport',
      'condition-never-true aws:RequestedRegion',
    ])
  })
  it('of a registry policy do not hold the token', () => {
    const token = { Effect: 'Allow', Principal: '*', Action: 'ecr:GetAuthorizationToken' }
    expect(accessOf({ registry: [token] }).dead).toEqual([])
    expect(accessOf({ registry: [token] }).grants).toEqual([])
  })
})
