import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { readGlobal } from '../../../shared/sources/estate/read-global.ts'
import { readRegion } from '../../../shared/sources/estate/read-region.ts'
import type { EstateChoice, EstateClients, EstateReader } from '../../../shared/sources/estate/reader.ts'
import type { FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readerOf as configReaderOf, fillConfig, plainItem } from '../config-query/account.ts'
import { readerOf as ecrReaderOf } from '../ecr/reading.ts'
import { fillEks } from '../eks/account.ts'
import { fillAccount, own } from '../iam/account.ts'
import { networkReadersOf } from '../network-readers.ts'
import { readersOf } from '../readers.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const repositoryType = 'AWS::ECR::Repository'
const everyCall = (choice: Partial<EstateChoice> = {}): EstateChoice => ({ images: false, config: true, ...choice })

/** A reader whose clients are those of the services the test asks; others would fail loudly. */
function readerOf(overrides: Partial<EstateClients> = {}): EstateReader {
  const { iam, ecs, eks } = readersOf(fake)
  const { ec2, route53 } = networkReadersOf(fake)
  const clients = {
    ...{ config: configReaderOf(fake).client, ecr: ecrReaderOf(fake).client, ec2: ec2.client },
    ...{ ecs: ecs.client, eks: eks.client, iam: iam.client, route53: route53.client },
    ...overrides,
  } as EstateClients
  const { accountId, region } = fake.state
  const callerArn = `arn:aws:sts::${accountId}:assumed-role/auditor/run`
  return { accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout: 5_000, callerArn, clients }
}

const operations = () => fake.calls.map(({ service, operation }) => `${service}:${operation}`)
const only = (...types: readonly string[]): EstateChoice => everyCall({ types: new Set(types) })
const names = (items: readonly JsonObject[]) => items.map(({ resourceId }) => resourceId).sort()

function recorded(...ids: readonly string[]): FakeConfig {
  const items = ids.map((id) =>
    plainItem(repositoryType, id, {
      arn: `arn:aws:ecr:eu-central-1:111122223333:repository/${id}`,
      configuration: { RepositoryName: id, RepositoryPolicyText: '{"from":"config"}', LifecyclePolicy: {} },
    }),
  )
  return fillConfig(fake, items)
}

describe('repositories AWS Config records', () => {
  it('come from AWS Config with its own capture time, and no call to ECR', async () => {
    recorded('a', 'b')
    const reading = await readRegion(readerOf(), only(repositoryType))
    expect(names(reading.items)).toEqual(['a', 'b'])
    expect(reading.items[0]).toMatchObject({ configurationItemCaptureTime: '2026-02-01T00:00:00.000Z' })
    expect(reading.coverage.map(({ status }) => status)).toEqual(['known'])
    expect(operations().filter((name) => name.startsWith('ecr:'))).toEqual([])
  })

  it('are read live when AWS Config is not to be asked', async () => {
    recorded('a')
    fake.state.repositories.set('b', '{"from":"ecr"}')
    const reading = await readRegion(readerOf(), { ...only(repositoryType), config: false })
    expect(names(reading.items)).toEqual(['b'])
    expect(operations().filter((name) => name.startsWith('config:'))).toEqual([])
  })

  it('that AWS Config lists and does not return are read live one by one', async () => {
    const config = recorded('a', 'b', 'gone')
    config.forgotten.add('b').add('gone')
    fake.state.repositories.set('b', '{"from":"ecr"}')
    const reading = await readRegion(readerOf(), only(repositoryType))
    expect(names(reading.items)).toEqual(['a', 'b'])
    expect(reading.coverage.map(({ status }) => status)).toEqual(['known'])
    expect(operations()).not.toContain('ecr:GetRegistryPolicy')
    expect(fake.calls.filter(({ operation }) => operation === 'GetRepositoryPolicy').map(({ body }) => body)).toEqual([
      { repositoryName: 'b' },
    ])
  })

  it('of which one can be read nowhere leave a gap that names it', async () => {
    const config = recorded('a', 'b')
    config.forgotten.add('b')
    fake.state.repositories.set('b', undefined)
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException' } : undefined
    const { items, gaps } = await readRegion(readerOf(), only(repositoryType))
    expect(names(items)).toEqual(['a'])
    expect(gaps).toEqual([
      {
        resourceType: repositoryType,
        resourceArn: 'arn:aws:ecr:eu-central-1:111122223333:repository/b',
        reason: 'ecr:DescribeRepositories failed with AccessDeniedException',
        transience: 'lasting',
      },
    ])
  })

  it('are never taken as none: an empty answer is confirmed live', async () => {
    recorded()
    fake.state.repositories.set('only-live', undefined)
    const { items } = await readRegion(readerOf(), only(repositoryType))
    expect(names(items)).toEqual(['only-live'])
  })

  it.each([
    ['the recorder is off', (config: FakeConfig) => Object.assign(config.recorderStatuses[0], { recording: false })],
    ['there is no recorder', (config: FakeConfig) => config.recorders.splice(0)],
    ['AWS Config returns what it does not list', (config: FakeConfig) => config.unlisted.add('a')],
    [
      'AWS Config refuses to be asked',
      () => {
        fake.state.plan = (operation) =>
          operation === 'SelectResourceConfig' ? { error: 'AccessDeniedException' } : undefined
      },
    ],
  ])('are read live when %s', async (_when, breakIt) => {
    const config = recorded('a')
    breakIt(config)
    fake.state.repositories.set('live', undefined)
    const { items, coverage } = await readRegion(readerOf(), only(repositoryType))
    expect(names(items)).toEqual(['live'])
    expect(coverage.map(({ status }) => status)).toEqual(['known'])
  })
})

