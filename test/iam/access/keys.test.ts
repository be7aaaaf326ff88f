import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import type { Case } from '../access-of.ts'
import { grantsOf, statement } from './one-statement.ts'

const lambda: JsonObject = { Service: 'lambda.amazonaws.com' }
const under = (operator: string, key: string, value: JsonValue, principal?: JsonValue, given?: Partial<Case>) =>
  grantsOf([statement({ [operator]: { [key]: value } }, principal)], given)

describe('keys of the network', () => {
  it.each([
    ['StringEquals', 'aws:VpceAccount', '999999999999', ['external 999999999999']],
    ['StringEquals', 'aws:VpceAccount', '111122223333', ['own 111122223333']],
    ['StringLike', 'aws:VpceAccount', '99*', ['anyone *']],
    ['StringLike', 'aws:VpceAccount', '99999999999*', ['external 99999999999*']],
    ['StringEquals', 'aws:VpceOrgID', 'o-ours123456', ['organization organization o-ours123456']],
    ['StringEquals', 'aws:VpceOrgID', 'o-theirs12345', ['external organization o-theirs12345']],
    ['StringLike', 'aws:VpceOrgID', 'o-*', ['anyone *']],
    ['Null', 'aws:VpceAccount', 'true', ['anyone *']],
    ['Null', 'aws:VpceAccount', 'false', ['anyone *']],
    ['Null', 'aws:VpceOrgID', 'false', ['anyone *']],
    ['Null', 'aws:SourceVpc', 'false', ['anyone *']],
    ['Null', 'aws:SourceIp', 'false', ['anyone *']],
    ['Null', 'aws:Ec2InstanceSourceVpc', 'true', ['anyone *']],
    ['IpAddress', 'aws:VpcSourceIp', '10.9.0.0/16', ['anyone *']],
    ['IpAddress', 'aws:Ec2InstanceSourcePrivateIPv4', '10.9.0.0/16', ['anyone *']],
  ])('%s %s %s lets in %j', (operator, key, value, grants) => {
    expect(under(operator, key, value)).toEqual(grants)
  })
  it('of the internet and of an endpoint are never in one request', () => {
    const ip = { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' }, StringLike: { 'aws:SourceVpce': '*' } }
    const vpcIp = { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' }, Null: { 'aws:SourceVpce': 'true' } }
    const account = { StringEquals: { 'aws:VpceAccount': '111122223333' }, Null: { 'aws:SourceVpce': 'true' } }
    expect([ip, vpcIp, account].map((condition) => grantsOf([statement(condition)]))).toEqual([[], [], []])
  })
})

describe('keys of the caller', () => {
  it.each([
    ['StringEquals', 'aws:PrincipalType', 'User', ['anyone *']],
    ['StringEquals', 'aws:PrincipalType', 'Robot', []],
    ['StringEquals', 'aws:PrincipalType', 'AWSService', ['service any AWS service']],
    ['StringLike', 'aws:PrincipalAccount', '*99', ['anyone *']],
    ['StringLike', 'aws:PrincipalAccount', '99*a', []],
    ['StringLike', 'aws:PrincipalAccount', '99999999999?', ['external 99999999999?']],
    ['StringLike', 'aws:PrincipalAccount', '1111222*', ['anyone *']],
    ['StringLike', 'aws:PrincipalAccount', '11112222*', ['external 11112222*', 'own 111122223333']],
    ['StringLike', 'aws:PrincipalOrgID', '*-zz*', ['anyone *']],
    ['StringLike', 'aws:PrincipalOrgID', 'x-*', []],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-th*/r-ab12/*', ['anyone *']],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'x-*/r-ab12/*', []],
    ['Null', 'aws:PrincipalArn', 'true', ['service any AWS service']],
    ['Null', 'aws:PrincipalAccount', 'true', ['service any AWS service']],
    ['Null', 'aws:userid', 'true', ['service any AWS service']],
    ['Null', 'aws:MultiFactorAuthPresent', 'true', ['anyone *']],
    ['Bool', 'aws:MultiFactorAuthPresent', 'false', ['anyone *']],
    ['Null', 'aws:UserAgent', 'true', ['anyone *']],
  ])('%s %s %s lets in %j', (operator, key, value, grants) => {
    expect(under(operator, key, value)).toEqual(grants)
  })
  it.each([
    ['o-theirs12345', { AWS: '999999999999' }, ['external 999999999999']],
    ['o-ours123456', { AWS: '999999999999' }, ['organization 999999999999']],
    ['o-ours123456', { AWS: '111122224444' }, ['own 111122224444']],
    ['o-theirs12345', { AWS: '111122224444' }, ['own 111122224444']],
    ['o-theirs12345', { AWS: '111122223333' }, []],
    ['o-theirs12345', { AWS: '222222222222' }, []],
    ['o-theirs12345', { AWS: '333333333333' }, ['trusted 333333333333']],
    ['o-theirs1234*', { AWS: '999999999999' }, []],
  ])('an organization %s is demanded of %j: %j', (organization, principal, grants) => {
    expect(under('StringEquals', 'aws:PrincipalOrgID', organization, principal)).toEqual(grants)
  })
  it.each([
    [{ AWS: '999999999999' }, ['external 999999999999']],
    [{ AWS: '111122223333' }, ['own 111122223333']],
    [{ AWS: '222222222222' }, ['organization 222222222222']],
  ])('any organization may be that of %j while ours is not known', (principal, grants) => {
    const given = { organizationUnknown: true }
    expect(under('StringEquals', 'aws:PrincipalOrgID', 'o-theirs12345', principal, given)).toEqual(grants)
  })
  it('of the resource are not known while our organization is not', () => {
    expect(under('StringEquals', 'aws:ResourceOrgID', 'o-ours123456', '*', { organizationUnknown: true })).toEqual([
      'anyone *: condition key aws:ResourceOrgID',
    ])
  })
})

describe('keys of what a service calls for', () => {
  const bound = ['service lambda.amazonaws.com bound']
  const loose = ['service lambda.amazonaws.com']
  it.each([
    ['StringEquals', 'aws:SourceAccount', '111122223333', bound],
    ['StringEquals', 'aws:SourceAccount', '111122224444', bound],
    ['StringEquals', 'aws:SourceAccount', '222222222222', bound],
    ['StringEquals', 'aws:SourceAccount', '999999999999', loose],
    ['StringEquals', 'aws:SourceAccount', 'nonsense', []],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:lambda:eu-west-1:999999999999:function:f', loose],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:lambda:eu-west-1:222222222222:function:f', bound],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::bucket', loose],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::bucket*', loose],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:lambda:*:*:function:f', loose],
    ['ArnLike', 'aws:SourceArn', 'nonsense', []],
    ['StringEquals', 'aws:SourceOrgID', 'o-ours123456', bound],
    ['StringEquals', 'aws:SourceOrgID', 'o-theirs12345', loose],
    ['ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-ours123456/*', bound],
    ['ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-theirs12345/*', loose],
    ['Null', 'aws:SourceArn', 'true', loose],
    ['Null', 'aws:SourceAccount', 'true', loose],
    ['Null', 'aws:SourceOrgID', 'true', loose],
    ['Null', 'aws:SourceOrgPaths', 'true', loose],
    ['Null', 'aws:SourceArn', 'false', loose],
    ['StringEquals', 'aws:PrincipalServiceName', 'lambda.amazonaws.com', loose],
    ['StringEquals', 'aws:PrincipalServiceName', 'ecs.amazonaws.com', []],
    ['StringEquals', 'aws:PrincipalType', 'Service', loose],
    ['StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/x', []],
    ['Null', 'aws:PrincipalOrgID', 'true', loose],
    ['Null', 'aws:SourceIp', 'true', loose],
  ])('%s %s %s: %j', (operator, key, value, grants) => {
    expect(under(operator, key, value, lambda)).toEqual(grants)
  })
  it.each([
    ['StringEquals', 'o-any1234567'],
    ['StringLike', 'o-any*'],
  ])('%s of the organization %s binds while ours is not known', (operator, value) => {
    expect(under(operator, 'aws:SourceOrgID', value, lambda, { organizationUnknown: true })).toEqual(bound)
  })
  it('have to agree', () => {
    const of = (account: string, arn: string) =>
      grantsOf([
        statement({ StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': arn } }, lambda),
      ])
    expect(of('222222222222', 'arn:aws:s3:::bucket')).toEqual(bound)
    expect(of('222222222222', 'arn:aws:lambda:eu-west-1:999999999999:function:f')).toEqual([])
    expect(of('999999999999', 'arn:aws:lambda:eu-west-1:999999999999:function:f')).toEqual(loose)
  })
})

describe('times', () => {
  const now = '2026-01-01T00:00:00Z'
  it.each([
    ['DateGreaterThan', 'aws:CurrentTime', '2026-06-01T00:00:00Z', true],
    ['DateEquals', 'aws:CurrentTime', '2026-06-01T00:00:00Z', true],
    ['DateEquals', 'aws:CurrentTime', now, true],
    ['DateEquals', 'aws:CurrentTime', '2025-06-01T00:00:00Z', false],
    ['DateLessThan', 'aws:CurrentTime', now, false],
    ['DateEquals', 'aws:CurrentTime', '1780272000', true],
    ['DateGreaterThan', 'aws:CurrentTime', '9999-12-30T12:00:00Z', true],
    ['DateGreaterThan', 'aws:CurrentTime', '9999-12-31T12:00:00Z', false],
    ['NumericEquals', 'aws:EpochTime', '1780272000', true],
    ['NumericEquals', 'aws:EpochTime', '1700000000', false],
    ['NumericLessThan', 'aws:EpochTime', '1767225600', false],
    ['NumericLessThanEquals', 'aws:EpochTime', '1767225600', true],
    ['NumericGreaterThan', 'aws:EpochTime', '253402214399', true],
    ['NumericGreaterThan', 'aws:EpochTime', '253402214400', false],
  ])('%s %s %s: %s', (operator, key, value, isOpen) => {
    expect(under(operator, key, value, '*', { now })).toEqual(isOpen ? ['anyone *'] : [])
  })
  it('do not matter when the clock is not known', () => {
    expect(under('DateEquals', 'aws:CurrentTime', '2025-06-01T00:00:00Z')).toEqual(['anyone *'])
    expect(
      grantsOf([
        statement({
          DateGreaterThan: { 'aws:CurrentTime': '2025-06-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2025-06-01T00:00:02Z' },
        }),
      ]),
    ).toEqual(['anyone *'])
  })
})
