import { expect, test } from 'vitest'
import { placesOf } from '../../shared/pull/task-pullers.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsCluster,
  ecsService,
  elsewhere,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  notListed,
  taskDefinition,
} from '../support/builders.ts'

const placesIn = (...parts: readonly EstatePart[]) => {
  const inventory = inventoryOf(parts)
  const [definition] = inventory.taskDefinitions
  if (definition === undefined) throw new Error('no task definition')
  return placesOf(inventory, definition)
}
const anywhere = taskDefinition({ compatibilities: [] })
const nodes = [
  capacityProvider('nodes', autoScalingGroupArn('nodes')),
  autoScalingGroup(),
  launchTemplate({ instanceProfile: 'instances' }),
  instanceProfile('instances', 'instance'),
]
/** A capacity provider of Managed Instances. */
const managed: EstatePart = (() => {
  const part = capacityProvider('managed', '')
  if (!('item' in part)) throw new Error('no item')
  return { item: { ...part.item, configuration: { Name: 'managed', ManagedInstancesProvider: {} } } }
})()

test('a definition that requires Fargate pulls with the execution role, service or not', () => {
  expect(placesIn(taskDefinition())).toMatchObject({
    needsExecutionRole: true,
    pullsWithExecutionRole: true,
    because: 'it requires FARGATE',
    instanceRoles: { state: 'absent' },
    services: { state: 'absent' },
  })
})

test('a definition for EC2 that no service uses runs nowhere we know', () => {
  expect(placesIn(taskDefinition({ compatibilities: ['EC2'] }))).toMatchObject({
    needsExecutionRole: false,
    pullsWithExecutionRole: false,
    because: 'neither it nor a service says that it runs on Fargate',
    instanceRoles: { state: 'absent' },
  })
})

test('a service on an Auto Scaling group runs on the instances of its launch template', () => {
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['nodes'] }), ...nodes)).toMatchObject({
    needsExecutionRole: false,
    instanceRoles: { state: 'known', value: ['instance'] },
    services: { state: 'known', value: ['web'] },
  })
})

test('a definition that fits Fargate and runs on instances may pull with either role', () => {
  const both = taskDefinition({ compatibilities: ['EC2', 'FARGATE'] })
  expect(placesIn(both, ecsService({ capacityProviders: ['nodes'] }), ...nodes)).toMatchObject({
    needsExecutionRole: true,
    pullsWithExecutionRole: false,
    because: 'it requires FARGATE',
    instanceRoles: { state: 'known', value: ['instance'] },
  })
})

test('two services put it in two places', () => {
  expect(
    placesIn(
      anywhere,
      ecsService({ capacityProviders: ['nodes'] }),
      ecsService({ name: 'api', launchType: 'FARGATE' }),
      ...nodes,
    ),
  ).toMatchObject({
    needsExecutionRole: true,
    pullsWithExecutionRole: true,
    because: 'service api runs it on FARGATE',
    instanceRoles: { state: 'known', value: ['instance'] },
    services: { state: 'known', value: ['api', 'web'] },
  })
})

test.each(['FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'])(
  'a service of launch type %s has no instance to help',
  (launchType) => {
    expect(placesIn(anywhere, ecsService({ launchType }))).toMatchObject({
      pullsWithExecutionRole: true,
      because: `service web runs it on ${launchType}`,
      instanceRoles: { state: 'absent' },
    })
  },
)

test('a capacity provider of Managed Instances has no instance role to help', () => {
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['managed'] }), managed)).toMatchObject({
    needsExecutionRole: true,
    instanceRoles: { state: 'absent' },
    services: { state: 'known', value: ['web'] },
  })
})

test('a capacity provider nobody described leaves it open where tasks run', () => {
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['unheard'] }))).toMatchObject({
    needsExecutionRole: false,
    instanceRoles: { state: 'unknown', reason: 'capacity provider unheard is not in the inventory' },
    services: { state: 'unknown', reason: 'where service web runs its tasks is not in the inventory' },
  })
})

