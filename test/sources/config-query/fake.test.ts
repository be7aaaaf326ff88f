import {
  BatchGetAggregateResourceConfigCommand,
  ListDiscoveredResourcesCommand,
  SelectResourceConfigCommand,
} from '@aws-sdk/client-config-service'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fillConfig, plainItem, readerOf } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const select = (Expression: string, more: { Limit?: number; NextToken?: string | undefined } = {}) =>
  readerOf(fake).client.send(new SelectResourceConfigCommand({ Expression, ...more }))
const good = "SELECT resourceId, configuration WHERE resourceType = 'AWS::EC2::VPC'"

describe('The fake AWS Config refuses what AWS Config refuses', () => {
  beforeEach(() => {
    fillConfig(fake, [plainItem('AWS::EC2::VPC', 'vpc-1'), plainItem('AWS::EC2::VPC', 'vpc-2')])
  })
  it.each([
    ['SELECT *', "SELECT * WHERE resourceType = 'AWS::EC2::VPC'", 'InvalidExpressionException'],
    [
      'a column that is none',
      "SELECT configurations WHERE resourceType = 'AWS::EC2::VPC'",
      'InvalidExpressionException',
    ],
    [
      'a column in the wrong case',
      "SELECT ResourceId WHERE resourceType = 'AWS::EC2::VPC'",
      'InvalidExpressionException',
    ],
    ['a condition on a column that is none', `${good} AND owner = 'x'`, 'InvalidExpressionException'],
    ['FROM', "SELECT resourceId FROM items WHERE resourceType = 'AWS::EC2::VPC'", 'InvalidExpressionException'],
    ['OR', `${good} OR resourceType = 'AWS::ECS::Service'`, 'InvalidExpressionException'],
    ['more than 4,096 characters', `${good} AND resourceId IN (${"'x', ".repeat(1_000)}'x')`, 'ValidationException'],
    ['nothing', '', 'ValidationException'],
  ])('%s', async (_, expression, name) => {
    await expect(select(expression)).rejects.toMatchObject({ name })
  })
  it('more than a hundred rows a page', async () => {
    await expect(select(good, { Limit: 101 })).rejects.toMatchObject({ name: 'InvalidLimitException' })
  })
  it('the token of another query', async () => {
    const { NextToken } = await select(good, { Limit: 1 })
    expect((await select(good, { Limit: 1, NextToken })).Results?.length).toBe(1)
    await expect(select(good.replace('VPC', 'Subnet'), { Limit: 1, NextToken })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    })
  })
  it('more than a hundred resources of a listing or a batch', async () => {
    const { client } = readerOf(fake)
    const list = new ListDiscoveredResourcesCommand({ resourceType: 'AWS::EC2::VPC', limit: 101 })
    await expect(client.send(list)).rejects.toMatchObject({ name: 'InvalidLimitException' })
    fillConfig(fake).aggregators.set('all', [])
    const one = {
      SourceAccountId: '111122223333',
      SourceRegion: 'eu-central-1',
      ResourceId: 'vpc-1',
      ResourceType: 'AWS::EC2::VPC' as const,
    }
    const batch = { ConfigurationAggregatorName: 'all', ResourceIdentifiers: Array(101).fill(one) }
    await expect(client.send(new BatchGetAggregateResourceConfigCommand(batch))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })
})

describe('The fake AWS Config answers as AWS Config does', () => {
  it('with rows of JSON text that hold the selected columns, 25 a page when not told', async () => {
    fillConfig(
      fake,
      Array.from({ length: 30 }, (_, index) => plainItem('AWS::EC2::VPC', `vpc-${index}`)),
    )
    const { Results, NextToken } = await select(good)
    expect(Results?.length).toBe(25)
    expect(Results?.[0]).toBe('{"resourceId":"vpc-0","configuration":{"Name":"vpc-0"}}')
    expect(NextToken).toBeDefined()
  })
  it('with the lone entry of a list of IAM, words of EC2 wrapped, tags as a list and whole numbers as floats', async () => {
    fillConfig(fake, [
      plainItem('AWS::IAM::Role', 'AROA1', {
        awsRegion: 'global',
        configuration: { rolePolicyList: [{ policyName: 'a' }] },
      }),
      plainItem('AWS::EC2::Subnet', 's', {
        configuration: { state: 'available', count: 3, share: 0.5 },
        tags: { a: 'b' },
      }),
    ])
    const row = async (type: string) =>
      (await select(`SELECT configuration, tags WHERE resourceType = '${type}'`)).Results?.[0]
    expect(await row('AWS::IAM::Role')).toBe('{"tags":[],"configuration":{"rolePolicyList":{"policyName":"a"}}}')
    expect(await row('AWS::EC2::Subnet')).toBe(
      '{"tags":[{"tag":"a=b","key":"a","value":"b"}],"configuration":{"state":{"value":"available"},"count":3.0,"share":0.5}}',
    )
  })
})
