import { describe, expect, test } from 'vitest'
import { canPull, type ImageRepository, requestsOf, statusOf } from '../../shared/pull/can-pull.ts'
import { decideFor } from '../../shared/pull/decide.ts'
import { organizationIdOf } from '../../shared/pull/membership.ts'
import { addOnImages, imageRepository } from '../../shared/pull/node-images.ts'
import type { Puller, PullStep } from '../../shared/pull/types.ts'
import { allowPull, home, notListed, policy, repository, role, trustOf } from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const app = imageRepository(home, 'app')
const far = imageRepository({ ...home, region: 'eu-west-1' }, 'far')
const everything = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
const serviceOf: Readonly<Record<Puller, string>> = {
  fargateTask: 'ecs-tasks',
  ecsInstanceExecutionRole: 'ecs-tasks',
  ecsInstance: 'ec2',
  eksNode: 'ec2',
  eksFargatePod: 'eks-fargate-pods',
}
const pullers = Object.keys(serviceOf) as readonly Puller[]
const ask = (trusted: string, puller: Puller, images: readonly ImageRepository[] = [app]) => {
  const world = worldOf([role({ trust: trustOf(trusted), inline: { all: everything } }), repository()])
  return canPull(world, { role: roleIn(world.inventory), puller, region: home.region, images })
}

describe('the requests of a pull', () => {
  test('are one token per region, then both actions per repository, each once', () => {
    expect(
      requestsOf([app, far, app], home.region).map(({ action, region, repository: place }) => [
        action,
        region,
        place?.name,
      ]),
    ).toEqual([
      ['ecr:GetAuthorizationToken', 'eu-central-1', undefined],
      ['ecr:GetAuthorizationToken', 'eu-west-1', undefined],
      ['ecr:BatchGetImage', 'eu-central-1', 'app'],
      ['ecr:GetDownloadUrlForLayer', 'eu-central-1', 'app'],
      ['ecr:BatchGetImage', 'eu-west-1', 'far'],
      ['ecr:GetDownloadUrlForLayer', 'eu-west-1', 'far'],
    ])
  })

  test('are a token of the own region while no image is known', () => {
    expect(requestsOf([], 'eu-north-1')).toEqual([{ action: 'ecr:GetAuthorizationToken', region: 'eu-north-1' }])
  })
})

describe('whether a role can pull', () => {
  test.each(pullers)('as %s depends on the service that assumes it', (puller) => {
    expect(ask(`${serviceOf[puller]}.amazonaws.com`, puller).status).toBe('pass')
    const wrong = ask('lambda.amazonaws.com', puller)
    expect(wrong.status).toBe('fail')
    expect(wrong.steps.map(({ kind, decision }) => [kind, decision.decision])).toEqual([
      ['trust', 'implicitlyDenied'],
      ['token', 'allowed'],
      ['pull', 'allowed'],
      ['pull', 'allowed'],
    ])
  })

  test('is unknown when a step is and none is denied', () => {
    const { status, steps } = ask('ecs-tasks.amazonaws.com', 'fargateTask', [app, far])
    expect(status).toBe('unknown')
    expect(steps.filter(({ decision }) => decision.decision === 'unknown').map(({ resource }) => resource)).toEqual([
      far.repositoryArn,
      far.repositoryArn,
    ])
  })

  test('carries what its decisions take for granted, each once', () => {
    const parts = [role({ inline: { all: everything } }), repository(), notListed('AWS::Organizations::Policy')]
    const world = worldOf(parts)
    const question = {
      role: roleIn(world.inventory),
      puller: 'fargateTask',
      region: home.region,
      images: [app],
    } as const
    expect(canPull(world, question).assumptions.map((text) => text.split(' (')[0])).toEqual(
      ['service', 'resource'].map(
        (kind) => `assumes that no ${kind} control policy binding account 111122223333 denies it`,
      ),
    )
  })

  test('a denied step outweighs an unknown one', () => {
    const step = (decision: PullStep['decision']['decision']): PullStep => ({
      kind: 'pull',
      action: 'ecr:BatchGetImage',
      resource: '*',
      decision: { decision, decidedBy: { layer: 'identity', result: 'unknown', reason: '' }, layers: [], missing: [] },
    })
    expect(statusOf([step('unknown'), step('implicitlyDenied')])).toBe('fail')
    expect(statusOf([step('explicitlyDenied'), step('allowed')])).toBe('fail')
    expect(statusOf([step('unknown'), step('allowed')])).toBe('unknown')
    expect(statusOf([step('allowed')])).toBe('pass')
    expect(statusOf([])).toBe('pass')
  })
})

