import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { ecsServiceOf } from '../../shared/inventory/ecs-service.ts'
import { taskDefinitionName, taskDefinitionOf } from '../../shared/inventory/ecs-task-definition.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  capacityProvider,
  type EstatePart,
  ecsArn,
  ecsCluster,
  ecsService,
  elsewhere,
  home,
  inventoryOf,
  notListed,
  taskDefinition,
} from '../support/builders.ts'

const now = new Date('2026-11-21T00:00:00Z')
const long = '2026-01-01T00:00:00.000Z'

function currentOf(parts: readonly EstatePart[], at: Date | undefined = now): readonly string[] {
  return inventoryOf(parts)
    .currentTaskDefinitions(at)
    .map(({ family, revision }) => `${family}:${revision}`)
}

describe('a task definition', () => {
  it('has family, revision, roles and containers', () => {
    const credentials = { RepositoryCredentials: { CredentialsParameter: 'arn:secret' } }
    const part = taskDefinition({
      family: 'web',
      revision: 12,
      executionRole: 'exec',
      compatibilities: ['EC2', 'FARGATE'],
      images: ['app:1', { Name: 'side', Image: 'quay.io/x:1', Essential: false, ...credentials }, { Name: 'none' }],
    })
    expect(inventoryOf([part]).taskDefinitions).toMatchObject([
      {
        ref: { arn: ecsArn('task-definition', 'web:12') },
        family: 'web',
        revision: 12,
        status: 'ACTIVE',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['EC2', 'FARGATE'],
        taskRoleArn: absent(),
        executionRoleArn: known('exec'),
        containers: known([
          { name: 'c0', image: 'app:1', essential: true, repositoryCredentials: undefined },
          { name: 'side', image: 'quay.io/x:1', essential: false, repositoryCredentials: 'arn:secret' },
          { name: 'none', image: '', essential: true, repositoryCredentials: undefined },
        ]),
      },
    ])
  })

  it('that was not described in full has unknown roles and containers', () => {
    const part = taskDefinition({ configuration: { ContainerDefinitions: undefined as never } })
    const arn = ecsArn('task-definition', 'web:1')
    expect(inventoryOf([part]).taskDefinitions).toMatchObject([
      {
        taskRoleArn: unknown(`the task role of ${arn} is missing`),
        executionRoleArn: unknown(`the execution role of ${arn} is missing`),
        containers: unknown(`the container definitions of ${arn} are missing`),
      },
    ])
  })

  it.each([
    ['arn:aws:ecs:eu-central-1:111122223333:task-definition/web:3', { family: 'web', revision: 3 }],
    ['arn:aws:ecs:eu-central-1:111122223333:task-definition/web', { family: 'web', revision: undefined }],
    ['web:3', { family: 'web', revision: 3 }],
    ['web', { family: 'web', revision: undefined }],
    ['arn:aws:ecs:eu-central-1:111122223333:service/main/web', undefined],
    ['web:latest', undefined],
    ['', undefined],
  ])('is named by %s', (text, expected) => {
    expect(taskDefinitionName(text)).toEqual(expected)
  })
})

describe('revisions of one family', () => {
  const raw = (revision: number, more: JsonObject = {}) => {
    const part = taskDefinition({ revision })
    if (!('item' in part)) throw new Error('expected an item')
    return { ...part.item, ...more }
  }
  const build = (...raws: readonly JsonObject[]) => {
    const answers = raws.map(normalizeItem)
    return buildInventory({
      items: answers.flatMap((one) => (one.ok && !one.deleted ? [one.item] : [])),
      deletions: answers.flatMap((one) => (one.ok && one.deleted ? [one.deletion] : [])),
      types: ['AWS::ECS::TaskDefinition'],
      assumeRecorded: true,
    }).taskDefinitions.map(({ revision }) => revision)
  }
  const gone = { configurationItemStatus: 'ResourceDeleted', configurationItemCaptureTime: '2026-11-02T00:00:00Z' }

  it('all stay although they share an id', () => {
    expect(build(raw(1), raw(2))).toEqual([1, 2])
  })

  it('all stay although the source names no ARN', () => {
    const nameless = { ARN: '' }
    expect(build(raw(1, nameless), raw(2, nameless))).toEqual([1, 2])
    expect(build(raw(1, { ...nameless, resourceName: null }), raw(2, { ...nameless, resourceName: null }))).toEqual([
      1, 2,
    ])
  })

  it('go one by one when a deletion names its revision', () => {
    expect(build(raw(1), raw(2), raw(1, gone))).toEqual([2])
    expect(build(raw(1), raw(2), raw(1, { ...gone, ARN: '' }))).toEqual([2])
  })

  it('all stay when a deletion names the family only', () => {
    expect(build(raw(1), raw(2), raw(1, { ...gone, ARN: '', resourceName: null }))).toEqual([1, 2])
  })
})

