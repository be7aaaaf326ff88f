import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/model/errors.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  adminPolicy,
  definitionArn,
  eksCluster,
  nodegroup,
  pullPolicy,
  role,
  roleArn,
  roleId,
  taskDefinition,
} from '../config-rule/role-scenario.ts'
import { closedPolicy, openPolicy } from '../config-rule/scenario.ts'
import { callEvent, region, told, watcher } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const notPublic = 'ecr-repository-not-public'
const restricted = 'ecr-pull-through-cache-restricted'
const setPolicy = callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app', policyText: '{}' })

describe('a call on a repository', () => {
  it('judges the live repository by the rules that look at it', async () => {
    fake.state.repositories.set('app', openPolicy)
    fake.state.repositories.set('other', openPolicy)
    const watched = watcher(fake, [notPublic, 'ecr-repository-tags-immutable', 'role-registry-admin-restricted'])
    await watched.handle(setPolicy)
    expect(told(watched)).toEqual([
      [notPublic, 'app', 'NON_COMPLIANT'],
      ['ecr-repository-tags-immutable', 'app', 'COMPLIANT'],
    ])
  })

  it('asks once for what several rules look at', async () => {
    fake.state.repositories.set('app', openPolicy)
    await watcher(fake, [notPublic, 'ecr-repository-access-trusted', 'ecr-repository-policy-effective']).handle(
      setPolicy,
    )
    expect(fake.calls.map(({ operation }) => operation).filter((name) => name === 'DescribeRepositories')).toHaveLength(
      1,
    )
    expect(fake.calls.map(({ operation }) => operation).filter((name) => name === 'GetRegistryPolicy')).toHaveLength(1)
  })

  it('archives the finding of a repository that the registry says is gone', async () => {
    const watched = watcher(fake, [notPublic])
    await watched.handle(callEvent('ecr', 'DeleteRepository', { repositoryName: 'app' }))
    expect(told(watched)).toEqual([[notPublic, 'app', 'NOT_APPLICABLE']])
  })

  it('does not archive a deleted repository that is still there', async () => {
    fake.state.repositories.set('app', openPolicy)
    const watched = watcher(fake, [notPublic])
    await watched.handle(callEvent('ecr', 'DeleteRepository', { repositoryName: 'app' }))
    expect(told(watched)).toEqual([[notPublic, 'app', 'NON_COMPLIANT']])
  })

  it('warns about one that may not be read, for good', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException' } : undefined
    const watched = watcher(fake, [notPublic])
    await watched.handle(setPolicy)
    expect(told(watched)).toEqual([[notPublic, 'app', 'UNDETERMINED']])
    expect(watched.published[0]?.[0]?.transience).toBe('lasting')
    expect(watched.counted).toEqual([['Undetermined', 1]])
  })

  it('fails and publishes nothing about one that cannot be read just now', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'ThrottlingException' } : undefined
    const watched = watcher(fake, [notPublic])
    await expect(watched.handle(setPolicy)).rejects.toThrow(
      /^1 verdict\(s\) could not be reached yet: ecr-repository-not/,
    )
    expect(watched.published).toEqual([])
    expect(watched.counted).toEqual([['Undetermined', 1]])
  })

  it('publishes what other rules decided before it fails', async () => {
    fake.state.repositories.set('app', openPolicy)
    fake.state.plan = (operation) => (operation === 'GetRegistryPolicy' ? { error: 'ThrottlingException' } : undefined)
    const watched = watcher(fake, ['ecr-repository-access-trusted', 'ecr-repository-tags-immutable'])
    fake.state.repositories.set('app', closedPolicy)
    await expect(watched.handle(setPolicy)).rejects.toThrow(/could not be reached yet: ecr-repository-access-trusted/)
    expect(told(watched)).toEqual([['ecr-repository-tags-immutable', 'app', 'COMPLIANT']])
  })
})

