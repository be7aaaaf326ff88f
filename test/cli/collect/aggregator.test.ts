import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readThroughAggregator } from '../../../cli/collect/aggregator.ts'
import type { CollectPlan } from '../../../cli/collect/collect-plan.ts'
import type { EstateReader } from '../../../shared/sources/estate/reader.ts'
import { fillConfig, plainItem, readerOf } from '../../sources/config-query/account.ts'
import type { FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

const repositoryType = 'AWS::ECR::Repository'
const [one, two] = ['111122223333', '444455556666'] as const
const [frankfurt, ireland] = ['eu-central-1', 'eu-west-1'] as const

let fake: FakeAws
let config: FakeConfig
beforeEach(async () => {
  fake = await startFakeAws(one, frankfurt)
  config = fillConfig(fake)
  const source = (SourceId: string, AwsRegion: string) => ({
    SourceType: 'ACCOUNT',
    SourceId,
    AwsRegion,
    LastUpdateStatus: 'SUCCEEDED',
  })
  config.aggregators.set('all', [source(one, frankfurt), source(two, frankfurt), source(two, ireland)])
  for (const [accountId, awsRegion] of [
    [one, frankfurt],
    [two, frankfurt],
    [two, ireland],
  ] as const) {
    const arn = `arn:aws:ecr:${awsRegion}:${accountId}:repository/app`
    config.items.push(plainItem(repositoryType, 'app', { accountId, awsRegion, arn }))
  }
})
afterEach(() => fake.close())

const plan: CollectPlan = {
  scope: { kind: 'account' },
  regions: { kind: 'all' },
  choice: { types: new Set([repositoryType]), images: false, config: true },
  aggregator: 'all',
}

function stranger(accountId: string, region: string) {
  const reason = `the aggregator does not collect from account ${accountId} in ${region}`
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}

/** Account, region, statuses and ids of each scope. */
async function told(asked: CollectPlan) {
  const { client, ...reader } = readerOf(fake)
  const { scopes, rows } = await readThroughAggregator(
    { ...reader, clients: { config: client } } as unknown as EstateReader,
    asked,
  )
  const texts = scopes.map(({ accountId, region, reading }) =>
    [
      accountId,
      region,
      ...reading.coverage.map(({ status }) => status),
      ...reading.items.map(({ resourceId }) => resourceId),
    ].join(' '),
  )
  return { texts, rows }
}

describe('an aggregator', () => {
  test('tells of every account and region it has', async () => {
    expect(await told(plan)).toEqual({
      texts: [`${one} ${frankfurt} known app`, `${two} ${frankfurt} known app`, `${two} ${ireland} known app`],
      rows: [],
    })
  })

  test('tells of the regions that are wanted', async () => {
    const { texts } = await told({ ...plan, regions: { kind: 'named', names: [ireland] } })
    expect(texts).toEqual([`${two} ${ireland} known app`])
  })

  test('names a region that was asked for and that it does not collect from an account', async () => {
    const { rows } = await told({ ...plan, regions: { kind: 'named', names: [ireland, 'us-east-1'] } })
    expect(rows).toEqual([stranger(one, ireland), stranger(one, 'us-east-1'), stranger(two, 'us-east-1')])
  })

  test('of roles alone has nothing to say of regions', async () => {
    const roles = { ...plan, choice: { ...plan.choice, types: new Set(['AWS::IAM::Role']) } }
    const { rows } = await told({ ...roles, regions: { kind: 'named', names: [ireland] } })
    expect(rows).toEqual([])
  })

  test('names an account that was asked for and that it does not collect from', async () => {
    const scope = { kind: 'organization', roleName: 'r', accounts: [one, '999999999999'] } as const
    expect(await told({ ...plan, scope })).toEqual({
      texts: [`${one} ${frankfurt} known app`],
      rows: [stranger('999999999999', '*')],
    })
  })

  test('without any source covers nothing', async () => {
    config.aggregators.set('none', [])
    const { texts, rows } = await told({ ...plan, aggregator: 'none' })
    expect(texts).toEqual([])
    expect(rows).toEqual([{ ...stranger(one, '*'), reason: 'aggregator none: has no sources' }])
  })

  test('tells of the accounts that are wanted', async () => {
    const scope = { kind: 'organization', roleName: 'r', accounts: [one] } as const
    expect((await told({ ...plan, scope })).texts).toEqual([`${one} ${frankfurt} known app`])
  })

  test('that is not there is a usage error', async () => {
    await expect(told({ ...plan, aggregator: 'none' })).rejects.toThrow(
      '--aggregator: none: eu-central-1 has no such aggregator',
    )
  })

  test('that cannot be asked covers nothing', async () => {
    fake.state.plan = () => ({ error: 'AccessDeniedException' })
    const { texts, rows } = await told(plan)
    expect(texts).toEqual([])
    expect(rows).toEqual([
      {
        accountId: one,
        region: '*',
        resourceType: '*',
        status: 'unknown',
        reason: expect.stringMatching(/^aggregator all: config:\w+ failed with AccessDeniedException$/),
      },
    ])
  })
})
