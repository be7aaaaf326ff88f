import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import type { Scope } from '../../../shared/model/resource.ts'
import { readAggregator } from '../../../shared/sources/config-query/read-aggregator.ts'
import type { FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { fillConfig, plainItem, readerOf } from './account.ts'

const TYPE = 'AWS::ECR::Repository'
const [one, two] = ['111122223333', '444455556666']
const [frankfurt, ireland] = ['eu-central-1', 'eu-west-1']

let fake: FakeAws
let config: FakeConfig
beforeEach(async () => {
  fake = await startFakeAws()
  config = fillConfig(fake)
  config.aggregators.set('all', [source(one, frankfurt), source(one, ireland), source(two, frankfurt)])
})
afterEach(() => fake.close())

const source = (SourceId: string, AwsRegion: string, LastUpdateStatus = 'SUCCEEDED', LastErrorCode?: string) => ({
  SourceType: 'ACCOUNT',
  SourceId,
  AwsRegion,
  LastUpdateStatus,
  LastErrorCode,
})
const item = (accountId: string, awsRegion: string, id: string, type = TYPE, more: Partial<JsonObject> = {}) =>
  plainItem(type, id, { accountId, awsRegion, arn: `arn:aws:test:${awsRegion}:${accountId}:${id}`, ...more })
const recorder = (accountId: string, awsRegion: string, configuration: JsonObject = {}) =>
  item(accountId, awsRegion, 'default', 'AWS::Config::ConfigurationRecorder', {
    configuration: {
      Name: 'default',
      Recording: true,
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
      RecordingMode: { RecordingFrequency: 'CONTINUOUS' },
      ...configuration,
    },
  })
const recordersOn = () => config.items.push(recorder(one, frankfurt), recorder(one, ireland), recorder(two, frankfurt))

const read = async (types = [TYPE], wanted?: readonly Scope[], timeout?: number) => {
  const answer = await readAggregator(readerOf(fake, timeout), 'all', types, wanted)
  if (answer.state !== 'known') throw new Error(`expected the aggregator: ${JSON.stringify(answer)}`)
  return answer.value
}
/** Account, region, known or the reason, and the ids of the items of each scope. */
const told = async (types = [TYPE], wanted?: readonly Scope[]) =>
  (await read(types, wanted)).scopes.map(({ accountId, region, reading }) => [
    accountId,
    region,
    ...reading.coverage.map(({ status, reason }) => reason ?? status),
    reading.items.map(({ resourceId }) => resourceId),
  ])
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const calls = (operation: string) => fake.calls.filter((call) => call.operation === operation).map(({ body }) => body)
const silent = `AWS Config returns no ${TYPE}, and nothing says that it records the type`

describe('An aggregator', () => {
  it('gives one reading for each account and region, each with its own items and rows', async () => {
    config.items.push(
      item(one, frankfurt, 'app'),
      item(one, ireland, 'app'),
      item(two, frankfurt, 'app'),
      item(two, frankfurt, 'db'),
    )
    const { scopes, incomplete } = await read()
    expect(incomplete).toBeUndefined()
    expect(
      scopes.map(({ accountId, region, reading }) => [accountId, region, reading.coverage, reading.items.length]),
    ).toEqual(
      [
        [one, frankfurt, 1],
        [one, ireland, 1],
        [two, frankfurt, 2],
      ].map(([accountId, region, count]) => [
        accountId,
        region,
        [{ accountId, region, resourceType: TYPE, status: 'known' }],
        count,
      ]),
    )
    expect(scopes[2]?.reading.items).toEqual([item(two, frankfurt, 'app'), item(two, frankfurt, 'db')])
  })
  it('proves absence only where a recorder is known to record the type', async () => {
    config.items.push(recorder(one, frankfurt), recorder(two, frankfurt, { Recording: false }))
    expect(await told()).toEqual([
      [one, frankfurt, 'known', []],
      [one, ireland, silent, []],
      [two, frankfurt, `no recorder of account ${two} in ${frankfurt} records ${TYPE}`, []],
    ])
  })
  it('does not vouch for items that no recorder keeps up to date', async () => {
    config.items.push(recorder(one, frankfurt, { Recording: false }), item(one, frankfurt, 'app'))
    const [first] = await told()
    expect(first).toEqual([one, frankfurt, `no recorder of account ${one} in ${frankfurt} records ${TYPE}`, ['app']])
  })
  it('pages through everything', async () => {
    config.items.push(...Array.from({ length: 230 }, (_, index) => item(two, frankfurt, `r${index}`)))
    config.aggregators
      .get('all')!
      .push(...Array.from({ length: 120 }, (_, index) => source(String(200_000_000_000 + index), ireland)))
    const { scopes } = await read()
    expect(scopes.length).toBe(123)
    expect(scopes.find(({ accountId }) => accountId === two)?.reading.items.length).toBe(230)
    expect(calls('SelectAggregateResourceConfig').every(({ Limit }) => Limit === 100)).toBe(true)
    expect(calls('DescribeConfigurationAggregatorSourcesStatus').length).toBe(2)
  })
  it('cannot tell of types that AWS Config does not record', async () => {
    recordersOn()
    expect((await told(['AWS::EKS::Nodegroup']))[0]).toEqual([
      one,
      frankfurt,
      'AWS Config cannot be asked for AWS::EKS::Nodegroup',
      [],
    ])
  })
  it('that does not exist is absent', async () => {
    expect(await readAggregator(readerOf(fake), 'none', [TYPE])).toEqual({ state: 'absent' })
  })
})

describe('A source', () => {
  it.each([
    ['FAILED', 'AccessDenied', `the aggregator's copy of ${one} ${frankfurt} is not updated: AccessDenied`],
    ['OUTDATED', undefined, `the aggregator's copy of ${one} ${frankfurt} is out of date`],
    ['OUTDATED', 'a <b>text</b>', `the aggregator's copy of ${one} ${frankfurt} is out of date`],
    ['NEW', undefined, `the aggregator's copy of ${one} ${frankfurt} is in an unknown state`],
  ])('that is %s leaves its scope unknown, and no other', async (status, code, reason) => {
    recordersOn()
    config.aggregators.set('all', [source(one, frankfurt, status, code), source(two, frankfurt)])
    expect(await told()).toEqual([
      [one, frankfurt, reason, []],
      [two, frankfurt, 'known', []],
    ])
  })
  it('of the organization that failed makes the list of sources incomplete', async () => {
    config.aggregators.get('all')!.push({ SourceType: 'ORGANIZATION', SourceId: 'o-1', LastUpdateStatus: 'FAILED' })
    expect((await read()).incomplete).toEqual({
      reason: "the aggregator's copy of the organization is not updated",
      transience: 'passing',
    })
  })
  it('with an id that is none is left out, and said to be', async () => {
    config.aggregators.set('all', [source("1' OR '1", frankfurt), source(one, frankfurt)])
    const { scopes, incomplete } = await read()
    expect(scopes.map(({ accountId }) => accountId)).toEqual([one])
    expect(incomplete?.reason).toBe('the aggregator has a source that is no account and region')
    expect(calls('SelectAggregateResourceConfig').filter(({ Expression }) => Expression.includes('OR'))).toEqual([])
  })
  it.each(faults)('list that %s leaves everything unread', async (_, fault) => {
    failing('DescribeConfigurationAggregatorSourcesStatus', fault)
    const answer = await readAggregator(readerOf(fake, 'hang' in fault ? 100 : undefined), 'all', [TYPE])
    expect(answer.state).toBe('unknown')
  })
})

describe('Wanted scopes', () => {
  it('limit what is asked for, and are unknown when they are no source', async () => {
    recordersOn()
    config.items.push(item(one, frankfurt, 'app'), item(two, frankfurt, 'db'))
    const wanted = [
      { accountId: two, region: frankfurt },
      { accountId: '999999999999', region: frankfurt },
      { accountId: two, region: ireland },
    ]
    expect(await told([TYPE], wanted)).toEqual([
      [two, frankfurt, 'known', ['db']],
      [two, ireland, `the aggregator does not collect from account ${two} in ${ireland}`, []],
      ['999999999999', frankfurt, `the aggregator does not collect from account 999999999999 in ${frankfurt}`, []],
    ])
    const [{ Expression }] = calls('SelectAggregateResourceConfig').slice(-1)
    expect(Expression).toContain(`accountId IN ('${two}') AND awsRegion IN ('${frankfurt}', 'global')`)
    expect(calls('ListAggregateDiscoveredResources').map(({ Filters }) => Filters)).toEqual([{ AccountId: two }])
  })
  it('that are all foreign are answered without a query', async () => {
    const foreign = [{ accountId: "1' OR '1", region: frankfurt }]
    expect((await told([TYPE], foreign))[0]?.[2]).toContain('does not collect from')
    expect(calls('SelectAggregateResourceConfig')).toEqual([])
  })
  it('of more accounts than one expression holds are asked for in several', async () => {
    const accounts = Array.from({ length: 230 }, (_, index) => String(200_000_000_000 + index))
    config.aggregators.set(
      'all',
      accounts.map((id) => source(id, frankfurt)),
    )
    config.items.push(...accounts.map((id) => item(id, frankfurt, 'app')))
    const wanted = accounts.map((accountId) => ({ accountId, region: frankfurt }))
    const { scopes } = await read([TYPE], wanted)
    expect(
      scopes.filter(({ reading }) => reading.items.length === 1 && reading.coverage[0]?.status === 'known').length,
    ).toBe(230)
  })
})

describe('What a query leaves out', () => {
  it('is fetched in a batch, of every account by itself', async () => {
    config.items.push(item(one, frankfurt, 'app'), item(two, frankfurt, 'app'))
    config.forgotten.add('app')
    expect(await told()).toEqual([
      [one, frankfurt, 'known', ['app']],
      [one, ireland, silent, []],
      [two, frankfurt, 'known', ['app']],
    ])
    expect(
      calls('BatchGetAggregateResourceConfig').map(({ ResourceIdentifiers }) => ResourceIdentifiers.length),
    ).toEqual([2])
  })
  it('is fetched a hundred at a time', async () => {
    config.items.push(...Array.from({ length: 150 }, (_, index) => item(one, frankfurt, `r${index}`)))
    for (let index = 0; index < 150; index++) config.forgotten.add(`r${index}`)
    expect((await read()).scopes[0]?.reading.items.length).toBe(150)
    expect(
      calls('BatchGetAggregateResourceConfig').map(({ ResourceIdentifiers }) => ResourceIdentifiers.length),
    ).toEqual([100, 50])
  })
  it('and no batch brings leaves the type unknown and is named', async () => {
    config.items.push(item(one, frankfurt, 'app'), item(one, frankfurt, 'db'), item(two, frankfurt, 'db'))
    config.forgotten.add('app')
    config.unprocessed.add('app')
    const { scopes } = await read()
    expect(scopes[0]?.reading).toMatchObject({
      coverage: [{ status: 'unknown', reason: `AWS Config lists 1 ${TYPE} it does not return` }],
      missing: [{ id: 'app', name: 'app' }],
      items: [{ resourceId: 'db' }],
    })
    expect(scopes[2]?.reading.coverage[0]?.status).toBe('known')
  })
  it('because it was deleted is gone in its own account only', async () => {
    config.items.push(item(one, frankfurt, 'app'), item(two, frankfurt, 'app'))
    config.forgotten.add('app')
    config.deleted.add(`${two} app`)
    recordersOn()
    expect(await told()).toEqual([
      [one, frankfurt, 'known', ['app']],
      [one, ireland, 'known', []],
      [two, frankfurt, 'known', []],
    ])
  })
  it.each(faults)('stays unknown when the batch %s', async (_, fault) => {
    config.items.push(item(one, frankfurt, 'app'))
    config.forgotten.add('app')
    failing('BatchGetAggregateResourceConfig', fault)
    const { scopes } = await read([TYPE], undefined, 'hang' in fault ? 200 : undefined)
    expect(scopes[0]?.reading.coverage[0]).toMatchObject({
      status: 'unknown',
      reason: `AWS Config lists 1 ${TYPE} it does not return`,
    })
  })
})

describe('A call that fails', () => {
  it.each(faults)('leaves the type unknown everywhere when the query %s', async (_, fault) => {
    config.items.push(item(one, frankfurt, 'app'))
    failing('SelectAggregateResourceConfig', fault)
    const { scopes } = await read([TYPE], undefined, 'hang' in fault ? 100 : undefined)
    expect(scopes.map(({ reading }) => [reading.coverage[0]?.status, reading.gaps.length])).toEqual(
      Array(3).fill(['unknown', 1]),
    )
  })
  it('leaves the other types known', async () => {
    recordersOn()
    fake.state.plan = (_, __, body) =>
      String(body.Expression).includes('AWS::ECS::Service') ? { error: 'AccessDeniedException' } : undefined
    const { scopes } = await read([TYPE, 'AWS::ECS::Service'])
    expect(scopes[0]?.reading.coverage).toEqual([
      { accountId: one, region: frankfurt, resourceType: TYPE, status: 'known' },
      {
        accountId: one,
        region: frankfurt,
        resourceType: 'AWS::ECS::Service',
        status: 'unknown',
        reason: 'config:SelectAggregateResourceConfig failed with AccessDeniedException',
      },
    ])
  })
  it.each(faults)('leaves the type unknown, with its items, when the listing %s', async (_, fault) => {
    config.items.push(item(one, frankfurt, 'app'))
    failing('ListAggregateDiscoveredResources', fault)
    const { scopes } = await read([TYPE], undefined, 'hang' in fault ? 200 : undefined)
    expect(scopes[0]?.reading).toMatchObject({
      coverage: [{ status: 'unknown' }],
      items: [{ resourceId: 'app' }],
      missing: [],
    })
  })
})

describe('Types of the account', () => {
  const role = (accountId: string, id: string, more: Partial<JsonObject> = {}) =>
    item(accountId, 'global', id, 'AWS::IAM::Role', more)
  it('have a reading of their own with the region global', async () => {
    config.items.push(role(one, 'AROA1'), role(two, 'AROA2'))
    expect(await told(['AWS::IAM::Role'])).toEqual([
      [one, 'global', 'known', ['AROA1']],
      [two, 'global', 'known', ['AROA2']],
    ])
  })
  it('are one item when several regions record them: the newest', async () => {
    const later = { configurationItemCaptureTime: '2026-02-09T00:00:00.000Z' }
    config.items.push(role(one, 'AROA1', later), role(one, 'AROA1'))
    const { scopes } = await read(['AWS::IAM::Role'])
    expect(scopes[0]?.reading.items).toEqual([role(one, 'AROA1', later)])
    expect(scopes[0]?.reading.coverage[0]?.status).toBe('known')
  })
  it('are fetched once when several regions list what a query leaves out', async () => {
    config.items.push(role(one, 'AROA1'), role(one, 'AROA1'))
    config.forgotten.add('AROA1')
    expect((await told(['AWS::IAM::Role']))[0]).toEqual([one, 'global', 'known', ['AROA1']])
    expect(calls('BatchGetAggregateResourceConfig')[0].ResourceIdentifiers.length).toBe(1)
  })
  it('are unknown when there are none: every account has roles', async () => {
    recordersOn()
    expect((await told(['AWS::IAM::Role'])).map(([, , why]) => why)).toEqual(
      Array(2).fill('AWS Config returns no AWS::IAM::Role: another region may record it'),
    )
  })
  it('are unknown when the one source that records them is out of date', async () => {
    config.aggregators.set('all', [source(one, frankfurt), source(one, ireland, 'OUTDATED')])
    config.items.push(
      role(one, 'AROA1'),
      recorder(one, frankfurt, { RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: false } }),
      recorder(one, ireland),
    )
    expect(await told(['AWS::IAM::Role'])).toEqual([
      [one, 'global', `the aggregator's copy of ${one} ${ireland} is out of date`, ['AROA1']],
    ])
  })
})
