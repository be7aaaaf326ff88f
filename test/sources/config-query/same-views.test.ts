import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Inventory } from '../../../shared/inventory/inventory.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { readAggregator } from '../../../shared/sources/config-query/read-aggregator.ts'
import { rowOfText } from '../../../shared/sources/config-query/row.ts'
import { selectItems } from '../../../shared/sources/config-query/select-items.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fillConfig, fixtureItems, inventoryOf, plainItem, readerOf } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

type Views = (inventory: Inventory) => readonly unknown[]
const cases: readonly [string, number, Views][] = [
  ['AWS::ECR::Repository', 2, (all) => all.repositories],
  ['AWS::ECS::Service', 1, (all) => all.ecsServices],
  ['AWS::ECS::TaskDefinition', 2, (all) => all.taskDefinitions],
  ['AWS::EKS::Cluster', 1, (all) => all.eksClusters],
  ['AWS::EC2::VPC', 1, (all) => all.network.vpcs],
  ['AWS::EC2::Subnet', 1, (all) => all.network.subnets],
  ['AWS::EC2::RouteTable', 1, (all) => all.network.routeTables],
  ['AWS::EC2::SecurityGroup', 1, (all) => all.network.securityGroups],
  ['AWS::EC2::VPCEndpoint', 1, (all) => all.network.vpcEndpoints],
  ['AWS::IAM::Role', 2, (all) => all.roles],
]

describe.each(cases)('%s', (type, count, views) => {
  const inFile = () => views(inventoryOf(fixtureItems()))
  it('is the same resource from a query and from a file', async () => {
    fillConfig(fake, fixtureItems())
    const reading = await selectItems(readerOf(fake), type, () => true)
    expect(reading.coverage.map(({ status }) => status)).toEqual(['known'])
    const live = views(inventoryOf(reading.items))
    expect(live.length).toBe(count)
    expect(live).toEqual(inFile())
  })
  it('is the same resource from the query of an aggregator', async () => {
    fillConfig(fake, fixtureItems()).aggregators.set('all', [source])
    expect(views(inventoryOf(await aggregated(type)))).toEqual(inFile())
  })
  it('is the same resource from the batch of an aggregator', async () => {
    const config = fillConfig(fake, fixtureItems())
    config.aggregators.set('all', [source])
    for (const { resourceId } of config.items) config.forgotten.add(String(resourceId))
    expect(views(inventoryOf(await aggregated(type)))).toEqual(inFile())
    expect(fake.calls.some(({ operation }) => operation === 'BatchGetAggregateResourceConfig')).toBe(true)
  })
})

const source = {
  SourceType: 'ACCOUNT',
  SourceId: '111122223333',
  AwsRegion: 'eu-central-1',
  LastUpdateStatus: 'SUCCEEDED',
}

async function aggregated(type: string): Promise<readonly JsonObject[]> {
  const answer = await readAggregator(readerOf(fake), 'all', [type])
  if (answer.state !== 'known') throw new Error('expected the aggregator')
  expect(answer.value.scopes.flatMap(({ reading }) => reading.coverage.map(({ status }) => status))).toEqual(['known'])
  return answer.value.scopes.flatMap(({ reading }) => reading.items)
}

describe('An item of a query', () => {
  const itemsOf = async (...items: JsonObject[]) => {
    fillConfig(fake, items)
    return (await selectItems(readerOf(fake), String(items[0]?.resourceType), () => true)).items
  }
  it('is spelled as a file of AWS Config spells it', async () => {
    const network = fixtureItems().filter((item) => String(item.resourceType) === 'AWS::EC2::VPCEndpoint')
    const [{ configurationStateId: _, availabilityZone: __, ...expected } = {}] = network
    expect(await itemsOf(...network)).toEqual([expected])
  })
  it('has the words of enumerations plain, whatever they look like in the row', async () => {
    const vpc = plainItem('AWS::EC2::VPC', 'vpc-1', { configuration: { vpcId: 'vpc-1', state: 'available' } })
    const [item] = await itemsOf(vpc)
    const [sent] = JSON.parse(await rawRows('AWS::EC2::VPC')) as [{ configuration: JsonObject }]
    expect(sent.configuration.state).toEqual({ value: 'available' })
    expect(item?.configuration).toEqual({ vpcId: 'vpc-1', state: 'available' })
  })
  it('keeps an object with the one key `value` where it is no enumeration', async () => {
    const labelled = { ContainerDefinitions: [{ Name: 'a', Image: 'b', DockerLabels: { value: 'kept' } }] }
    const [item] = await itemsOf(plainItem('AWS::ECS::TaskDefinition', 'web:1', { configuration: labelled }))
    expect(item?.configuration).toEqual(labelled)
  })
  it('has its tags as a map, keys of any kind included', async () => {
    const tags = JSON.parse('{"team":"a","__proto__":"b","constructor":"c"}') as JsonObject
    const [item] = await itemsOf(plainItem('AWS::ECS::Service', 'web', { tags }))
    expect(Object.entries(item?.tags as JsonObject)).toEqual(Object.entries(tags))
  })
  it('has a lone tag that stands without its list', async () => {
    fillConfig(fake, [plainItem('AWS::ECS::Service', 'web')])
    const row = plainItem('AWS::ECS::Service', 'web', { tags: { tag: 'team=a', key: 'team', value: 'a' } })
    fake.state.services.set('config:SelectResourceConfig', () => ({ Results: [JSON.stringify(row)] }))
    const [item] = (await selectItems(readerOf(fake), 'AWS::ECS::Service', () => true)).items
    expect(item?.tags).toEqual({ team: 'a' })
  })
  it('takes whole numbers that are written as floats', async () => {
    const configuration = { DesiredCount: 3 }
    const [item] = await itemsOf(plainItem('AWS::ECS::Service', 'web', { configuration }))
    expect(await rawRows('AWS::ECS::Service')).toContain('"DesiredCount":3.0')
    expect(item?.configuration).toEqual({ DesiredCount: 3 })
  })
})