it('only calls for wanted types are made, and only their rows are stated', async () => {
  fake.state.repositories.set('a', undefined)
  const reading = await readRegion(readerOf(), { ...only('AWS::ECR::RegistryPolicy'), config: false })
  expect(operations()).toEqual(['ecr:GetRegistryPolicy'])
  expect(reading.coverage.map(({ resourceType }) => resourceType)).toEqual(['AWS::ECR::RegistryPolicy'])
})

it('a part that breaks leaves its own types unknown and no others', async () => {
  fake.state.repositories.set('a', undefined)
  const broken = {
    send: () => {
      throw new TypeError('no')
    },
  } as unknown as EstateClients['eks']
  const types = ['AWS::EKS::Cluster', repositoryType]
  const { coverage, items } = await readRegion(readerOf({ eks: broken }), { ...only(...types), config: false })
  expect(names(items)).toEqual(['a'])
  expect(Object.fromEntries(coverage.map(({ resourceType, status }) => [resourceType, status]))).toEqual({
    [repositoryType]: 'known',
    'AWS::EKS::Cluster': 'unknown',
  })
})

it('a launch template of which a node group uses another version than those read has no data', async () => {
  fillEks(fake)
  const [nodegroup] = fake.state.eks.nodegroups
  Object.assign(nodegroup, { launchTemplate: { id: 'lt-1', name: 'nodes', version: '7' } })
  const version = (number: number) => ({
    ...{ LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes', VersionNumber: number },
    LaunchTemplateData: { SecurityGroupIds: ['sg-1'] },
  })
  let versions = [version(2), version(3)]
  const ec2 = { send: async () => ({ LaunchTemplateVersions: versions }) } as unknown as EstateClients['ec2']
  const autoScaling = { send: async () => ({ AutoScalingGroups: [] }) } as unknown as EstateClients['autoScaling']
  const read = async () => {
    const { items } = await readRegion(readerOf({ ec2, autoScaling }), only('AWS::EC2::LaunchTemplate'))
    const template = items.find(({ resourceType }) => resourceType === 'AWS::EC2::LaunchTemplate')
    const configuration = template?.configuration as JsonObject | undefined
    return configuration?.LaunchTemplateData
  }
  expect(await read()).toBeUndefined()
  versions = [version(2), version(7)]
  expect(await read()).toEqual({ SecurityGroupIds: ['sg-1'] })
})

it('roles, policies and instance profiles are read apart, and AWS-managed policies with them', async () => {
  fillAccount(fake)
  const { coverage, items } = await readGlobal({ ...readerOf(), callerArn: own.caller }, everyCall())
  expect(coverage.map(({ resourceType, region, status }) => [resourceType, region, status]).sort()).toEqual([
    ['AWS::IAM::InstanceProfile', 'global', 'known'],
    ['AWS::IAM::Policy', 'global', 'known'],
    ['AWS::IAM::Role', 'global', 'known'],
  ])
  expect(items.map(({ resourceType }) => resourceType)).toEqual(expect.arrayContaining(['AWS::IAM::Role']))
  const asked = fake.calls.flatMap(({ operation, body }) => (operation === 'GetPolicy' ? [String(body.PolicyArn)] : []))
  expect(asked.filter((arn) => arn.startsWith('arn:aws:iam::aws:')).length).toBeGreaterThan(0)
})
