import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  audit,
  changeOf,
  definitionArn,
  definitionItem,
  fargateProfile,
  held,
  profileArn,
  pullPolicy,
  role,
  roleArn,
  sweepOf,
  taskDefinition,
  told,
  written,
} from './role-scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fake.state.repositories.set('app', undefined).set('other', undefined)
})
afterEach(() => fake.close())

const canPull = 'ecs-execution-role-can-pull'
const clusterArn = 'arn:aws:ecs:eu-central-1:111122223333:cluster/main'
const service = (name: string, definition: string) => ({
  ...{ serviceName: name, serviceArn: `arn:aws:ecs:eu-central-1:111122223333:service/main/${name}`, clusterArn },
  ...{ taskDefinition: definitionArn(definition), launchType: 'FARGATE' },
})
const runs = (name: string, definition: string) => {
  fake.state.ecs.clusters.push({ clusterArn, clusterName: 'main' })
  fake.state.ecs.services.push(service(name, definition))
}

describe('a change of a task definition', () => {
  it('is judged with the live roles and repositories it names, and no others', async () => {
    fake.state.iam.roles.push(role('puller', pullPolicy('app')))
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf(canPull, definitionItem('web:1')))
    expect(told(fake)).toEqual([['AWS::ECS::TaskDefinition', definitionArn('web:1'), 'COMPLIANT']])
    expect(fake.calls.filter((one) => one.operation === 'DescribeRepositories').map((one) => one.body)).toEqual([
      { repositoryNames: ['app'] },
    ])
    expect(fake.calls.map((one) => one.operation)).not.toContain('GetAccountAuthorizationDetails')
    expect([...fake.findings.values()].map((one) => one.Resources[0].Type)).toEqual(['AwsEcsTaskDefinition'])
  })

  it('whose role cannot pull is found, and again once the role can', async () => {
    fake.state.iam.roles.push(role('puller', pullPolicy('other')))
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf(canPull, definitionItem('web:1')))
    fake.state.iam.roles.splice(0, 1, role('puller', pullPolicy('app')))
    await audit(fake, changeOf(canPull, definitionItem('web:1')))
    expect(told(fake).map(([, , compliance]) => compliance)).toEqual(['NON_COMPLIANT', 'COMPLIANT'])
    expect(held(fake)).toEqual([[definitionArn('web:1'), 'PASSED', 'ACTIVE']])
  })

  it('whose role does not exist says so', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    await audit(fake, changeOf(canPull, definitionItem('web:1')))
    expect(fake.evaluations[0].Annotation).toBe(`The role ${roleArn('puller')} does not exist.`)
  })

  it('does not call a role missing that may not be read', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
    fake.state.plan = (operation) => (operation === 'GetRole' ? { error: 'AccessDenied', status: 403 } : undefined)
    await audit(fake, changeOf(canPull, definitionItem('web:1')))
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: iam:GetRole failed with AccessDenied/)
  })

  it.each(['DescribeTaskDefinition', 'GetRole', 'GetRolePolicy', 'GetRepositoryPolicy', 'ListClusters'])(
    'writes nothing and fails when %s is throttled',
    async (throttled) => {
      fake.state.iam.roles.push(role('puller', pullPolicy('app')))
      fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
      fake.state.plan = (operation) => (operation === throttled ? { error: 'ThrottlingException' } : undefined)
      await expect(audit(fake, changeOf(canPull, definitionItem('web:1')))).rejects.toThrow('ThrottlingException')
      expect(written(fake)).toBe(0)
    },
  )

  it.each([
    ['family and revision', { resourceId: 'web:1', ARN: null }],
    ['ARN, the id being the family', { resourceId: 'web' }],
  ])('is found by its %s, and AWS Config is answered under its own id', async (_name, item) => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', { taskRoleArn: roleArn('puller') }))
    await audit(fake, changeOf('ecs-roles-separate', definitionItem('web:1', item)))
    expect(told(fake)).toEqual([['AWS::ECS::TaskDefinition', item.resourceId, 'NON_COMPLIANT']])
  })

  it('that names no revision of ours is refused', async () => {
    const foreign = { ARN: definitionArn('web:1').replace('111122223333', '999999999999'), resourceId: 'web' }
    const event = changeOf('ecs-roles-separate', definitionItem('web:1', foreign))
    await expect(audit(fake, event)).rejects.toThrow('configurationItem.ARN')
  })
})

