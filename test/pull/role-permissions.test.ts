import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { type RoleUse, roleContext } from '../../shared/pull/role-context.ts'
import { permissionsOfRole } from '../../shared/pull/role-permissions.ts'
import {
  allowPull,
  type EstatePart,
  elsewhere,
  home,
  notListed,
  policy,
  repository,
  role,
  roleArn,
} from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const task: RoleUse = { puller: 'fargateTask', region: home.region }
const grantsIn = (parts: readonly EstatePart[], use: RoleUse = task) => {
  const world = worldOf(parts)
  return permissionsOfRole(world, roleIn(world.inventory), use).grants
}
const allowing = (action: string, more: JsonObject = {}) =>
  role({ inline: { one: policy({ Effect: 'Allow', Action: action, Resource: '*', ...more }) } })
const condition = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } })

describe('what a role may do', () => {
  test('is what its own statements grant, with statement and pattern', () => {
    expect(grantsIn([allowing('ecr:PutImage')])).toMatchObject([
      {
        action: 'ecr:PutImage',
        group: 'push',
        scope: 'registry',
        pattern: '*',
        certain: true,
        statement: { policy: 'inline policy one of role app', position: 1 },
      },
    ])
  })

  test('includes what a repository of the account grants it by name', () => {
    const naming = repository({ policy: policy(allowPull({ AWS: roleArn('app') }, { Sid: 'Pull' })) })
    expect(
      grantsIn([role(), naming]).map(({ action, scope, certain, statement }) => [action, scope, certain, statement]),
    ).toEqual(
      ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => [
        action,
        'repository',
        true,
        {
          policy: 'repository policy of app (account 111122223333, eu-central-1)',
          position: 1,
          sid: 'Pull',
        },
      ]),
    )
  })

  test('leaves out what a repository grants the whole account, another role, or from another account', () => {
    expect(grantsIn([role(), repository({ policy: policy(allowPull({ AWS: home.accountId })) })])).toEqual([])
    expect(grantsIn([role(), repository({ policy: policy(allowPull({ AWS: roleArn('other') })) })])).toEqual([])
    const foreign = elsewhere(repository({ policy: policy(allowPull({ AWS: roleArn('app') })) }), {
      accountId: '555555555555',
    })
    expect(grantsIn([role(), foreign])).toEqual([])
  })

  test('leaves out a Deny that names the role', () => {
    const denying = repository({ policy: policy({ ...allowPull({ AWS: roleArn('app') }), Effect: 'Deny' }) })
    expect(grantsIn([role(), denying])).toEqual([])
  })

  test('keeps a grant by name open, with its statement, while the registry policy is unknown', () => {
    const naming = repository({
      policy: policy(allowPull({ AWS: '222222222222' }), allowPull({ AWS: roleArn('app') }, { Sid: 'Named' })),
    })
    const grants = grantsIn([role(), naming, notListed('AWS::ECR::RegistryPolicy')])
    expect(grants.length).toBeGreaterThan(0)
    for (const { certain, statement, missing } of grants) {
      expect(certain).toBe(false)
      expect(statement).toMatchObject({ position: 2, sid: 'Named' })
      expect(missing).toMatchObject([{ kind: 'document' }])
    }
  })

  test('depends on how the role is used', () => {
    const withSecondFactor = [allowing('ecr:PutImage', condition('Bool', 'aws:MultiFactorAuthPresent', 'true'))]
    expect(grantsIn(withSecondFactor)).toEqual([])
    expect(grantsIn(withSecondFactor, 'anybody')).toMatchObject([{ certain: false, missing: [{ kind: 'contextKey' }] }])
  })

  test('knows repositories of the own account that one action reaches', () => {
    const parts = [allowing('ecr:BatchGetImage'), repository(), elsewhere(repository(), { accountId: '555555555555' })]
    const world = worldOf(parts)
    const permissions = permissionsOfRole(world, roleIn(world.inventory), task)
    expect(permissions.allowedOn('ecr:BatchGetImage').map(({ repository: { arn } }) => arn)).toEqual([
      'arn:aws:ecr:eu-central-1:111122223333:repository/app',
    ])
    expect(permissions.allowedOn('ecr:PutImage')).toEqual([])
    expect(permissionsOfRole(world, roleIn(world.inventory), task)).toBe(permissions)
    expect(permissionsOfRole(world, roleIn(world.inventory), 'anybody')).not.toBe(permissions)
  })
})

describe('the keys of a request by anybody', () => {
  const world = worldOf([role()], { organizationAccounts: new Set([home.accountId]) })
  const context = (arn: string) => roleContext(world, roleIn(world.inventory), 'anybody', 'ecr:PutImage', arn)

  test('say who the role is and when it is, and nothing of the network', () => {
    const keys = context('*')
    expect(keys.get('aws:principalarn')).toEqual({ state: 'present', values: [roleArn('app')] })
    expect(keys.get('aws:principalorgid')).toEqual({ state: 'present', values: ['o-exampleorg1'] })
    expect(keys.get('aws:resourceaccount')).toEqual({ state: 'present', values: [home.accountId] })
    expect(keys.get('aws:currenttime')).toEqual({ state: 'present', values: ['2026-11-21T00:00:00.000Z'] })
    expect(keys.get('aws:epochtime')).toEqual({ state: 'present', values: ['1795219200'] })
    expect(keys.get('aws:username')).toEqual({ state: 'absent' })
    for (const open of ['aws:sourcevpce', 'aws:sourceip', 'aws:multifactorauthpresent', 'aws:principaltag/team']) {
      expect(keys.get(open), open).toBeUndefined()
    }
  })

  test('know whose repository it is', () => {
    const keys = context('arn:aws:ecr:eu-central-1:555555555555:repository/app')
    expect(keys.get('aws:resourceaccount')).toEqual({ state: 'present', values: ['555555555555'] })
    expect(keys.get('aws:resourceorgid')).toEqual({ state: 'unknown' })
  })
})
