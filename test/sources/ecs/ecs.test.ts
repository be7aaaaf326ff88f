import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { listCapacityProviders } from '../../../shared/sources/ecs/capacity-providers.ts'
import { listCurrentTaskDefinitions, readTaskDefinition } from '../../../shared/sources/ecs/task-definitions.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { readersOf } from '../readers.ts'
import { base, cluster, definition, execRole, fillEcs, revisionOf, serviceOf } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEcs(fake)
})
afterEach(() => fake.close())

const TASK = 'AWS::ECS::TaskDefinition'
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const reader = (fault?: Fault) => readersOf(fake, fault && 'hang' in fault ? 100 : undefined).ecs
const ofType = (items: readonly JsonObject[], type: string) =>
  items
    .filter((item) => item.resourceType === type)
    .map((item) => item.arn)
    .sort()
const statuses = (coverage: readonly { readonly resourceType: string; readonly status: string }[]) =>
  Object.fromEntries(coverage.map((row) => [row.resourceType, row.status]))

describe('readTaskDefinition', () => {
  it('gives the item AWS Config would write, and nothing a container may keep secret', async () => {
    expect(await readTaskDefinition(reader(), definition('web', 1))).toEqual({
      state: 'present',
      gaps: [],
      item: {
        version: '1.3',
        accountId: '111122223333',
        awsRegion: 'eu-central-1',
        configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
        configurationItemStatus: 'OK',
        arn: definition('web', 1),
        resourceType: TASK,
        resourceId: 'web:1',
        resourceName: 'web:1',
        tags: {},
        relationships: [],
        configuration: {
          TaskDefinitionArn: definition('web', 1),
          Family: 'web',
          Revision: 1,
          Status: 'ACTIVE',
          RequiresCompatibilities: ['FARGATE'],
          NetworkMode: 'awsvpc',
          ExecutionRoleArn: execRole,
          ContainerDefinitions: [
            { Name: 'app', Image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/app:1', Essential: true },
          ],
        },
        supplementaryConfiguration: { registeredAt: '2026-01-01T00:00:00.000Z' },
      },
    })
  })
  it('gives the newest active revision of a family', async () => {
    fake.state.ecs.taskDefinitions.push(revisionOf('web', 3, { status: 'INACTIVE' }))
    expect(await readTaskDefinition(reader(), 'web')).toMatchObject({ item: { arn: definition('web', 2) } })
    expect(await readTaskDefinition(reader(), definition('web', 3))).toMatchObject({
      item: { configuration: { Status: 'INACTIVE' } },
    })
  })
  it('keeps the platform, the log driver with its region alone, and the names of secrets', async () => {
    const containerDefinitions = [
      {
        name: 'a',
        image: 'x',
        logConfiguration: {
          logDriver: 'awslogs' as const,
          options: { 'awslogs-region': 'eu-west-1', 'splunk-token': 'hush' },
          secretOptions: [{ name: 'T', valueFrom: '/token' }],
        },
        secrets: [{ name: 'S', valueFrom: '/secret' }],
      },
    ]
    const runtimePlatform = { operatingSystemFamily: 'LINUX' as const, cpuArchitecture: 'ARM64' as const }
    fake.state.ecs.taskDefinitions.push(revisionOf('logs', 1, { containerDefinitions, runtimePlatform }))
    const read = await readTaskDefinition(reader(), 'logs')
    expect(read).toMatchObject({
      item: {
        configuration: {
          RuntimePlatform: { OperatingSystemFamily: 'LINUX', CpuArchitecture: 'ARM64' },
          ContainerDefinitions: [
            {
              LogConfiguration: {
                LogDriver: 'awslogs',
                Options: { 'awslogs-region': 'eu-west-1' },
                SecretOptions: [{ ValueFrom: '/token' }],
              },
              Secrets: [{ ValueFrom: '/secret' }],
            },
          ],
        },
      },
    })
    expect(JSON.stringify(read)).not.toContain('hush')
  })
  it('keeps registry credentials and takes a container for essential that does not say', async () => {
    const containerDefinitions = [{ name: 'a', image: 'x', repositoryCredentials: { credentialsParameter: 'secret' } }]
    fake.state.ecs.taskDefinitions.push(
      revisionOf('own', 1, { containerDefinitions, requiresCompatibilities: undefined }),
    )
    expect(await readTaskDefinition(reader(), 'own')).toMatchObject({
      item: {
        configuration: {
          RequiresCompatibilities: [],
          ContainerDefinitions: [
            { Name: 'a', Image: 'x', Essential: true, RepositoryCredentials: { CredentialsParameter: 'secret' } },
          ],
        },
      },
    })
  })
  it('is gone when ECS knows no such definition', async () => {
    expect(await readTaskDefinition(reader(), definition('none', 1))).toEqual({ state: 'gone' })
  })
  it('is unknown when ECS refuses the request for another reason', async () => {
    failing('DescribeTaskDefinition', { error: 'ClientException', message: 'Invalid revision number.' })
    const reason = 'ecs:DescribeTaskDefinition failed with ClientException'
    expect(await readTaskDefinition(reader(), 'web')).toEqual({
      state: 'unknown',
      gap: { resourceType: TASK, resourceArn: 'web', reason, transience: 'lasting' },
    })
  })
  it('calls nobody about a definition of another region', async () => {
    const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1'
    expect(await readTaskDefinition(reader(), arn)).toMatchObject({ state: 'unknown', gap: { transience: 'lasting' } })
    expect(fake.calls).toEqual([])
  })
  it.each(faults)('is unknown when the description %s', async (_name, fault, error, transience) => {
    failing('DescribeTaskDefinition', fault)
    const reason = `ecs:DescribeTaskDefinition failed with ${error}`
    expect(await readTaskDefinition(reader(fault), definition('web', 1))).toEqual({
      state: 'unknown',
      gap: { resourceType: TASK, resourceArn: definition('web', 1), reason, transience },
    })
  })
  it.each([
    ['another definition', revisionOf('web', 2)],
    ['a definition without containers', revisionOf('web', 1, { containerDefinitions: undefined })],
    ['a container without a name', revisionOf('web', 1, { containerDefinitions: [{ image: 'x' }] })],
    ['a definition without a status', revisionOf('web', 1, { status: undefined })],
    ['a definition without a revision', revisionOf('web', 1, { revision: undefined })],
  ])('is unknown when the answer is about %s', async (_name, taskDefinition) => {
    failing('DescribeTaskDefinition', { answer: { taskDefinition } })
    expect(await readTaskDefinition(reader(), definition('web', 1))).toMatchObject({
      state: 'unknown',
      gap: { reason: 'ecs:DescribeTaskDefinition failed with MalformedAnswer' },
    })
  })
})

describe('listCurrentTaskDefinitions', () => {
  it('reads clusters, services, the definitions they use and the newest of each family, each once', async () => {
    fake.state.ecs.services.push(
      serviceOf('green', { taskDefinition: undefined, taskSets: [{ taskDefinition: definition('web', 1) }] }),
      serviceOf('rolling', {
        taskDefinition: definition('web', 2),
        deployments: [{ taskDefinition: definition('batch', 7) }],
      }),
    )
    const { items, coverage, gaps } = await listCurrentTaskDefinitions(reader())
    expect(ofType(items, TASK)).toEqual([definition('batch', 7), definition('web', 1), definition('web', 2)])
    expect(ofType(items, 'AWS::ECS::Cluster')).toEqual([cluster])
    expect(ofType(items, 'AWS::ECS::Service')).toEqual(
      ['green', 'rolling', 'web'].map((name) => `${base}:service/prod/${name}`),
    )
    expect(gaps).toEqual([])
    expect(statuses(coverage)).toEqual({ 'AWS::ECS::Cluster': 'known', 'AWS::ECS::Service': 'known', [TASK]: 'known' })
    const described = fake.calls.filter(({ operation }) => operation === 'DescribeTaskDefinition')
    expect(described.map(({ body }) => body.taskDefinition).sort()).toEqual([definition('web', 1), 'batch', 'web'])
  })
  it('spells services and clusters as AWS Config does', async () => {
    const awsvpcConfiguration = { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' }
    fake.state.ecs.services[0] = serviceOf('web', {
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
      platformVersion: 'LATEST',
      networkConfiguration: { awsvpcConfiguration },
    })
    const { items } = await listCurrentTaskDefinitions(reader())
    expect(items.find((item) => item.resourceType === 'AWS::ECS::Service')).toMatchObject({
      resourceId: `${base}:service/prod/web`,
      resourceName: 'web',
      configuration: {
        ServiceArn: `${base}:service/prod/web`,
        ServiceName: 'web',
        Cluster: cluster,
        TaskDefinition: definition('web', 1),
        CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1, Base: 0 }],
        PlatformVersion: 'LATEST',
        DesiredCount: 2,
        NetworkConfiguration: {
          AwsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: 'DISABLED' },
        },
      },
    })
    expect(items.find((item) => item.resourceType === 'AWS::ECS::Cluster')?.configuration).toEqual({
      Arn: cluster,
      ClusterName: 'prod',
      CapacityProviders: ['FARGATE'],
      DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1, Base: 0 }],
    })
  })
  it('reads every page of services and families and describes ten services at a time', async () => {
    for (let n = 0; n < 120; n++)
      fake.state.ecs.services.push(serviceOf(`s${n}`, { taskDefinition: definition('batch', 7) }))
    for (let n = 0; n < 120; n++) fake.state.ecs.taskDefinitions.push(revisionOf(`f${n}`, 1))
    const { items } = await listCurrentTaskDefinitions(reader())
    expect(ofType(items, 'AWS::ECS::Service').length).toBe(121)
    expect(ofType(items, TASK).length).toBe(123)
    const sizes = fake.calls
      .filter(({ operation }) => operation === 'DescribeServices')
      .map(({ body }) => body.services.length)
    expect(sizes).toEqual([...Array(12).fill(10), 1])
  })
  it('names the number of families when there are too many, and reads what services use', async () => {
    const { items, coverage, gaps } = await listCurrentTaskDefinitions(reader(), { maxFamilies: 1 })
    const reason = '2 task definition families are more than the 1 that are read'
    expect(ofType(items, TASK)).toEqual([definition('web', 1)])
    expect(coverage).toContainEqual(expect.objectContaining({ resourceType: TASK, status: 'unknown', reason }))
    expect(gaps).toEqual([{ resourceType: TASK, reason, transience: 'lasting' }])
  })
  it('leaves out what is gone by the time it is described', async () => {
    failing('ListServices', { error: 'ClusterNotFoundException' })
    const { items, coverage } = await listCurrentTaskDefinitions(reader())
    expect([ofType(items, 'AWS::ECS::Service'), statuses(coverage)['AWS::ECS::Service']]).toEqual([[], 'known'])
    const failures = [{ arn: `${base}:service/prod/web`, reason: 'MISSING' }]
    failing('DescribeServices', { answer: { services: [], failures } })
    const other = await listCurrentTaskDefinitions(reader())
    expect([ofType(other.items, 'AWS::ECS::Service'), statuses(other.coverage)['AWS::ECS::Service']]).toEqual([
      [],
      'known',
    ])
  })
  it.each([
    ['says nothing of a service', { services: [], failures: [] }, 'ecs:DescribeServices failed with MalformedAnswer'],
    [
      'fails for a service',
      { services: [], failures: [{ arn: `${base}:service/prod/web`, reason: 'ACCESS_DENIED' }] },
      `ecs:DescribeServices failed for ${base}:service/prod/web: ACCESS_DENIED`,
    ],
    [
      'describes a service without a cluster',
      { services: [{ serviceArn: `${base}:service/prod/web`, serviceName: 'web' }], failures: [] },
      'ecs:DescribeServices failed with MalformedAnswer',
    ],
  ])('leaves services and definitions unknown when the answer %s', async (_name, answer, reason) => {
    failing('DescribeServices', { answer })
    const { items, coverage, gaps } = await listCurrentTaskDefinitions(reader())
    expect(ofType(items, 'AWS::ECS::Service')).toEqual([])
    expect(statuses(coverage)).toEqual({
      'AWS::ECS::Cluster': 'known',
      'AWS::ECS::Service': 'unknown',
      [TASK]: 'unknown',
    })
    expect(gaps.map((gap) => [gap.resourceType, gap.reason])).toEqual([
      ['AWS::ECS::Service', reason],
      [TASK, reason],
    ])
  })
  const unknownTypes = new Map([
    ['ListClusters', ['AWS::ECS::Cluster', 'AWS::ECS::Service', TASK]],
    ['DescribeClusters', ['AWS::ECS::Cluster', TASK]],
    ['ListServices', ['AWS::ECS::Service', TASK]],
    ['DescribeServices', ['AWS::ECS::Service', TASK]],
    ['ListTaskDefinitionFamilies', [TASK]],
  ])
  it.each(
    [...unknownTypes].flatMap(([operation, types]) => faults.map((fault) => [operation, types, ...fault] as const)),
  )('when %s leaves %j unknown because it %s', async (operation, types, _name, fault, error, transience) => {
    failing(operation, fault)
    const { coverage, gaps } = await listCurrentTaskDefinitions(reader(fault))
    const reason = `ecs:${operation} failed with ${error}`
    expect(coverage.filter((row) => row.status === 'unknown').map((row) => row.resourceType)).toEqual(types)
    expect(new Set(gaps.map((gap) => `${gap.reason} ${gap.transience}`))).toEqual(new Set([`${reason} ${transience}`]))
  })
  it.each(faults)('keeps no definition and an unknown listing when a description %s', async (_name, fault, error) => {
    failing('DescribeTaskDefinition', fault)
    const { items, coverage } = await listCurrentTaskDefinitions(reader(fault))
    expect(ofType(items, TASK)).toEqual([])
    const reason = `ecs:DescribeTaskDefinition failed with ${error}`
    expect(coverage).toContainEqual(expect.objectContaining({ resourceType: TASK, status: 'unknown', reason }))
  })
})

describe('listCapacityProviders', () => {
  it('names the Auto Scaling group behind each, over all pages', async () => {
    for (let n = 0; n < 10; n++) {
      fake.state.ecs.capacityProviders.push({ capacityProviderArn: `${base}:capacity-provider/p${n}`, name: `p${n}` })
    }
    const { items, coverage } = await listCapacityProviders(reader())
    expect(items.length).toBe(12)
    expect(items.slice(0, 2).map((item) => item.configuration)).toEqual([
      { Name: 'FARGATE' },
      {
        Name: 'spot',
        AutoScalingGroupProvider: { AutoScalingGroupArn: 'arn:aws:autoscaling:eu-central-1:111122223333:x' },
      },
    ])
    expect(statuses(coverage)).toEqual({ 'AWS::ECS::CapacityProvider': 'known' })
  })
  it.each(faults)('is unknown when the call %s', async (_name, fault, error, transience) => {
    failing('DescribeCapacityProviders', fault)
    const { items, gaps } = await listCapacityProviders(reader(fault))
    const reason = `ecs:DescribeCapacityProviders failed with ${error}`
    expect(items).toEqual([])
    expect(gaps).toEqual([{ resourceType: 'AWS::ECS::CapacityProvider', reason, transience }])
  })
})
