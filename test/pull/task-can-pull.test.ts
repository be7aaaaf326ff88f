import { describe, expect, test } from 'vitest'
import type { TaskDefinition } from '../../shared/inventory/ecs.ts'
import { privateImagesOf, taskPulls, unreadableImagesOf } from '../../shared/pull/task-can-pull.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsService,
  imageUri,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  notListed,
  policy,
  repository,
  role,
  roleArn,
  taskDefinition,
  trustOf,
} from '../support/builders.ts'
import { worldOf } from './pull-world.ts'

const credentials = { CredentialsParameter: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub' }
const container = (Name: string, Image: string, more = {}) => ({ Name, Image, Essential: true, ...more })

function definitionOf(part: EstatePart): TaskDefinition {
  const [definition] = inventoryOf([part]).taskDefinitions
  return definition!
}

describe('images of a task definition', () => {
  test('that a role fetches are those of private registries without credentials of their own', () => {
    const images = [
      imageUri('app:1'),
      'nginx',
      'public.ecr.aws/nginx/nginx:1',
      container('own', imageUri('own:1'), { RepositoryCredentials: credentials }),
      imageUri('api@sha256:0000000000000000000000000000000000000000000000000000000000000000'),
    ]
    const fact = privateImagesOf(definitionOf(taskDefinition({ images })))
    expect(fact.state === 'known' && fact.value.map(({ repository }) => repository)).toEqual(['app', 'api'])
  })

  test('that cannot be read are not guessed', () => {
    const broken = definitionOf(taskDefinition({ configuration: { ContainerDefinitions: 5 } }))
    expect(privateImagesOf(broken).state).toBe('unknown')
    expect(unreadableImagesOf(broken)).toEqual([])
  })

  test('that no registry would take are told with their container, where they name a private registry', () => {
    const images = [
      container('upper', imageUri('App:1')),
      container('dual', '111122223333.DKR-ECR.eu-central-1.on.aws/App:1'),
      container('fine', imageUri('app:1')),
      container('elsewhere', 'NGINX'),
      container('own', imageUri('App:1'), { RepositoryCredentials: credentials }),
    ]
    expect(unreadableImagesOf(definitionOf(taskDefinition({ images })))).toEqual([
      'image of container upper: the repository name has upper-case letters',
      'image of container dual: the repository name has upper-case letters',
    ])
  })
})

const mayPull = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
const execution = role({ name: 'execution', inline: { pull: mayPull } })
const instance = role({ name: 'instance', trust: trustOf('ec2.amazonaws.com'), inline: { pull: mayPull } })
const onInstances = [
  ecsService({ capacityProviders: ['nodes'] }),
  capacityProvider('nodes', autoScalingGroupArn('nodes')),
  autoScalingGroup(),
  launchTemplate({ instanceProfile: 'instances' }),
  instanceProfile('instances', roleArn('instance')),
]

function pullsIn(...parts: readonly EstatePart[]) {
  const world = worldOf(parts)
  const [definition] = world.inventory.taskDefinitions
  const images = privateImagesOf(definition!)
  return taskPulls(world, definition!, images.state === 'known' ? images.value : [])
}

describe('who pulls for a task definition', () => {
  test('on Fargate is its execution role', () => {
    const { execution: pull, instances } = pullsIn(
      taskDefinition({ executionRole: roleArn('execution') }),
      execution,
      repository(),
    )
    expect(pull).toMatchObject({
      state: 'known',
      value: {
        puller: 'fargateTask',
        roleName: roleArn('execution'),
        answer: { state: 'known', value: { status: 'pass' } },
      },
    })
    expect(instances.state).toBe('absent')
  })

  test('without an execution role is nobody', () => {
    expect(pullsIn(taskDefinition(), repository()).execution.state).toBe('absent')
  })

  test('on instances are their roles, and the execution role is asked as one of instances', () => {
    const { execution: pull, instances } = pullsIn(
      taskDefinition({ executionRole: 'execution', compatibilities: ['EC2'] }),
      ...onInstances,
      execution,
      instance,
      repository(),
    )
    expect(pull).toMatchObject({
      state: 'known',
      value: { puller: 'ecsInstanceExecutionRole', roleName: 'execution', answer: { value: { status: 'pass' } } },
    })
    expect(instances).toMatchObject({
      state: 'known',
      value: [
        {
          puller: 'ecsInstance',
          roleName: roleArn('instance'),
          answer: { state: 'known', value: { status: 'pass' } },
        },
      ],
    })
  })

  test('is asked about the images', () => {
    const tokenAlone = policy({ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' })
    const parts = [
      taskDefinition({ executionRole: 'execution' }),
      role({ name: 'execution', inline: { token: tokenAlone } }),
      repository(),
    ]
    expect(pullsIn(...parts).execution).toMatchObject({ value: { answer: { value: { status: 'fail' } } } })
  })

  test('is told when it does not exist, and when nobody could list roles', () => {
    const gone = taskDefinition({ executionRole: roleArn('gone') })
    expect(pullsIn(gone, execution, repository()).execution).toMatchObject({ value: { answer: { state: 'absent' } } })
    expect(pullsIn(gone, notListed('AWS::IAM::Role')).execution).toMatchObject({
      value: { answer: { state: 'unknown' } },
    })
  })
})