describe('current task definitions', () => {
  it('are the newest active revision of a recent family, compared as numbers', () => {
    const revisions = [2, 9, 10].map((revision) => taskDefinition({ revision }))
    expect(currentOf([...revisions, taskDefinition({ revision: 11, status: 'INACTIVE' })])).toEqual(['web:10'])
  })

  it('include revisions a service uses whatever their status, and the newest of that family', () => {
    const parts = [
      taskDefinition({ revision: 1, status: 'INACTIVE', capturedAt: long }),
      taskDefinition({ revision: 2, capturedAt: long }),
      taskDefinition({ revision: 3, capturedAt: long }),
    ]
    expect(currentOf([...parts, ecsService({ taskDefinition: 'web:1' })])).toEqual(['web:1', 'web:3'])
  })

  it.each(['web', 'web:2', ecsArn('task-definition', 'web'), ecsArn('task-definition', 'web:2')])(
    'are found when a service names them as %s',
    (TaskDefinition) => {
      const parts = [1, 2].map((revision) => taskDefinition({ revision, capturedAt: long }))
      expect(currentOf([...parts, ecsService({ configuration: { TaskDefinition } })])).toEqual(['web:2'])
    },
  )

  it('leave out families without a service whose newest item is older than ninety days', () => {
    const aged = (capturedAt: string) => currentOf([taskDefinition({ capturedAt })])
    expect(aged('2026-08-23T00:00:00Z')).toEqual(['web:1'])
    expect(aged('2026-08-22T23:59:59Z')).toEqual([])
  })

  it('count a family as recent when any of its revisions was captured lately', () => {
    const parts = [taskDefinition({ revision: 2, capturedAt: long }), taskDefinition({ revision: 1 })]
    expect(currentOf(parts)).toEqual(['web:2'])
  })

  it('are the newest of every family without a time, or when services could not be listed', () => {
    const parts = [1, 2].map((revision) => taskDefinition({ revision, capturedAt: long }))
    expect(inventoryOf(parts).currentTaskDefinitions()).toHaveLength(1)
    expect(currentOf([...parts, notListed('AWS::ECS::Service')])).toEqual(['web:2'])
  })

  it('do not mix families of different regions', () => {
    const parts = [taskDefinition({ revision: 1 }), elsewhere(taskDefinition({ revision: 2 }), { region: 'eu-west-1' })]
    expect(currentOf(parts)).toEqual(['web:1', 'web:2'])
  })

  it('supersede older ones that no service uses', () => {
    const parts = [1, 2, 3].map((revision) => taskDefinition({ revision }))
    const inventory = inventoryOf([...parts, ecsService({ taskDefinition: 'web:2' })])
    expect(inventory.taskDefinitions.map((one) => inventory.supersededBy(one)?.revision)).toEqual([
      3,
      undefined,
      undefined,
    ])
  })
})