/** The rows that the fake sends for a type. */
async function rawRows(type: string): Promise<string> {
  const serve = fake.state.services.get('config')
  const sent = fake.calls.find(({ operation }) => operation === 'SelectResourceConfig')?.body
  const { Results } = serve!('SelectResourceConfig', sent) as { Results: string[] }
  expect(sent.Expression).toContain(type)
  return `[${Results.join(',')}]`
}

const recorded = new URL('../../../../shared/fixtures/config-items/', import.meta.url)
const payload = (name: string) => JSON.parse(readFileSync(new URL(name, recorded), 'utf8'))

describe.skipIf(!existsSync(recorded))('Rows recorded from AWS', () => {
  const head = (type: string, id: string) => ({
    resourceType: type,
    resourceId: id,
    accountId: '644160558196',
    awsRegion: 'us-east-1',
    configurationItemCaptureTime: '2021-03-22T08:11:34.566Z',
    configurationItemStatus: 'OK',
  })
  /** The recordings select fewer columns than this project. */
  const rowsOf = (name: string, type: string, idName: string) =>
    (payload(name).data.Results as string[]).map((text) => {
      const row = JSON.parse(text) as JsonObject
      const id = String((row.configuration as JsonObject)[idName])
      return rowOfText(JSON.stringify({ ...head(type, id), ...row }), type)
    })
  it('of repositories give repositories with their policies', () => {
    const name = 'c7n_test_ecr_cross_account_filter_config__config.SelectResourceConfig_1.json'
    const items = rowsOf(name, 'AWS::ECR::Repository', 'RepositoryName').flatMap(({ item }) =>
      item === undefined ? [] : [item],
    )
    const repositories = inventoryOf(items).repositories
    const open = repositories.find((one) => one.name === 'demodev')
    expect(open?.policy).toMatchObject({ state: 'known', value: { json: { Statement: [{ Principal: '*' }] } } })
    expect(open?.lifecyclePolicy.state).toBe('known')
    expect(repositories.find((one) => one.name === 'docker-on-aws/nodejs')?.policy.state).toBe('absent')
  })
  it('of security groups give their rules', () => {
    const name = 'c7n_test_security_group_config_source__config.SelectResourceConfig_1.json'
    const items = rowsOf(name, 'AWS::EC2::SecurityGroup', 'groupId').flatMap(({ item }) =>
      item === undefined ? [] : [item],
    )
    expect(inventoryOf(items).network.securityGroups).toMatchObject([
      {
        id: 'sg-6c7fa917',
        ingress: { state: 'known', value: [{ cidrs: ['108.56.181.242/32'], groupIds: ['sg-6c7fa917'] }] },
      },
    ])
  })
  it.each([
    ['ecs_service', 'AWS::ECS::Service', 2],
    ['ecs_task_def', 'AWS::ECS::TaskDefinition', 2],
    ['eks', 'AWS::EKS::Cluster', 1],
  ])('of %s are empty while AWS Config lists some: unknown, not absent', async (name, type, count) => {
    const recordedAnswer = (operation: string) => payload(`c7n_test_${name}_config__config.${operation}_1.json`).data
    fake.state.services.set('config', recordedAnswer)
    const reading = await selectItems(readerOf(fake), type, () => true)
    expect(reading.coverage).toMatchObject([
      { status: 'unknown', reason: `AWS Config lists ${count} ${type} it does not return` },
    ])
    expect(reading.missing.length).toBe(count)
  })
})
