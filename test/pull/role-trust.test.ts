import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { roleTrust, type TrustedService, type TrustQuestion } from '../../shared/pull/role-trust.ts'
import { type EstatePart, fullAccess, home, organization, policy, role, trustOf } from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const region = home.region
const ask = (
  trust: JsonValue,
  service: TrustedService = 'ecs-tasks',
  more: Partial<TrustQuestion> = {},
  estate: readonly EstatePart[] = [],
) => {
  const world = worldOf([role({ trust }), ...estate], { organizationAccounts: new Set([home.accountId]) })
  return roleTrust(world, { role: roleIn(world.inventory), region, ...more }, service)
}
const decided = (...question: Parameters<typeof ask>) => ask(...question).decision.decision
const when = (Condition: JsonObject, service = 'ecs-tasks') => trustOf(`${service}.amazonaws.com`, { Condition })
const source = (arn: JsonValue, service = 'ecs-tasks', operator = 'ArnLike') =>
  when({ [operator]: { 'aws:SourceArn': arn } }, service)

describe('whether a service may assume a role', () => {
  test('is a step about the role', () => {
    expect(ask(trustOf('ecs-tasks.amazonaws.com'))).toMatchObject({
      kind: 'trust',
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::111122223333:role/app',
      decision: { decision: 'allowed' },
    })
  })

  test.each([
    ['ecs-tasks', 'ecs-tasks'],
    ['ec2', 'ec2'],
    ['eks-fargate-pods', 'eks-fargate-pods'],
  ] as const)('%s needs a trust in %s', (service, trusted) => {
    expect(decided(trustOf(`${trusted}.amazonaws.com`), service)).toBe('allowed')
    expect(decided(trustOf('lambda.amazonaws.com'), service)).toBe('implicitlyDenied')
    expect(decided(trustOf('ecs.amazonaws.com'), service)).toBe('implicitlyDenied')
  })

  test('depends on the action too', () => {
    expect(decided(trustOf('ecs-tasks.amazonaws.com', { Action: 'sts:TagSession' }))).toBe('implicitlyDenied')
    expect(decided(trustOf('ecs-tasks.amazonaws.com', { Action: 'sts:*' }))).toBe('allowed')
  })

  test('is denied explicitly by a Deny', () => {
    const allow = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }
    expect(decided(policy(allow, { ...allow, Effect: 'Deny' }))).toBe('explicitlyDenied')
  })

  test('is unknown, naming the policy, when the trust cannot be read', () => {
    const { decision } = ask('no JSON')
    expect(decision.decision).toBe('unknown')
    expect(decision.missing).toMatchObject([{ kind: 'document', policy: 'trust policy of role app' }])
  })

  test('holds under conditions of the own account, region and organization', () => {
    expect(decided(when({ StringEquals: { 'aws:SourceAccount': home.accountId } }))).toBe('allowed')
    expect(decided(when({ StringEquals: { 'aws:SourceOrgID': 'o-exampleorg1' } }))).toBe('allowed')
    expect(decided(source('arn:aws:ecs:eu-central-1:111122223333:*'))).toBe('allowed')
    expect(decided(source('arn:aws:ecs:*:111122223333:*'))).toBe('allowed')
    expect(decided(when({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }))).toBe('allowed')
    expect(decided(when({ DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }))).toBe('allowed')
  })

  test('fails under conditions of another account, region or organization', () => {
    expect(decided(when({ StringEquals: { 'aws:SourceAccount': '555555555555' } }))).toBe('implicitlyDenied')
    expect(decided(when({ StringEquals: { 'aws:SourceOrgID': 'o-other' } }))).toBe('implicitlyDenied')
    expect(decided(source('arn:aws:ecs:us-east-1:111122223333:*'))).toBe('implicitlyDenied')
    expect(decided(source('arn:aws:ecs:eu-central-1:555555555555:*'))).toBe('implicitlyDenied')
    expect(decided(source('arn:aws:lambda:eu-central-1:111122223333:*'))).toBe('implicitlyDenied')
    expect(decided(when({ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }))).toBe('implicitlyDenied')
    expect(decided(when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))).toBe('implicitlyDenied')
  })

  test('is open where the exact source decides', () => {
    for (const end of ['task/*', 'service/main/web', 'task-definition/web:*', 'cluster/main']) {
      const { decision } = ask(source(`arn:aws:ecs:eu-central-1:111122223333:${end}`))
      expect(decision.decision, end).toBe('unknown')
      expect(decision.missing, end).toEqual([
        {
          kind: 'fact',
          fact: 'the trust policy of role app depends on the exact aws:SourceArn that ecs-tasks sends',
        },
      ])
    }
  })

  test('is denied when a Deny and a missing Allow split the sources', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }
    const like = (arn: string) => ({ Condition: { ArnLike: { 'aws:SourceArn': arn } } })
    const split = policy(
      { ...deny, ...like('arn:aws:ecs:eu-central-1:111122223333:task/*') },
      { ...deny, Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } },
    )
    expect(decided(split)).toBe('explicitlyDenied')
  })

  test('is open for EC2 where a source decides', () => {
    const { decision } = ask(when({ StringEquals: { 'aws:SourceAccount': home.accountId } }, 'ec2'), 'ec2')
    expect(decision).toMatchObject({ decision: 'unknown', missing: [{ kind: 'contextKey', key: 'aws:SourceAccount' }] })
  })
})