describe('services, clusters and capacity providers', () => {
  it('have what decides who pulls', () => {
    const service = ecsService({ name: 'api', capacityProviders: ['nodes'], subnets: ['subnet-1', 'subnet-2'] })
    expect(inventoryOf([service]).ecsServices).toMatchObject([
      {
        name: 'api',
        clusterArn: ecsArn('cluster', 'main'),
        taskDefinitionArn: ecsArn('task-definition', 'web:1'),
        launchType: undefined,
        capacityProviders: ['nodes'],
        subnets: ['subnet-1', 'subnet-2'],
        securityGroups: ['sg-1'],
        assignPublicIp: false,
        desiredCount: 1,
      },
    ])
  })

  it('have the ARN of a cluster named without one', () => {
    const service = ecsService({ configuration: { Cluster: 'blue', LaunchType: { value: 'EC2' } } })
    expect(inventoryOf([service]).ecsServices).toMatchObject([
      { clusterArn: ecsArn('cluster', 'blue'), launchType: 'EC2' },
    ])
  })

  it.each([
    [
      'one of weight 0 beside one with a weight',
      [
        ['a', 1],
        ['b', 0, 0],
      ],
      ['a'],
    ],
    ['one without weight and base beside one with a weight', [['a'], ['b', 3]], ['b']],
    [
      'a base that has no weight',
      [
        ['a', 1],
        ['b', 0, 2],
      ],
      ['a', 'b'],
    ],
    [
      'a base beside a weight of 0 on the other',
      [
        ['a', 0, 1],
        ['b', 0],
      ],
      ['a', 'b'],
    ],
    ['no weights at all', [['a'], ['b']], ['a', 'b']],
    [
      'nothing but weights of 0',
      [
        ['a', 0],
        ['b', 0],
      ],
      ['a', 'b'],
    ],
    ['a lone weight of 0', [['a', 0, 0]], ['a']],
    [
      'a weight that is no number',
      [
        ['a', 1],
        ['b', '0'],
      ],
      ['a', 'b'],
    ],
  ] as const)('place tasks by a strategy with %s', (_, entries, placed) => {
    const strategy = entries.map(([CapacityProvider, Weight, Base]) => ({ CapacityProvider, Weight, Base }))
    const stated = JSON.parse(JSON.stringify(strategy)) as JsonObject[]
    const inventory = inventoryOf([
      ecsService({ capacityProviders: [], configuration: { CapacityProviderStrategy: stated } }),
      ecsCluster({ configuration: { DefaultCapacityProviderStrategy: stated } }),
    ])
    expect(inventory.ecsServices[0]?.capacityProviders).toEqual(placed)
    expect(inventory.ecsClusters[0]?.defaultCapacityProviders).toEqual(placed)
  })

  it('lead from a capacity provider to its Auto Scaling group', () => {
    const inventory = inventoryOf([
      ecsCluster({ capacityProviders: ['nodes', 'FARGATE'], defaults: ['nodes'] }),
      capacityProvider('nodes', 'arn:group'),
      ecsCapacityProviderWithout(),
    ])
    expect(inventory.ecsClusters).toMatchObject([
      { name: 'main', capacityProviders: ['nodes', 'FARGATE'], defaultCapacityProviders: ['nodes'] },
    ])
    expect(inventory.ecsCapacityProviders.map((one) => one.autoScalingGroupArn)).toEqual([
      unknown('the Auto Scaling group of the capacity provider bare is missing'),
      known('arn:group'),
    ])
  })
})

function ecsCapacityProviderWithout(): EstatePart {
  const part = capacityProvider('bare', '')
  if (!('item' in part)) throw new Error('expected an item')
  return { item: { ...part.item, configuration: { Name: 'bare' } } }
}

const folder = new URL('../../../shared/fixtures/config-items/', import.meta.url)

describe.skipIf(!existsSync(folder))('recorded items of ECS', () => {
  const read = (name: string): readonly JsonObject[] => {
    const json = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    const items: JsonObject[] = json.data?.configurationItems ?? [json]
    return items.map((raw) => ({ ...raw, configurationItemCaptureTime: '2021-03-08T00:57:12Z' }))
  }
  const itemOf = (name: string) => {
    const result = normalizeItem(read(name)[0])
    if (!result.ok || result.deleted) throw new Error(JSON.stringify(result))
    return result.item
  }

  it('give a task definition of the resource history', () => {
    const item = itemOf('c7n_test_ecs_task_def_config__config.GetResourceConfigHistory_1.json')
    expect(taskDefinitionOf(item)).toMatchObject({
      family: 'TEST',
      revision: 1,
      status: 'INACTIVE',
      executionRoleArn: known('arn:aws:iam::644160558196:role/ecsTaskExecutionRole'),
      containers: { value: [{ name: 'dwcqwc', image: 'qwcqwc.comwqe' }] },
    })
    expect(taskDefinitionOf(itemOf('rdk_AWS_ECS_TaskDefinition.json'))).toMatchObject({
      family: 'testtaskdef',
      revision: 1,
      taskRoleArn: absent(),
    })
  })

  it('give a service of the resource history', () => {
    const item = itemOf('c7n_test_ecs_service_config__config.GetResourceConfigHistory_1.json')
    expect(ecsServiceOf(item)).toMatchObject({
      name: 'queue-processor',
      capacityProviders: ['FARGATE_SPOT'],
      assignPublicIp: true,
      taskDefinitionArn: 'arn:aws:ecs:us-east-2:644160558196:task-definition/dev:4',
    })
  })
})

it('home is the scope of every builder', () => {
  expect(inventoryOf([taskDefinition()]).taskDefinitions[0]?.ref).toMatchObject(home)
})
