import { describe, expect, test } from 'vitest'
import { absentKey, present, unknownKey } from '../../shared/iam/conditions/context.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { contextOf, decideFor, type RegistryRequest } from '../../shared/pull/decide.ts'
import type { PullWorld } from '../../shared/pull/types.ts'
import type { WayKeys } from '../../shared/pull/way-keys.ts'
import {
  allowPull,
  type EstatePart,
  fullAccess,
  home,
  notListed,
  organization,
  policy,
  registryPolicy,
  repository,
  role,
  roleArn,
} from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const token: RegistryRequest = { action: 'ecr:GetAuthorizationToken', region: home.region }
const place = (accountId: string = home.accountId) => ({
  accountId,
  region: home.region,
  name: 'app',
  arn: `arn:aws:ecr:${home.region}:${accountId}:repository/app`,
})
const manifest: RegistryRequest = { action: 'ecr:BatchGetImage', region: home.region, repository: place() }
const may = (more: JsonObject = {}) =>
  role({ inline: { all: policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*', ...more }) } })
const members = { organizationAccounts: new Set([home.accountId]) }

function decide(world: PullWorld, request: RegistryRequest, way?: WayKeys) {
  return decideFor(world, roleIn(world.inventory), 'fargateTask', request, way)
}

const guardrails = (type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY', statement: JsonObject) =>
  organization({
    policies: [
      { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId, '999999999999'] },
      {
        name: 'RCPFullAWSAccess',
        type: 'RESOURCE_CONTROL_POLICY',
        content: policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
        targets: ['r-1', home.accountId, '999999999999'],
      },
      { name: 'perimeter', type, content: policy(statement), targets: ['r-1'] },
    ],
  })

describe('the keys of a request', () => {
  const world = worldOf([role()], members)
  const context = contextOf(world, roleIn(world.inventory), 'fargateTask', manifest)

  test('say who asks, of what, where and when', () => {
    expect(context.get('aws:principalarn')).toEqual(present(roleArn('app')))
    expect(context.get('aws:principalaccount')).toEqual(present(home.accountId))
    expect(context.get('aws:principalorgid')).toEqual(present('o-exampleorg1'))
    expect(context.get('aws:resourceaccount')).toEqual(present(home.accountId))
    expect(context.get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    expect(context.get('aws:requestedregion')).toEqual(present(home.region))
    expect(context.get('aws:currenttime')).toEqual(present('2026-11-21T00:00:00.000Z'))
    expect(context.get('aws:sourceip')).toEqual(unknownKey)
  })

  test('know the account of a repository elsewhere, and its organization where it is a member', () => {
    const of = (accountId: string, where: PullWorld) =>
      contextOf(where, roleIn(where.inventory), 'fargateTask', { ...manifest, repository: place(accountId) })
    expect(of('444455556666', world).get('aws:resourceaccount')).toEqual(present('444455556666'))
    expect(of('444455556666', world).get('aws:resourceorgid')).toEqual(unknownKey)
    const both = worldOf([role()], { organizationAccounts: new Set([home.accountId, '444455556666']) })
    expect(of('444455556666', both).get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    const owner = worldOf([role()], { organizationAccounts: new Set(['444455556666']) })
    expect(of('444455556666', owner).get('aws:resourceorgid')).toEqual(present('o-exampleorg1'))
    expect(of('444455556666', owner).get('aws:principalorgid')).toEqual(unknownKey)
  })

  test('are those of the account for a request without a repository', () => {
    const ofToken = contextOf(world, roleIn(world.inventory), 'fargateTask', token)
    expect(ofToken.get('aws:resourceaccount')).toEqual(present(home.accountId))
  })

  test('leave the time open where none is given', () => {
    const { now: _, ...timeless } = world
    const keys = contextOf(timeless, roleIn(world.inventory), 'fargateTask', manifest)
    expect(keys.get('aws:currenttime')).toEqual(unknownKey)
  })

  test('hold what the way decides', () => {
    const way = { key: 'nat', way: 'NAT gateway nat-1', values: new Map([['aws:sourcevpce', absentKey]]) }
    const keys = contextOf(world, roleIn(world.inventory), 'fargateTask', manifest, { way })
    expect(keys.get('aws:sourcevpce')).toEqual(absentKey)
    expect(context.get('aws:sourcevpce')).toEqual(unknownKey)
  })
})

describe('a decision', () => {
  test('depends on the time', () => {
    const until = { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-12-01T00:00:00Z' } } }
    const world = worldOf([may(until)])
    expect(decide(world, token).decision.decision).toBe('allowed')
    const later = { ...world, now: new Date('2026-12-02T00:00:00Z') }
    expect(decide(later, token).decision.decision).toBe('implicitlyDenied')
    const { now: _, ...timeless } = world
    expect(decide(timeless, token).decision.decision).toBe('unknown')
  })

  test('takes the organization of the repository into account', () => {
    const condition = { Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-exampleorg1' } } }
    const foreign = { ...manifest, repository: place('444455556666') }
    const statement = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*', ...condition })
    const parts = [role({ inline: { all: statement } })]
    const inside = worldOf(parts, { organizationAccounts: new Set([home.accountId, '444455556666']) })
    const identity = (world: PullWorld) =>
      decide(world, foreign).decision.layers.find(({ layer }) => layer === 'identity')?.result
    expect(identity(inside)).toBe('allowed')
    expect(identity(worldOf(parts, members))).toBe('unknown')
  })

  test('asks again with the way only where it is open without it', () => {
    const through = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }
    const way = {
      key: 'one',
      way: 'interface endpoint vpce-1',
      values: new Map([['aws:sourcevpce', present('vpce-1')]]),
    }
    const other = { ...way, key: 'two', values: new Map([['aws:sourcevpce', present('vpce-2')]]) }
    const world = worldOf([may(through), repository()])
    expect(decide(world, manifest).decision.decision).toBe('unknown')
    expect(decide(world, manifest, way).decision.decision).toBe('allowed')
    expect(decide(world, manifest, other).decision.decision).toBe('implicitlyDenied')
    expect(decide(world, manifest, way)).toBe(decide(world, manifest, way))
    const anyWay = worldOf([may(), repository()])
    expect(decide(anyWay, manifest, way)).toBe(decide(anyWay, manifest))
  })

  test('asks again with the way where a layer is open although the whole is decided', () => {
    const through = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }
    const naming = repository({ policy: policy(allowPull({ AWS: roleArn('app') }, through)) })
    const world = worldOf([may(), naming])
    const way = {
      key: 'one',
      way: 'interface endpoint vpce-1',
      values: new Map([['aws:sourcevpce', present('vpce-1')]]),
    }
    expect(decide(world, manifest).decision.decision).toBe('allowed')
    const resource = (answer: ReturnType<typeof decide>) =>
      answer.decision.layers.find(({ layer }) => layer === 'resource')?.result
    expect(resource(decide(world, manifest))).toBe('unknown')
    expect(resource(decide(world, manifest, way))).toBe('allowed')
  })
})

describe('guardrails of a request without a repository', () => {
  const deny = { Effect: 'Deny', Principal: '*', Action: 'ecr:GetAuthorizationToken', Resource: '*' }

  test('are the resource control policies of the account of the role', () => {
    const world = worldOf([may(), ...guardrails('RESOURCE_CONTROL_POLICY', deny)])
    const { decision } = decide(world, token)
    expect([decision.decision, decision.decidedBy.layer]).toEqual(['explicitlyDenied', 'rcp'])
    expect(decide(world, manifest).decision.decision).toBe('allowed')
  })

  test('are the service control policies, and none of the management account', () => {
    const { Principal: _, ...scp } = deny
    const parts = guardrails('SERVICE_CONTROL_POLICY', scp)
    const { decision } = decide(worldOf([may(), ...parts]), token)
    expect([decision.decision, decision.decidedBy.layer]).toEqual(['explicitlyDenied', 'scp'])
    const management = organization({
      management: home.accountId,
      accounts: {},
      policies: [{ name: 'no', content: policy(scp), targets: ['r-1', home.accountId] }],
    })
    expect(decide(worldOf([may(), ...management]), token).decision.decision).toBe('allowed')
  })

  test('are assumed away in words where nobody read them, each once', () => {
    const kinds = ['service', 'resource']
    for (const request of [token, manifest]) {
      const { assumptions } = decide(worldOf([may(), repository(), notListed('AWS::Organizations::Policy')]), request)
      expect(assumptions.map((text) => text.split(' (')[0])).toEqual(
        kinds.map((kind) => `assumes that no ${kind} control policy binding account 111122223333 denies it`),
      )
    }
  })

  test('leave nothing to assume where they are known', () => {
    const parts: readonly EstatePart[] = [may(), repository(), ...guardrails('RESOURCE_CONTROL_POLICY', deny)]
    expect(decide(worldOf(parts), token).assumptions).toEqual([])
  })
})

describe('the tags of a repository', () => {
  const onlyTagged = may({ Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } })
  const decided = (part: EstatePart, request = manifest) =>
    decide(worldOf([onlyTagged, part]), request).decision.decision
  const tagged = (Tags: JsonObject[]) => repository({ configuration: { Tags } })

  test('decide whether a condition on them holds', () => {
    expect(decided(tagged([{ Key: 'team', Value: 'x' }]))).toBe('allowed')
    expect(decided(tagged([{ Key: 'team', Value: 'y' }]))).toBe('implicitlyDenied')
    expect(decided(tagged([]))).toBe('implicitlyDenied')
  })

  test('leave it open where nobody read them', () => {
    const { item } = repository() as { item: JsonObject }
    const { tags: _, ...unread } = item
    expect(decided({ item: unread } as EstatePart)).toBe('unknown')
  })

  test('are none of a request without a repository', () => {
    expect(decided(tagged([{ Key: 'team', Value: 'x' }]), token)).toBe('implicitlyDenied')
  })

  test('are not those of a request on another repository', () => {
    const world = worldOf([onlyTagged, tagged([{ Key: 'team', Value: 'x' }]), repository({ name: 'other' })])
    const other = { ...manifest, repository: { ...place(), name: 'other', arn: place().arn.replace('app', 'other') } }
    expect(decide(world, manifest).decision.decision).toBe('allowed')
    expect(decide(world, other).decision.decision).toBe('implicitlyDenied')
  })
})

describe('the registry policy of the own account', () => {
  const denyAll = policy({ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Resource: '*' })
  const decided = (scope: 'V1' | 'V2' | undefined, request = token) =>
    decide(worldOf([may(), registryPolicy(denyAll, scope)]), request).decision.decision

  test('may bind the token when its scope is V2', () => {
    expect(decided('V1')).toBe('allowed')
    expect(decided('V2')).toBe('unknown')
    expect(decided(undefined)).toBe('unknown')
  })

  test('is that of the region asked', () => {
    expect(decided('V2', { ...token, region: 'eu-north-1' })).toBe('allowed')
  })

  test('that nobody read is assumed to deny no token', () => {
    const { decision, assumptions } = decide(worldOf([may(), notListed('AWS::ECR::RegistryPolicy')]), token)
    expect(decision.decision).toBe('allowed')
    expect(assumptions).toContain(
      `assumes that the registry policy of account ${home.accountId} in ${home.region}, which was not read, denies no token`,
    )
  })
})
