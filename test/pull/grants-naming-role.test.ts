import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { grantsNamingRole } from '../../shared/pull/grants-naming-role.ts'
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

const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const title = 'repository policy of app (account 111122223333, eu-central-1)'
const open = { Condition: { Bool: { 'aws:Unheard': 'true' } } }
const own = { AWS: roleArn('app') }
const grantsIn = (statements: readonly JsonObject[], ...parts: readonly EstatePart[]) => {
  const world = worldOf([role(), repository({ policy: policy(...statements) }), ...parts])
  return grantsNamingRole(world, roleIn(world.inventory), { puller: 'fargateTask', region: home.region })
}

describe('what a repository grants a role by name', () => {
  test('is a grant with its statement, certain where the decision is', () => {
    expect(grantsIn([allowPull(own, { Action: 'ecr:PutImage', Sid: 'Push' })])).toEqual([
      {
        action: 'ecr:PutImage',
        group: 'push',
        resource: app,
        scope: 'repository',
        inHomeAccount: true,
        pattern: app,
        statement: { policy: title, position: 1, sid: 'Push' },
        certain: true,
        missing: [],
      },
    ])
  })

  test('is told by the statement that grants, not by one before it', () => {
    const [grant] = grantsIn([
      allowPull({ AWS: roleArn('other') }, { Action: 'ecr:PutImage' }),
      { Effect: 'Deny', Principal: own, Action: 'ecr:DeleteRepository' },
      allowPull(own, { Action: 'ecr:PutImage', Sid: 'Third' }),
    ])
    expect(grant?.statement).toEqual({ policy: title, position: 3, sid: 'Third' })
  })

  test('while it is open is told by the first Allow that lists the role', () => {
    const grants = grantsIn([
      { Effect: 'Deny', Principal: own, Action: 'ecr:DeleteRepository' },
      allowPull('*', { Action: 'ecr:PutImage', ...open }),
      allowPull({ AWS: [roleArn('other'), roleArn('app')] }, { Action: 'ecr:PutImage', ...open }),
    ])
    expect(grants.map(({ action, certain, statement }) => [action, certain, statement.position])).toEqual([
      ['ecr:PutImage', false, 3],
    ])
    expect(grants[0]?.missing).toMatchObject([{ kind: 'contextKey', key: 'aws:Unheard' }, {}])
  })

  test('is none where the policy names the role in a denial alone', () => {
    const deny = { Effect: 'Deny', Principal: own, Action: 'ecr:DeleteRepository' }
    expect(grantsIn([deny])).toEqual([])
    expect(grantsIn([deny], notListed('AWS::ECR::RegistryPolicy'))).toEqual([])
  })

  test('is none of what the role has by itself', () => {
    const both = role({ inline: { all: policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }) } })
    const world = worldOf([both, repository({ policy: policy(allowPull(own)) })])
    const grants = grantsNamingRole(world, roleIn(world.inventory), { puller: 'fargateTask', region: home.region })
    const ofPolicy = grants.filter(({ statement }) => statement.policy === title && statement.position === 1)
    expect(ofPolicy.map(({ action }) => action)).toContain('ecr:BatchGetImage')
    expect(new Set(grants.map(({ statement }) => statement.policy))).not.toContain('inline policy all of role app')
  })

  test('is none of other accounts', () => {
    const world = worldOf([
      role(),
      elsewhere(repository({ policy: policy(allowPull(own)) }), { accountId: '444455556666' }),
    ])
    expect(grantsNamingRole(world, roleIn(world.inventory), 'anybody')).toEqual([])
  })
})
