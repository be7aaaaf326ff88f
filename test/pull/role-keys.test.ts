import { describe, expect, test } from 'vitest'
import { present, unknownKey } from '../../shared/iam/conditions/context.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { roleContext } from '../../shared/pull/role-context.ts'
import { permissionsOfRole } from '../../shared/pull/role-permissions.ts'
import { roleTrust, type TrustedService } from '../../shared/pull/role-trust.ts'
import {
  type EstatePart,
  elsewhere,
  home,
  notListed,
  organization,
  policy,
  repository,
  role,
  roleArn,
  trustOf,
} from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const inOrganization = { organizationAccounts: new Set([home.accountId]) }
const path = 'o-exampleorg1/r-1/'
const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'

describe('the trust of a role under conditions', () => {
  const decided = (
    Condition: JsonObject,
    service: TrustedService = 'ecs-tasks',
    estate: readonly EstatePart[] = [],
    members: Parameters<typeof worldOf>[1] = inOrganization,
  ) => {
    const trust = trustOf(`${service}.amazonaws.com`, { Condition })
    const world = worldOf([role({ trust }), ...estate], members)
    return roleTrust(world, { role: roleIn(world.inventory), region: home.region }, service).decision.decision
  }
  const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } })

  test.each([
    ['aws:PrincipalServiceName', 'ecs-tasks.amazonaws.com', 'ec2.amazonaws.com'],
    ['aws:ResourceAccount', home.accountId, '444455556666'],
    ['aws:ResourceOrgID', 'o-exampleorg1', 'o-other'],
    ['aws:SourceOrgID', 'o-exampleorg1', 'o-other'],
    ['aws:SourceAccount', home.accountId, '444455556666'],
  ])('on %s is decided by its value', (key, right, wrong) => {
    expect(decided(equals(key, right))).toBe('allowed')
    expect(decided(equals(key, wrong))).toBe('implicitlyDenied')
  })

  test.each(['aws:SecureTransport', 'aws:PrincipalIsAWSService'])('on %s holds for services of AWS', (key) => {
    expect(decided({ Bool: { [key]: 'true' } })).toBe('allowed')
    expect(decided({ Bool: { [key]: 'false' } })).toBe('implicitlyDenied')
  })

  test('on the place in the organization is decided where it is known, and open elsewhere', () => {
    const under = (value: string) => ({ 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': value } })
    expect(decided(under(`${path}*`), 'ecs-tasks', organization())).toBe('allowed')
    expect(decided(under('o-exampleorg1/r-2/*'), 'ecs-tasks', organization())).toBe('implicitlyDenied')
    expect(decided(under(`${path}*`), 'ecs-tasks', [notListed('AWS::Organizations::Account')])).toBe('unknown')
    expect(decided(under(`${path}*`), 'ec2', organization())).toBe('unknown')
  })

  test('on the organization is open where it is not known, and for EC2, which sends no source', () => {
    const nowhere = { organizationAccounts: new Set(['444455556666']) }
    expect(decided(equals('aws:SourceOrgID', 'o-exampleorg1'), 'ecs-tasks', [], nowhere)).toBe('unknown')
    expect(decided(equals('aws:ResourceOrgID', 'o-exampleorg1'), 'ecs-tasks', [], nowhere)).toBe('unknown')
    expect(decided(equals('aws:SourceOrgID', 'o-exampleorg1'), 'ec2')).toBe('unknown')
  })

  test('on a source that the policy names and no other is open, with the reason of that source', () => {
    const like = { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-central-1:111122223333:service/main/*' } }
    expect(decided(like)).toBe('unknown')
    expect(decided({ ...like, ...equals('aws:Unheard', 'arn:aws:ecs:eu-central-1:111122223333:x') })).toBe('unknown')
  })

  test('that are open for one source and closed for another name what is open', () => {
    const Condition = {
      ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-central-1:111122223333:task/*' },
      Bool: { 'aws:Unheard': 'true' },
    }
    const world = worldOf([role({ trust: trustOf('ecs-tasks.amazonaws.com', { Condition }) })])
    const question = { role: roleIn(world.inventory), region: home.region }
    expect(roleTrust(world, question, 'ecs-tasks').decision.missing).toMatchObject([
      { kind: 'contextKey', key: 'aws:Unheard' },
    ])
  })

  test('is open, naming the policy, where the source left it out', () => {
    const world = worldOf([role({ configuration: { assumeRolePolicyDocument: null } })])
    const { decision } = roleTrust(world, { role: roleIn(world.inventory), region: home.region }, 'ecs-tasks')
    expect(decision).toMatchObject({
      decision: 'unknown',
      missing: [{ kind: 'document', policy: 'trust policy of role app' }],
    })
  })
})

describe('the keys of a request by a role', () => {
  const world = worldOf([role(), ...organization()], inOrganization)
  const keysOf = (use: Parameters<typeof roleContext>[2], arn: string, where = world) =>
    roleContext(where, roleIn(where.inventory), use, 'ecr:BatchGetImage', arn)
  const task = { puller: 'fargateTask', region: 'eu-west-1' } as const

  test('by anybody who assumes it are what holds of each session', () => {
    const keys = keysOf('anybody', app)
    expect(keys.get('aws:principalaccount')).toEqual(present(home.accountId))
    expect(keys.get('aws:principaltype')).toEqual(present('AssumedRole'))
    expect(keys.get('aws:principalisawsservice')).toEqual(present('false'))
    expect(keys.get('aws:principalorgpaths')).toEqual(present(path))
    const lost = worldOf([role(), notListed('AWS::Organizations::Account')])
    expect(keysOf('anybody', app, lost).get('aws:principalorgpaths')).toEqual(unknownKey)
  })

  test('by a task know the region and account of the repository, else those of the task', () => {
    const far = keysOf(task, 'arn:aws:ecr:us-east-1:444455556666:repository/team/app')
    expect(far.get('aws:requestedregion')).toEqual(present('us-east-1'))
    expect(far.get('aws:resourceaccount')).toEqual(present('444455556666'))
    const registry = keysOf(task, '*')
    expect(registry.get('aws:requestedregion')).toEqual(present('eu-west-1'))
    expect(registry.get('aws:resourceaccount')).toEqual(present(home.accountId))
  })
})

describe('what a role may do', () => {
  const allow = (Resource: string, more: JsonObject = {}) =>
    role({ inline: { own: policy({ Effect: 'Allow', Action: 'ecr:PutImage', Resource, ...more }) } })
  const grantsIn = (parts: readonly EstatePart[], puller: 'fargateTask' | 'eksNode' = 'fargateTask') => {
    const world = worldOf(parts)
    return permissionsOfRole(world, roleIn(world.inventory), { puller, region: home.region })
  }

  test('takes for granted what its policies and those that name it do, each once', () => {
    const { assumptions } = grantsIn([allow('*'), repository(), notListed('AWS::Organizations::Policy')])
    expect(assumptions.map((text) => text.split(' (')[0])).toEqual([
      'assumes that no service control policy binding account 111122223333 denies it',
    ])
    const unread = grantsIn([allow('*'), repository({ policy: 'no JSON' })])
    expect(unread.assumptions.length).toBeGreaterThan(0)
    expect(unread.assumptions.join()).toContain('app')
  })

  test('counts where its account has resources, and in the main region where nothing is known of any', () => {
    const condition = (region: string) => ({ Condition: { StringEquals: { 'aws:RequestedRegion': region } } })
    const pattern = 'arn:aws:ecr:*:111122223333:repository/team/*'
    const far = elsewhere(repository({ name: 'far' }), { region: 'eu-west-1' })
    const foreign = elsewhere(repository({ name: 'far' }), { region: 'eu-west-2', accountId: '444455556666' })
    const regions = (region: string, ...parts: readonly EstatePart[]) =>
      grantsIn([allow(pattern, condition(region)), ...parts]).grants.length
    expect(regions('eu-central-1', repository())).toBeGreaterThan(0)
    expect(regions('eu-west-1', repository())).toBe(0)
    expect(regions('eu-west-1', repository(), far)).toBeGreaterThan(0)
    expect(regions('eu-west-2', repository(), foreign)).toBe(0)
  })

  test('is asked with the keys of each region and account', () => {
    const condition = { Condition: { StringEquals: { 'aws:ResourceAccount': home.accountId } } }
    const { grants } = grantsIn([allow('*', condition), repository()])
    expect(grants.map(({ certain }) => certain)).toEqual([true])
    const other = { Condition: { StringEquals: { 'aws:ResourceAccount': '444455556666' } } }
    expect(grantsIn([allow(app, other), repository()]).grants).toEqual([])
    const requested = { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }
    const far = elsewhere(repository(), { region: 'eu-west-1' })
    expect(
      grantsIn([allow('arn:aws:ecr:*:*:repository/app', requested), repository(), far])
        .allowedOn('ecr:PutImage')
        .map(({ repository: { arn } }) => arn),
    ).toEqual(['arn:aws:ecr:eu-west-1:111122223333:repository/app'])
  })

  test('is told apart by time', () => {
    const until = { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-12-01T00:00:00Z' } } }
    const world = worldOf([allow('*', until), repository()])
    const use = { puller: 'fargateTask', region: home.region } as const
    const role = roleIn(world.inventory)
    expect(permissionsOfRole(world, role, use).grants.length).toBe(1)
    const later = { ...world, now: new Date('2026-12-02T00:00:00Z') }
    expect(permissionsOfRole(later, role, use).grants).toEqual([])
    const { now: _, ...timeless } = world
    expect(permissionsOfRole(timeless, role, use).grants.map(({ certain }) => certain)).toEqual([false])
  })

  test.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-eusc', 'eusc-de-east-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
    ['aws', 'us-east-1'],
    ['aws-unheard', 'us-east-1'],
  ])('in partition %s counts in %s where nothing says which regions are used', (partition, region) => {
    const where = { Condition: { StringEquals: { 'aws:RequestedRegion': region } } }
    const arn = roleArn('app').replace('arn:aws:', `arn:${partition}:`)
    const world = worldOf([allow(`arn:${partition}:ecr:*:*:repository/team/*`, where)])
    const known = roleIn(world.inventory)
    const moved = { ...known, ref: { ...known.ref, arn, accountId: '777777777777' } }
    const { grants } = permissionsOfRole(world, moved, { puller: 'fargateTask', region })
    expect(grants.map(({ action }) => action)).toEqual(['ecr:PutImage'])
  })
})