describe('a call on the registry', () => {
  it('judges the policy of the registry itself', async () => {
    fake.state.registryPolicy = openPolicy
    const watched = watcher(fake, ['ecr-registry-policy-not-public', notPublic])
    await watched.handle(callEvent('ecr', 'PutRegistryPolicy', { policyText: '{}' }))
    expect(told(watched)).toEqual([['ecr-registry-policy-not-public', '111122223333', 'NON_COMPLIANT']])
  })

  it('judges its scanning configuration', async () => {
    const watched = watcher(fake, ['ecr-registry-enhanced-scanning'])
    await watched.handle(callEvent('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED' }))
    expect(told(watched)).toEqual([['ecr-registry-enhanced-scanning', '111122223333', 'NON_COMPLIANT']])
  })

  it('judges a pull-through cache rule, and archives one that is gone', async () => {
    const watched = watcher(fake, ['ecr-pull-through-cache-restricted'])
    await watched.handle(callEvent('ecr', 'DeletePullThroughCacheRule', { ecrRepositoryPrefix: 'hub' }))
    expect(told(watched)).toEqual([['ecr-pull-through-cache-restricted', 'hub', 'NOT_APPLICABLE']])
  })

  it.each(['CreateRepositoryCreationTemplate', 'UpdateRepositoryCreationTemplate', 'DeleteRepositoryCreationTemplate'])(
    'judges every pull-through cache rule after %s',
    async (name) => {
      const upstreamRegistryUrl = 'quay.io'
      fake.state.cacheRules = ['hub', 'team/quay'].map((ecrRepositoryPrefix) => ({
        ...{ ecrRepositoryPrefix, upstreamRegistryUrl },
      }))
      const appliedFor = ['PULL_THROUGH_CACHE']
      fake.state.creationTemplates = [{ prefix: 'team', appliedFor, repositoryPolicy: closedPolicy }]
      const watched = watcher(fake, [restricted, notPublic, 'ecr-registry-enhanced-scanning'])
      await watched.handle(callEvent('ecr', name, { prefix: 'nobody-asks' }))
      expect(watched.published.flat().map(({ resource, compliance }) => [resource.id, compliance])).toEqual([
        ['hub', 'NON_COMPLIANT'],
        ['team/quay', 'COMPLIANT'],
      ])
    },
  )

  it('says nothing of cache rules that cannot be listed: it fails, or leaves them to AWS Config', async () => {
    const changed = callEvent('ecr', 'DeleteRepositoryCreationTemplate', { prefix: 'hub' })
    const failing = (error: string) => {
      fake.state.plan = (operation) => (operation === 'DescribePullThroughCacheRules' ? { error } : undefined)
    }
    failing('ThrottlingException')
    const watched = watcher(fake, [restricted])
    await expect(watched.handle(changed)).rejects.toThrow(/AWS::ECR::PullThroughCacheRule could not be listed yet: /)
    failing('AccessDeniedException')
    await watched.handle(changed)
    expect(watched.published).toEqual([])
    expect(watched.warned).toEqual([
      [
        'left to AWS Config',
        {
          call: 'ecr:DeleteRepositoryCreationTemplate',
          reason:
            'AWS::ECR::PullThroughCacheRule could not be listed: ecr:DescribePullThroughCacheRules failed with AccessDeniedException',
        },
      ],
    ])
  })

  it('of another account is ignored', async () => {
    fake.state.repositories.set('app', openPolicy)
    const watched = watcher(fake, [notPublic])
    await watched.handle(callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app', registryId: '999999999999' }))
    expect(watched.published).toEqual([])
    expect(fake.calls).toEqual([])
  })
})

describe('a call on a role', () => {
  const admin = 'role-registry-admin-restricted'
  const putPolicy = (event = {}) =>
    callEvent('iam', 'PutRolePolicy', { roleName: 'deployer', policyName: 'x' }, { event })
  beforeEach(() => {
    fake.state.iam.roles.push(role('deployer', adminPolicy, { path: '/ci/' }))
  })

  it('judges the live role under its id and its ARN with the path', async () => {
    const watched = watcher(fake, [admin])
    await watched.handle(putPolicy())
    expect(watched.published.flat().map(({ resource, compliance }) => [resource, compliance])).toEqual([
      [
        {
          ...{ type: 'AWS::IAM::Role', id: roleId('deployer'), arn: roleArn('ci/deployer') },
          ...{ accountId: '111122223333', region: 'global' },
        },
        'NON_COMPLIANT',
      ],
    ])
  })

  it('is ignored outside the home region, and where CloudTrail does not tell of it', async () => {
    const elsewhere = watcher(fake, [admin], { variables: { PULLPATH_HOME_REGION: 'us-east-1' } })
    await elsewhere.handle(putPolicy())
    const here = watcher(fake, [admin], { variables: { PULLPATH_HOME_REGION: region } })
    await here.handle(putPolicy({ region: 'us-east-1' }))
    expect([...elsewhere.published, ...here.published]).toEqual([])
    expect(fake.calls).toEqual([])
  })

  it('says nothing of a role that is gone, whose path nobody knows', async () => {
    fake.state.iam.roles.length = 0
    const watched = watcher(fake, [admin])
    await watched.handle(putPolicy())
    expect(watched.published).toEqual([])
    expect(fake.calls.map(({ operation }) => operation)).toEqual(['GetRole'])
  })

  it('warns about a role that may not be read', async () => {
    fake.state.plan = (operation) => (operation === 'GetRole' ? { error: 'AccessDenied', status: 403 } : undefined)
    const watched = watcher(fake, [admin])
    await watched.handle(putPolicy())
    expect(told(watched)).toEqual([[admin, 'deployer', 'UNDETERMINED']])
  })
})

