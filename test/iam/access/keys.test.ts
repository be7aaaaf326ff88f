import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import type { Case } from '../access-of.ts'
import { accessTo, allowing, grant, grantsOf, statement } from './one-statement.ts'

const lambda: JsonObject = { Service: 'lambda.amazonaws.com' }
const under = (operator: string, key: string, value: JsonValue, principal?: JsonValue, given?: Partial<Case>) =>
  grantsOf([statement({ [operator]: { [key]: value } }, principal)], given)

describe('keys of the network', () => {
  it.each([
    ['StringEquals', 'aws:VpceAccount', '999999999999', ['external any account through endpoints of 999999999999']],
    ['StringEquals', 'aws:VpceAccount', '111122223333', ['own any account through endpoints of 111122223333']],
    ['StringLike', 'aws:VpceAccount', '99*', ['anyone *']],
    ['StringLike', 'aws:VpceAccount', '99999999999*', ['external any account through endpoints of 99999999999*']],
    [
      'StringEquals',
      'aws:VpceOrgID',
      'o-ours123456',
      ['organization any account through endpoints of organization o-ours123456'],
    ],
    [
      'StringEquals',
      'aws:VpceOrgID',
      'o-theirs12345',
      ['external any account through endpoints of organization o-theirs12345'],
    ],
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
  const own = { 'aws:VpceAccount': '111122223333' }
  const ours = { 'aws:VpceOrgID': 'o-ours123456' }
  const throughOwn = 'own any account through endpoints of 111122223333'
  it.each([
    [
      'who is named is let in through endpoints of others',
      { StringEquals: own },
      { AWS: '999999999999' },
      ['external 999999999999'],
    ],
    [
      'the organization of an endpoint is not that of the caller',
      { StringEquals: ours },
      { AWS: '999999999999' },
      ['external 999999999999'],
    ],
    ['a service comes through no endpoint', { StringEquals: own }, lambda, []],
    [
      'owner and organization of an endpoint agree',
      { StringEquals: { ...own, 'aws:VpceOrgID': 'o-theirs12345' } },
      '*',
      [],
    ],
    ['one owner has both', { StringEquals: { ...own, ...ours } }, '*', [throughOwn]],
    [
      'an owner that is a member of ours',
      { StringEquals: { 'aws:VpceAccount': '999999999999', ...ours } },
      '*',
      ['organization any account through endpoints of 999999999999'],
    ],
    [
      'callers of our organization through its endpoints',
      { StringEquals: { ...ours, 'aws:PrincipalOrgID': 'o-ours123456' } },
      '*',
      ['organization organization o-ours123456'],
    ],
    [
      'own callers through own endpoints',
      { StringEquals: { ...own, 'aws:PrincipalAccount': '111122223333' } },
      '*',
      ['own 111122223333'],
    ],
    [
      'callers of others through own endpoints',
      { StringEquals: { ...own, 'aws:PrincipalAccount': '999999999999' } },
      '*',
      ['external 999999999999'],
    ],
    [
      'accounts of a loose pattern through own endpoints',
      { StringEquals: own, StringLike: { 'aws:PrincipalAccount': '12*' } },
      '*',
      [throughOwn],
    ],
    ['own endpoints and internet', { StringEqualsIfExists: own }, '*', ['anyone *']],
    [
      'a certain endpoint of ours',
      { StringEquals: { ...own, 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
      '*',
      [throughOwn],
    ],
  ])('%s: %j for %j', (_name, condition, principal, grants) => {
    expect(grantsOf([statement(condition, principal)])).toEqual(grants)
  })

  it('tell nothing of who calls', () => {
    const through = accessTo({ Condition: { StringEquals: own } }).grants
    expect(through).toEqual([
      { ...grant, audience: 'own', principal: 'any account through endpoints of 111122223333', anyCaller: true },
    ])
    const unread = accessTo(
      { Condition: { StringEquals: { 'aws:VpceAccount': '999999999999' } } },
      { unread: 'no hub' },
    )
    expect(unread.grants).toMatchObject([{ audience: 'external', maybeMember: true, anyCaller: true }])
    const unknown = accessTo({ Condition: { StringEquals: ours } }, { organizationUnknown: true })
    expect(unknown.grants).toMatchObject([
      {
        audience: 'external',
        missing: ['organization id of the account is not known (settings: organizationId)'],
        anyCaller: true,
      },
    ])
  })

  it('of a Deny spare callers through the endpoints of its owner', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { StringNotEquals: own } }
    expect(grantsOf([allowing({}), deny])).toEqual([throughOwn])
    expect(grantsOf([allowing({ Principal: { AWS: '999999999999' } }), deny])).toEqual(['external 999999999999'])
  })

  it('of the internet and of an endpoint are never in one request', () => {
    const ip = { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' }, StringLike: { 'aws:SourceVpce': '*' } }
    const vpcIp = { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' }, Null: { 'aws:SourceVpce': 'true' } }
    const account = { StringEquals: { 'aws:VpceAccount': '111122223333' }, Null: { 'aws:SourceVpce': 'true' } }
    expect([ip, vpcIp, account].map((condition) => grantsOf([statement(condition)]))).toEqual([[], [], []])
  })
})

describe('who may come otherwise than through endpoints that conditions name', () => {
  const own = 'own any account through endpoints of 111122223333'
  const members = 'organization any account through endpoints of organization o-ours123456'
  it.each([
    [{ 'aws:VpceAccount': '111122223333' }, { 'aws:PrincipalAccount': '999999999999' }, [own, 'external 999999999999']],
    [
      { 'aws:VpceAccount': '111122223333' },
      { 'aws:PrincipalOrgID': 'o-theirs12345' },
      [own, 'external organization o-theirs12345'],
    ],
    [
      { 'aws:VpceAccount': '111122223333' },
      { 'aws:PrincipalOrgID': 'o-ours123456' },
      [own, 'organization organization o-ours123456'],
    ],
    [{ 'aws:VpceAccount': '111122223333' }, { 'aws:PrincipalAccount': '111122223333' }, [own]],
    [
      { 'aws:VpceOrgID': 'o-ours123456' },
      { 'aws:PrincipalAccount': '999999999999' },
      [members, 'external 999999999999'],
    ],
  ])('is told beside those who come through them: %j or %j', (network, caller, grants) => {
    const unless = { StringNotEqualsIfExists: { ...network, ...caller } }
    expect(grantsOf([allowing({}), allowing({ Effect: 'Deny', Condition: unless })])).toEqual(grants)
  })
  it('is not whom another statement names, while only the endpoints let them in', () => {
    const denied = (action: string, key: string, value: string) =>
      allowing({ Effect: 'Deny', Action: action, Condition: { StringNotEqualsIfExists: { [key]: value } } })
    const perimeter = denied('ecr:*', 'aws:VpceAccount', '111122223333')
    const push = denied('ecr:PutImage', 'aws:PrincipalAccount', '999999999999')
    expect(grantsOf([allowing({}), perimeter, push])).toEqual([own])
  })
})

describe('the organization of an endpoint', () => {
  const through = (whose: string) => [
    `${whose.split(' ')[0]} any account through endpoints of ${whose.slice(whose.indexOf(' ') + 1)}`,
  ]
  it.each([
    ['o-ours123456/r-ab12/*', through('organization organization o-ours123456')],
    ['o-theirs12345/r-ab12/ou-ab12-cdefgh12/*', through('external organization o-theirs12345')],
    ['o-*/r-ab12/*', ['anyone *']],
    ['nonsense', []],
  ])('is known by its path %s: %j', (path, grants) => {
    expect(under('ForAnyValue:StringLike', 'aws:VpceOrgPaths', path)).toEqual(grants)
  })
  it('is not on the way over the internet', () => {
    expect(under('Null', 'aws:VpceOrgPaths', 'false')).toEqual(['anyone *'])
    const both = {
      'ForAnyValue:StringLike': { 'aws:VpceOrgPaths': 'o-ours123456/*' },
      IpAddress: { 'aws:SourceIp': '0.0.0.0/0' },
    }
    expect(grantsOf([statement(both)])).toEqual([])
  })
  it('has its own paths and no others', () => {
    const other = {
      'ForAnyValue:StringLike': { 'aws:VpceOrgPaths': 'o-ours123456/*' },
      StringEquals: { 'aws:VpceOrgID': 'o-theirs12345' },
    }
    expect(grantsOf([statement(other)])).toEqual([])
  })
})

describe('the ARN of the VPC a request comes from', () => {
  const arn = (account: string, vpc = 'vpc-0123456789abcdef0') => `arn:aws:ec2:eu-west-1:${account}:vpc/${vpc}`
  const through = (name: string) => `any account through ${name}`
  it.each([
    [arn('111122223333'), [`own ${through('endpoints of 111122223333')}`]],
    [arn('222222222222'), [`organization ${through('endpoints of 222222222222')}`]],
    [arn('999999999999'), [`external ${through('endpoints of 999999999999')}`]],
    [arn('111122223333', '*'), [`own ${through('endpoints of 111122223333')}`]],
    [arn('99999999999?', '*'), [`external ${through(`endpoints of ${arn('99999999999?', '*')}`)}`]],
    [arn('*'), [`external ${through(arn('*'))}`]],
    [arn('*', '*'), ['anyone *']],
    [arn('12*', 'vpc-0*'), ['anyone *']],
    ['nonsense', []],
  ])('%s lets in %j', (pattern, grants) => {
    expect(under('ArnLike', 'aws:SourceVpcArn', pattern)).toEqual(grants)
  })
  it('leaves open whose a VPC is where no account is named', () => {
    const { grants } = accessTo({ Condition: { ArnLike: { 'aws:SourceVpcArn': arn('*') } } })
    expect(grants.map(({ missing }) => missing)).toEqual([[`owner of ${arn('*')} is not known`]])
  })
  it('says nothing of who is named beside it, and is not on the way of a service', () => {
    expect(under('ArnLike', 'aws:SourceVpcArn', arn('111122223333'), { AWS: '999999999999' })).toEqual([
      'external 999999999999',
    ])
    expect(under('ArnLike', 'aws:SourceVpcArn', arn('*'), { AWS: '999999999999' })).toEqual(['external 999999999999'])
    expect(under('ArnLike', 'aws:SourceVpcArn', arn('111122223333'), lambda)).toEqual([])
  })
  it('agrees with the owner of the endpoint', () => {
    const of = (account: string) => ({
      ArnLike: { 'aws:SourceVpcArn': arn('111122223333') },
      StringEquals: { 'aws:VpceAccount': account },
    })
    expect(grantsOf([statement(of('111122223333'))])).toEqual([`own ${through('endpoints of 111122223333')}`])
    expect(grantsOf([statement(of('999999999999'))])).toEqual([])
  })
  it('of a Deny spares who comes from there', () => {
    const condition = { ArnNotEquals: { 'aws:SourceVpcArn': arn('111122223333') } }
    const deny = { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: condition }
    expect(grantsOf([allowing({}), deny])).toEqual([`own ${through('endpoints of 111122223333')}`])
  })
})

describe('keys of other requests', () => {
  const actionsUnder = (operator: string, key: string, value: JsonValue) =>
    accessTo({
      Action: ['ecr:BatchGetImage', 'ecr:TagResource', 'ecr:CreateRepository'],
      Condition: { [operator]: { [key]: value } },
    })
      .grants.flatMap(({ actions }) => actions)
      .sort()
  it.each([
    ['sts:ExternalId', 'secret'],
    ['sts:RoleSessionName', 'x'],
    ['s3:prefix', 'x'],
  ])('are in no request to ECR: %s', (key, value) => {
    expect(under('StringEquals', key, value)).toEqual([])
    expect(under('StringNotEquals', key, value)).toEqual(['anyone *'])
  })
  it.each([
    ['StringEquals', 'aws:RequestTag/team', 'a'],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', 'team'],
  ])('%s %s: tags are given where something is made or tagged', (operator, key, value) => {
    expect(actionsUnder(operator, key, value)).toEqual(['ecr:CreateRepository', 'ecr:TagResource'])
    expect(actionsUnder('Null', key, 'true')).toEqual(['ecr:BatchGetImage', 'ecr:CreateRepository', 'ecr:TagResource'])
    const { dead } = accessTo({ Condition: { [operator]: { [key]: value } } })
    expect(dead.map(({ reason, subject }) => [reason, subject])).toEqual([['condition-never-true', key]])
  })
})

describe('tags of the repository', () => {
  const yes = { StringEquals: { 'aws:ResourceTag/public': 'yes' } }
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'ecr:*',
    Condition: { StringNotEquals: { 'ecr:ResourceTag/public': 'yes' } },
  }
  const unknown = 'condition key aws:ResourceTag/public'
  it.each([
    [{ public: 'yes' }, ['anyone *']],
    [{ Public: 'yes' }, ['anyone *']],
    [{ public: 'no' }, []],
    [{ other: 'yes' }, []],
    [{}, []],
    [{ public: 'yes', Public: 'no' }, [`anyone *: ${unknown}`]],
    [undefined, [`anyone *: ${unknown}`]],
  ])('%j: %j', (tags, grants) => {
    expect(grantsOf([statement(yes)], tags === undefined ? {} : { tags })).toEqual(grants)
  })
  it('decide what a Deny takes', () => {
    expect(grantsOf([allowing({}), deny], { tags: { public: 'yes' } })).toEqual(['anyone *'])
    expect(grantsOf([allowing({}), deny], { tags: {} })).toEqual([])
    expect(grantsOf([allowing({}), deny])).toEqual(['anyone *: condition key ecr:ResourceTag/public'])
  })
  it('that a variable stands for decide too', () => {
    const variable = '${' + 'aws:ResourceTag/owner}'
    const owned = [statement({ StringEquals: { 'aws:PrincipalAccount': variable } })]
    expect(grantsOf(owned, { tags: { owner: '999999999999' } })).toEqual(['external 999999999999'])
    expect(grantsOf(owned, { tags: {} })).toEqual([])
  })
  it('of one that is being made are not known', () => {
    const made = grantsOf([allowing({ Action: 'ecr:CreateRepository', Condition: yes })], { tags: {} })
    expect(made).toEqual([`anyone *: ${unknown}`])
  })
})

describe('keys of the caller', () => {
  it.each([
    ['arn:aws:sts::*:federated-user/*', ['anyone *']],
    ['arn:aws:sts::999999999999:federated-user/anna', ['external arn:aws:sts::999999999999:federated-user/anna']],
    ['arn:aws:sts::99999999999?:federated-user/anna', ['external arn:aws:sts::99999999999?:federated-user/anna']],
    ['arn:aws:sts::*:assumed-role/app/*', []],
  ])('a user session of a federation calls by %s: %j', (arn, grants) => {
    expect(under('ArnLike', 'aws:PrincipalArn', arn)).toEqual(grants)
  })
  it.each([
    ['arn:aws:sts::*:assumed-role/AWSReservedSSO_Admin_*/*', []],
    ['arn:aws:sts*:assumed-role/app/*', []],
    ['arn:aws:sts::*/app/*', []],
    ['arn:aws:sts::*r/x', []],
    [`arn:aws:sts::*:federated-user/${'a'.repeat(33)}*`, []],
    ['arn:aws:sts::*r/*x', ['anyone *']],
    [`arn:aws:sts::*:federated-user/${'a'.repeat(32)}*`, ['anyone *']],
    ['arn:aws:sts::*', ['anyone *']],
    ['*-user/ann?', ['anyone *']],
    ['arn:aws:s*an?', ['anyone *']],
  ])('no text that goes on after its name is one: %j', (arn, grants) => {
    expect(under('StringLike', 'aws:PrincipalArn', arn)).toEqual(grants)
  })
  it.each([
    ['StringEquals', 'aws:PrincipalType', 'User', ['anyone *']],
    ['StringEquals', 'aws:PrincipalType', 'Robot', []],
    ['StringEquals', 'aws:PrincipalType', 'AWSService', ['service any AWS service']],
    ['StringLike', 'aws:PrincipalAccount', '*99', ['anyone *']],
    ['StringLike', 'aws:PrincipalAccount', '99*a', []],
    ['StringLike', 'aws:PrincipalAccount', '99999999999?', ['external 99999999999?']],
    ['StringLike', 'aws:PrincipalAccount', '1111222*', ['anyone *']],
    ['StringLike', 'aws:PrincipalAccount', '11112222*', ['external 11112222*', 'own 111122223333', 'own 111122224444']],
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