describe('the trust of a Fargate profile', () => {
  const prefix = `arn:aws:eks:${region}:${home.accountId}:fargateprofile`
  const profile = { arn: `${prefix}/main/web/20000000`, clusterName: 'main', name: 'web' }
  const inProfile = (arn: string) => decided(source(arn, 'eks-fargate-pods'), 'eks-fargate-pods', { profile })

  test('holds for its cluster and itself', () => {
    expect(inProfile(`${prefix}/main/*`)).toBe('allowed')
    expect(inProfile(`${prefix}/main/web*`)).toBe('allowed')
  })

  test('fails for another cluster, profile, region or account', () => {
    expect(inProfile(`${prefix}/other/*`)).toBe('implicitlyDenied')
    expect(inProfile(`${prefix}/main/api*`)).toBe('implicitlyDenied')
    expect(inProfile(`arn:aws:eks:us-east-1:${home.accountId}:fargateprofile/main/*`)).toBe('implicitlyDenied')
    expect(inProfile(`arn:aws:eks:${region}:555555555555:fargateprofile/main/*`)).toBe('implicitlyDenied')
  })

  test('is open for the exact ARN of the profile', () => {
    expect(inProfile(profile.arn)).toBe('unknown')
  })
})

describe('in China', () => {
  const inChina = (service: JsonValue, asked: TrustedService) => {
    const world = worldOf([role({ trust: trustOf('', { Principal: { Service: service } }) })])
    const { ref, ...rest } = roleIn(world.inventory)
    const chinese = { ...rest, ref: { ...ref, arn: 'arn:aws-cn:iam::111122223333:role/app' } }
    return roleTrust(world, { role: chinese, region: 'cn-north-1' }, asked).decision.decision
  }

  test('a service may go by either of its names', () => {
    expect(inChina('ec2.amazonaws.com.cn', 'ec2')).toBe('allowed')
    expect(inChina('ec2.amazonaws.com', 'ec2')).toBe('allowed')
    expect(inChina('ecs-tasks.amazonaws.com', 'ecs-tasks')).toBe('allowed')
    expect(inChina('lambda.amazonaws.com.cn', 'ec2')).toBe('implicitlyDenied')
  })

  test('only of EC2 is it known that the second name is its own', () => {
    expect(inChina('ecs-tasks.amazonaws.com.cn', 'ecs-tasks')).toBe('unknown')
    expect(inChina('eks-fargate-pods.amazonaws.com.cn', 'eks-fargate-pods')).toBe('unknown')
    expect(inChina(['ecs-tasks.amazonaws.com.cn', 'ecs-tasks.amazonaws.com'], 'ecs-tasks')).toBe('allowed')
    expect(inChina('lambda.amazonaws.com.cn', 'ecs-tasks')).toBe('implicitlyDenied')
  })

  test('the Chinese name means nothing elsewhere', () => {
    expect(decided(trustOf('ec2.amazonaws.com.cn'), 'ec2')).toBe('implicitlyDenied')
  })
})

describe('a resource control policy', () => {
  const perimeter = (statement: JsonObject) =>
    organization({
      policies: [
        { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId] },
        { name: 'rcp', type: 'RESOURCE_CONTROL_POLICY', content: policy(statement), targets: ['r-1'] },
      ],
    })
  const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }

  test('may keep the service from the role', () => {
    expect(decided(trustOf('ecs-tasks.amazonaws.com'), 'ecs-tasks', {}, perimeter(deny))).toBe('explicitlyDenied')
  })

  test('may spare services', () => {
    const Condition = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }
    const estate = perimeter({ ...deny, Condition })
    expect(decided(trustOf('ecs-tasks.amazonaws.com'), 'ecs-tasks', {}, estate)).toBe('allowed')
  })
})