describe('a call on a workload', () => {
  const separate = 'ecs-roles-separate'
  beforeEach(() => {
    fake.state.iam.roles.push(role('puller', pullPolicy('app')), role('nodes', adminPolicy))
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', { taskRoleArn: roleArn('puller') }))
    fake.state.eks.clusters.push(eksCluster('main'))
    fake.state.eks.nodegroups.push(nodegroup('main', 'blue', 'nodes'))
  })

  it('judges a task definition that was registered', async () => {
    const watched = watcher(fake, [separate])
    const response = { taskDefinition: { taskDefinitionArn: definitionArn('web:1') } }
    await watched.handle(callEvent('ecs', 'RegisterTaskDefinition', { family: 'web' }, { response }))
    expect(told(watched)).toEqual([[separate, 'web:1', 'NON_COMPLIANT']])
  })

  it('judges the task definition a service was changed to, by the rules that look at services', async () => {
    const watched = watcher(fake, [separate, 'ecs-execution-role-present'])
    const response = { service: { taskDefinition: definitionArn('web:1') } }
    await watched.handle(callEvent('ecs', 'UpdateService', { service: 'web' }, { response }))
    expect(told(watched)).toEqual([['ecs-execution-role-present', 'web:1', 'COMPLIANT']])
  })

  it('refuses a task definition of another account', async () => {
    const watched = watcher(fake, [separate])
    const foreign = definitionArn('web:1').replace('111122223333', '999999999999')
    const response = { taskDefinition: { taskDefinitionArn: foreign } }
    await expect(watched.handle(callEvent('ecs', 'RegisterTaskDefinition', {}, { response }))).rejects.toThrow(
      /expected a task definition of the account and region/,
    )
    expect(watched.published).toEqual([])
  })

  it.each([
    ['CreateNodegroup', { name: 'main', nodegroupName: 'blue' }],
    ['UpdateNodegroupConfig', { clusterName: 'main', nodegroupName: 'blue' }],
  ])('judges the node group of %s under its own ARN', async (name, request) => {
    const watched = watcher(fake, ['eks-node-role-least-privilege', 'image-pull-path'])
    await watched.handle(callEvent('eks', name, request))
    expect(watched.published.flat().map(({ resource, compliance }) => [resource.id, resource.arn, compliance])).toEqual(
      [['main/blue', `arn:aws:eks:${region}:111122223333:nodegroup/main/blue/11aa22bb`, 'NON_COMPLIANT']],
    )
  })
})

describe('what is not judged', () => {
  it('a call that failed is ignored', async () => {
    fake.state.repositories.set('app', openPolicy)
    const watched = watcher(fake, [notPublic])
    const failed = { detail: { errorCode: 'AccessDenied', errorMessage: 'no' } }
    await watched.handle(callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app' }, failed))
    expect(watched.published).toEqual([])
    expect(fake.calls).toEqual([])
  })

  it('a call that nobody acts upon is ignored', async () => {
    const watched = watcher(fake, [notPublic])
    await watched.handle(callEvent('ecr', 'PutImage', { repositoryName: 'app' }))
    expect([...watched.published, ...fake.calls]).toEqual([])
  })

  it('a rule that is switched off stays off', async () => {
    fake.state.repositories.set('app', openPolicy)
    const watched = watcher(fake, [notPublic], {
      variables: { PULLPATH_SETTINGS: JSON.stringify({ rules: { [notPublic]: { enabled: false } } }) },
    })
    await watched.handle(setPolicy)
    expect(watched.published).toEqual([])
  })

  it('an id of a rule that does not exist is an error of the deployment', async () => {
    await expect(watcher(fake, ['no-such-rule']).handle(setPolicy)).rejects.toThrow(InputError)
  })

  it('where no rules are named the defaults of the catalogue hold', async () => {
    fake.state.repositories.set('app', openPolicy)
    const watched = watcher(fake, [])
    await watched.handle(setPolicy)
    const judging = told(watched).map(([rule]) => rule)
    expect(judging).toContain(notPublic)
    expect(judging).not.toContain('ecr-repository-encrypted-with-cmk')
  })
})

describe('D2 a deadline', () => {
  it('ends what hangs in time to publish the rest, and the invocation fails', async () => {
    fake.state.repositories.set('app', closedPolicy)
    fake.state.plan = (operation) => (operation === 'GetRegistryPolicy' ? { hang: true } : undefined)
    const watched = watcher(fake, ['ecr-repository-access-trusted', 'ecr-repository-tags-immutable'])
    const started = Date.now()
    await expect(watched.handle(setPolicy, { remaining: 20_500 })).rejects.toThrow(/could not be reached yet/)
    expect(Date.now() - started).toBeLessThan(5_000)
    expect(told(watched)).toEqual([['ecr-repository-tags-immutable', 'app', 'COMPLIANT']])
  })
})