describe('a revision that is not the newest', () => {
  const both = { taskRoleArn: roleArn('puller') }
  const event = changeOf('ecs-roles-separate', definitionItem('web:1'))

  it('is NOT_APPLICABLE, named by what superseded it', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', both), taskDefinition('web:2', both))
    await audit(fake, event)
    expect(fake.evaluations.map((one) => [one.ComplianceType, one.Annotation])).toEqual([
      ['NOT_APPLICABLE', 'Superseded by web:2, and no service uses it.'],
    ])
    expect(held(fake)).toEqual([[definitionArn('web:1'), 'PASSED', 'ARCHIVED']])
  })

  it('is judged while a service uses it', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', both), taskDefinition('web:2', both))
    runs('web', 'web:1')
    await audit(fake, event)
    expect(told(fake)).toEqual([['AWS::ECS::TaskDefinition', definitionArn('web:1'), 'NON_COMPLIANT']])
  })

  it('is undetermined when services may not be listed', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', both), taskDefinition('web:2', both))
    fake.state.plan = (operation) => (operation === 'ListClusters' ? { error: 'AccessDeniedException' } : undefined)
    await audit(fake, event)
    expect(fake.evaluations[0].Annotation).toMatch(/^Undetermined: .*whether a service uses this revision/)
  })

  it('is NOT_APPLICABLE when it was deregistered and no newer one is active', async () => {
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1', { ...both, status: 'INACTIVE' }))
    await audit(fake, event)
    expect(fake.evaluations[0].Annotation).toBe('The revision is not active and no service uses it.')
  })

  it('is NOT_APPLICABLE and archived when ECS has deleted it', async () => {
    await audit(fake, event)
    expect(fake.evaluations[0].Annotation).toBe('The resource is gone.')
    expect(held(fake)).toEqual([[definitionArn('web:1'), 'PASSED', 'ARCHIVED']])
  })
})

describe('a change of a service', () => {
  it('judges the task definition it names, and nothing else', async () => {
    fake.state.ecs.taskDefinitions.push(
      taskDefinition('web:1', { requiresCompatibilities: ['EC2'], executionRoleArn: undefined }),
      taskDefinition('api:1'),
    )
    runs('web', 'web:1')
    const item = {
      resourceType: 'AWS::ECS::Service',
      resourceId: 'arn',
      configuration: { TaskDefinition: definitionArn('web:1') },
    }
    await audit(fake, changeOf('ecs-execution-role-present', item))
    expect(fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType, one.Annotation])).toEqual([
      ['web:1', 'NON_COMPLIANT', 'There is no execution role although service web runs it on FARGATE.'],
    ])
  })

  it('that is gone changes no verdict', async () => {
    const item = { resourceType: 'AWS::ECS::Service', configurationItemStatus: 'ResourceDeleted', configuration: null }
    await audit(fake, changeOf('ecs-execution-role-present', item))
    expect(written(fake)).toBe(0)
  })
})

describe('a sweep of task definitions', () => {
  it('judges the newest revision of each family and those in use', async () => {
    fake.state.iam.roles.push(role('auditor', undefined), role('puller', pullPolicy('app')))
    fake.state.ecs.taskDefinitions.push(taskDefinition('web:1'), taskDefinition('web:2'), taskDefinition('web:3'))
    runs('web', 'web:1')
    await audit(fake, sweepOf(canPull))
    expect(told(fake)).toEqual([
      ['AWS::ECS::TaskDefinition', 'web:1', 'COMPLIANT'],
      ['AWS::ECS::TaskDefinition', 'web:3', 'COMPLIANT'],
      ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
    ])
  })
})

describe('a change of a Fargate profile', () => {
  const item = { resourceType: 'AWS::EKS::FargateProfile', resourceId: profileArn, ARN: profileArn, resourceName: null }
  const event = changeOf('eks-fargate-role-can-pull', item)

  it('is judged with its live role', async () => {
    fake.state.eks.clusters.push({ name: 'main' })
    fake.state.eks.fargateProfiles.push(fargateProfile)
    fake.state.iam.roles.push(role('pods', pullPolicy('*'), { service: 'eks-fargate-pods.amazonaws.com' }))
    await audit(fake, event)
    expect(told(fake)).toEqual([['AWS::EKS::FargateProfile', profileArn, 'COMPLIANT']])
  })

  it('is found by cluster and name when the item states no ARN', async () => {
    fake.state.eks.clusters.push({ name: 'main' })
    fake.state.eks.fargateProfiles.push(fargateProfile)
    const unnamed = { ...item, resourceId: 'main|serverless', ARN: null }
    await audit(fake, changeOf('eks-fargate-role-can-pull', unnamed))
    expect(told(fake)).toEqual([['AWS::EKS::FargateProfile', 'main|serverless', 'NON_COMPLIANT']])
    expect(fake.evaluations[0].Annotation).toBe(`The role ${roleArn('pods')} does not exist.`)
    expect(held(fake)).toEqual([[profileArn, 'FAILED', 'ACTIVE']])
  })

  it('that is gone is NOT_APPLICABLE', async () => {
    await audit(fake, event)
    expect(told(fake)).toEqual([['AWS::EKS::FargateProfile', profileArn, 'NOT_APPLICABLE']])
    expect(held(fake)).toEqual([[profileArn, 'PASSED', 'ARCHIVED']])
  })
})