describe('a decision', () => {
  test('is remembered for the role, the way and the organization it was made for', () => {
    const world = worldOf([role({ inline: { all: everything } }), repository()])
    const request = { action: 'ecr:GetAuthorizationToken', region: home.region }
    const first = decideFor(world, roleIn(world.inventory), 'fargateTask', request)
    expect(decideFor(world, roleIn(world.inventory), 'fargateTask', request)).toBe(first)
    expect(decideFor(world, roleIn(world.inventory), 'eksNode', request)).not.toBe(first)
    const joined = { ...world, organization: { ...world.organization, ownAccounts: new Set([home.accountId]) } }
    expect(decideFor(joined, roleIn(world.inventory), 'fargateTask', request)).not.toBe(first)
  })

  test('knows the organization only of accounts that are known to belong to it', () => {
    const condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }
    const parts = [
      role({ inline: { token: policy({ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }) } }),
      repository({ policy: policy(allowPull('*', { Condition: condition })) }),
    ]
    const decide = (members: ReadonlySet<string>) => {
      const world = worldOf(parts, { organizationAccounts: members })
      const place = { ...home, name: 'app', arn: app.repositoryArn }
      const request = { action: 'ecr:BatchGetImage', region: home.region, repository: place }
      return decideFor(world, roleIn(world.inventory), 'fargateTask', request).decision.decision
    }
    expect(decide(new Set([home.accountId]))).toBe('allowed')
    expect(decide(new Set())).toBe('allowed')
    expect(decide(new Set(['222222222222']))).toBe('unknown')
  })
})

describe('membership of an organization', () => {
  test('is that of listed accounts, else of own ones, and none without an organization', () => {
    const world = worldOf([repository()], { organizationAccounts: new Set(), ownAccounts: new Set(['333333333333']) })
    expect(organizationIdOf(world, home.accountId)).toBe('o-exampleorg1')
    expect(organizationIdOf(world, '333333333333')).toBe('o-exampleorg1')
    expect(organizationIdOf(world, '555555555555')).toBeUndefined()
    const listed = worldOf([repository()])
    expect(organizationIdOf(listed, '222222222222')).toBe('o-exampleorg1')
    expect(organizationIdOf(listed, home.accountId)).toBeUndefined()
    const { organizationId: _, ...nameless } = world.organization
    expect(organizationIdOf({ ...world, organization: nameless }, home.accountId)).toBeUndefined()
  })
})

describe('images of nodes', () => {
  test('are the three add-ons in the registry of the region', () => {
    expect(addOnImages('eu-central-1')?.map(({ repositoryArn }) => repositoryArn)).toEqual([
      'arn:aws:ecr:eu-central-1:602401143452:repository/amazon-k8s-cni',
      'arn:aws:ecr:eu-central-1:602401143452:repository/eks/coredns',
      'arn:aws:ecr:eu-central-1:602401143452:repository/eks/kube-proxy',
    ])
    expect(addOnImages('cn-north-1')?.[0]?.repositoryArn).toBe(
      'arn:aws-cn:ecr:cn-north-1:918309763551:repository/amazon-k8s-cni',
    )
    expect(addOnImages('us-isob-west-9')).toBeUndefined()
  })
})