test('a capacity provider of another region is not the one of that name', () => {
  const far = capacityProvider('nodes', autoScalingGroupArn('nodes'))
  expect(
    placesIn(anywhere, ecsService({ capacityProviders: ['nodes'] }), elsewhere(far, { region: 'eu-west-1' })).services,
  ).toMatchObject({ state: 'unknown' })
})

test('Fargate in a mixed strategy is enough to need the execution role', () => {
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['unheard', 'FARGATE_SPOT'] }))).toMatchObject({
    needsExecutionRole: true,
    because: 'service web runs it on FARGATE_SPOT',
  })
})

test('a service without launch type follows its cluster', () => {
  const service = ecsService({ capacityProviders: [] })
  expect(placesIn(anywhere, service, ecsCluster({ defaults: ['FARGATE'] })).because).toBe(
    'service web runs it on the default capacity provider of its cluster',
  )
  expect(
    placesIn(anywhere, service, ecsCluster({ defaults: ['nodes'], capacityProviders: ['nodes'] }), ...nodes),
  ).toMatchObject({
    needsExecutionRole: false,
    instanceRoles: { state: 'known', value: ['instance'] },
  })
  expect(placesIn(anywhere, service, ecsCluster()).services.state).toBe('known')
  expect(placesIn(anywhere, service).services.state).toBe('unknown')
})

test('services that were not listed may run it anywhere', () => {
  expect(placesIn(anywhere, notListed('AWS::ECS::Service')).services).toMatchObject({ state: 'unknown' })
})

test('the services of other revisions, families, regions and accounts do not count', () => {
  for (const part of [
    ecsService({ taskDefinition: 'web:2' }),
    ecsService({ taskDefinition: 'webb:1' }),
    elsewhere(ecsService(), { region: 'eu-west-1' }),
    elsewhere(ecsService(), { accountId: '555555555555' }),
    ecsService({ configuration: { TaskDefinition: null } }),
  ]) {
    const { services, needsExecutionRole } = placesIn(anywhere, part)
    expect(needsExecutionRole).toBe(false)
    expect(services.state === 'known' ? services.value : []).toEqual([])
  }
})

test('a service that names a family runs the newest revision', () => {
  const service = ecsService({ taskDefinition: 'web', launchType: 'FARGATE' })
  const inventory = inventoryOf([anywhere, taskDefinition({ revision: 2, compatibilities: [] }), service])
  const launched = inventory.taskDefinitions.map((one) => [
    one.revision,
    placesOf(inventory, one).pullsWithExecutionRole,
  ])
  expect(Object.fromEntries(launched)).toEqual({ 1: false, 2: true })
})

test('a capacity provider of that name in another account is not the one', () => {
  const far = capacityProvider('nodes', autoScalingGroupArn('nodes'))
  const other = elsewhere(far, { accountId: '555555555555' })
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['nodes'] }), other).services.state).toBe('unknown')
  const named = capacityProvider('others', autoScalingGroupArn('nodes'))
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['nodes'] }), named).services.state).toBe('unknown')
})

test('a service follows its own cluster, not another', () => {
  const service = ecsService({ capacityProviders: [] })
  const other = ecsCluster({ name: 'other', defaults: ['FARGATE'] })
  expect(placesIn(anywhere, service, other).services.state).toBe('unknown')
  expect(placesIn(anywhere, service, other, ecsCluster()).needsExecutionRole).toBe(false)
})

test('a strategy of a known and an unclear provider is unclear', () => {
  const service = ecsService({ capacityProviders: ['nodes', 'unheard'] })
  expect(placesIn(anywhere, service, ...nodes).services).toMatchObject({ state: 'unknown' })
})

test('instances of two services give their roles once', () => {
  const second = ecsService({ name: 'api', capacityProviders: ['nodes'] })
  expect(placesIn(anywhere, ecsService({ capacityProviders: ['nodes'] }), second, ...nodes).instanceRoles).toEqual({
    state: 'known',
    value: ['instance'],
    assumptions: [],
  })
})
