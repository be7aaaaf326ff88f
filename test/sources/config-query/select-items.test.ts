import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { permissions } from '../../../shared/sources/config-query/permissions.ts'
import { readAggregator } from '../../../shared/sources/config-query/read-aggregator.ts'
import { recordedTypes } from '../../../shared/sources/config-query/recorder.ts'
import { selectItems } from '../../../shared/sources/config-query/select-items.ts'
import type { FakeConfig } from '../../support/fake-aws/config-query.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'
import { fillConfig, plainItem, readerOf } from './account.ts'

const TYPE = 'AWS::ECR::Repository'
const scope = { accountId: '111122223333', region: 'eu-central-1', resourceType: TYPE }
const everything = () => true

let fake: FakeAws
let config: FakeConfig
beforeEach(async () => {
  fake = await startFakeAws()
  config = fillConfig(fake)
})
afterEach(() => fake.close())

const many = (count: number, type = TYPE) => Array.from({ length: count }, (_, index) => plainItem(type, `r${index}`))
const select = (type = TYPE, timeout?: number) => selectItems(readerOf(fake, timeout), type, everything)
const failing = (operation: string, fault: Fault, from = 1) => {
  fake.state.plan = (called, n) => (called === operation && n >= from ? fault : undefined)
}
const calls = (operation: string) => fake.calls.filter((call) => call.operation === operation)
const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
const unknownBecause = (reason: string) => [{ ...scope, status: 'unknown', reason }]

describe('A type that is recorded', () => {
  it('is known when the listing names what the query returned', async () => {
    config.items.push(...many(3))
    const reading = await select()
    expect(reading.coverage).toEqual([{ ...scope, status: 'known' }])
    expect(reading.gaps).toEqual([])
    expect(reading.missing).toEqual([])
    expect(reading.items).toEqual(many(3))
  })
  it('is known to be without resources when query and listing are both empty', async () => {
    expect(await select()).toEqual({ items: [], coverage: [{ ...scope, status: 'known' }], gaps: [], missing: [] })
  })
  it('keeps the time at which AWS Config captured an item', async () => {
    config.items.push(plainItem(TYPE, 'app', { configurationItemCaptureTime: '2025-12-24T18:00:00.123Z' }))
    const [item] = (await select()).items
    expect(item?.configurationItemCaptureTime).toBe('2025-12-24T18:00:00.123Z')
  })
  it('is asked for in pages of a hundred', async () => {
    config.items.push(...many(250))
    const reading = await select()
    expect(reading.items.length).toBe(250)
    expect(calls('SelectResourceConfig').map(({ body }) => body.Limit)).toEqual([100, 100, 100])
    expect(calls('ListDiscoveredResources').map(({ body }) => body.limit)).toEqual([100, 100, 100])
  })
  it('is known when revisions share an id and differ in name', async () => {
    const type = 'AWS::ECS::TaskDefinition'
    const revision = (n: number) => plainItem(type, 'web', { resourceName: `web:${n}`, arn: `arn:aws:ecs:::web:${n}` })
    config.items.push(revision(1), revision(2))
    expect(await select(type)).toMatchObject({ coverage: [{ status: 'known' }], items: [{}, {}] })
  })
})

describe('B9/B10: a listing that is shorter than AWS Config says', () => {
  it('leaves the type unknown and names what the query left out', async () => {
    config.items.push(...many(3))
    config.forgotten.add('r1')
    const reading = await select()
    expect(reading.coverage).toEqual(unknownBecause(`AWS Config lists 1 ${TYPE} it does not return`))
    expect(reading.gaps).toEqual([
      { resourceType: TYPE, reason: `AWS Config lists 1 ${TYPE} it does not return`, transience: 'passing' },
    ])
    expect(reading.missing).toEqual([{ id: 'r1', name: 'r1' }])
    expect(reading.items.map((item) => item.resourceId)).toEqual(['r0', 'r2'])
  })
  it('leaves the type unknown when the query returns nothing of it at all', async () => {
    const type = 'AWS::ECS::Service'
    config.items.push(...many(2, type))
    config.forgotten.add('r0').add('r1')
    const reading = await select(type)
    expect(reading.coverage).toMatchObject([
      { status: 'unknown', reason: `AWS Config lists 2 ${type} it does not return` },
    ])
    expect(reading.missing.map(({ id }) => id)).toEqual(['r0', 'r1'])
  })
  it('leaves the type unknown when one revision of a shared id is left out', async () => {
    const type = 'AWS::ECS::TaskDefinition'
    config.items.push(plainItem(type, 'web', { resourceName: 'web:2' }))
    fake.state.services.set('config:ListDiscoveredResources', () => ({
      resourceIdentifiers: ['web:1', 'web:2'].map((resourceName) => ({
        resourceType: type,
        resourceId: 'web',
        resourceName,
      })),
    }))
    expect((await select(type)).missing).toEqual([{ id: 'web', name: 'web:1' }])
  })
  it('leaves the type unknown when the listing itself is the shorter one', async () => {
    config.items.push(...many(2))
    config.unlisted.add('r0')
    const reading = await select()
    expect(reading.coverage).toEqual(unknownBecause(`AWS Config returns 1 ${TYPE} it does not list`))
    expect(reading.items.length).toBe(2)
  })
  it('counts a row without a configuration as left out', async () => {
    config.items.push(plainItem(TYPE, 'app', { configuration: null }))
    const reading = await select()
    expect(reading).toMatchObject({ items: [], missing: [{ id: 'app' }], coverage: [{ status: 'unknown' }] })
  })
  it('never takes an empty answer for an account without roles', async () => {
    expect((await select('AWS::IAM::Role')).coverage).toEqual([
      {
        accountId: '111122223333',
        region: 'global',
        resourceType: 'AWS::IAM::Role',
        status: 'unknown',
        reason: 'AWS Config returns no AWS::IAM::Role: another region may record it',
      },
    ])
  })
})

describe('B8: paging', () => {
  const row = (id: string) => JSON.stringify(plainItem(TYPE, id))
  const pages = (answer: (n: number) => unknown) => {
    let n = 0
    fake.state.services.set('config:SelectResourceConfig', () => answer(++n))
  }
  it('goes on after an empty page with a token', async () => {
    config.items.push(plainItem(TYPE, 'app'))
    pages((n) => (n === 1 ? { Results: [], NextToken: 'a' } : { Results: [row('app')] }))
    expect(await select()).toMatchObject({ coverage: [{ status: 'known' }], items: [{ resourceId: 'app' }] })
  })
  it('stops at a token that repeats', async () => {
    pages(() => ({ Results: [row('app')], NextToken: 'a' }))
    const reading = await select()
    expect(reading).toMatchObject({
      items: [],
      coverage: unknownBecause('config:SelectResourceConfig failed with MalformedAnswer'),
    })
    expect(calls('SelectResourceConfig').length).toBe(2)
  })
  it('ends a listing that never ends', async () => {
    pages((n) => ({ Results: [], NextToken: String(n) }))
    expect((await select()).coverage).toEqual(unknownBecause('config:SelectResourceConfig failed with MalformedAnswer'))
    expect(calls('SelectResourceConfig').length).toBe(1_000)
  })
  it('takes a token that is no text for malformed', async () => {
    pages(() => ({ Results: [], NextToken: 7 }))
    expect((await select()).coverage[0]?.status).toBe('unknown')
  })
  it('takes a repeating token of the confirming listing for no confirmation', async () => {
    config.items.push(plainItem(TYPE, 'app'))
    failing('ListDiscoveredResources', { answer: { resourceIdentifiers: [], nextToken: 'a' } })
    const reading = await select()
    expect(reading.coverage).toEqual(unknownBecause('config:ListDiscoveredResources failed with MalformedAnswer'))
    expect(reading.items.length).toBe(1)
  })
  it('leaves the whole type unknown when the second page fails', async () => {
    config.items.push(...many(150))
    failing('SelectResourceConfig', { error: 'ThrottlingException' }, 2)
    expect(await select()).toMatchObject({
      items: [],
      gaps: [{ transience: 'passing' }],
      coverage: [{ status: 'unknown' }],
    })
  })
})

describe('A call that fails', () => {
  it.each(faults)('leaves the type unknown when the query answers with %s', async (_, fault) => {
    config.items.push(...many(2))
    failing('SelectResourceConfig', fault)
    const reading = await select(TYPE, 'hang' in fault ? 100 : undefined)
    expect(reading).toMatchObject({ items: [], missing: [], coverage: [{ ...scope, status: 'unknown' }] })
    expect(reading.gaps.length).toBe(1)
  })
  it.each(faults)('leaves the type unknown when the listing answers with %s', async (_, fault) => {
    config.items.push(...many(2))
    failing('ListDiscoveredResources', fault)
    const reading = await select(TYPE, 'hang' in fault ? 200 : undefined)
    expect(reading).toMatchObject({ missing: [], coverage: [{ ...scope, status: 'unknown' }] })
    expect(reading.items.length).toBe(2)
  })
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['another type', JSON.stringify(plainItem('AWS::ECS::Service', 'app'))],
    ['another account', JSON.stringify(plainItem(TYPE, 'app', { accountId: '999999999999' }))],
    ['another region', JSON.stringify(plainItem(TYPE, 'app', { awsRegion: 'us-east-1' }))],
    ['no id', JSON.stringify(plainItem(TYPE, ''))],
    ['no capture time', JSON.stringify(plainItem(TYPE, 'app', { configurationItemCaptureTime: null }))],
    [
      'a hundred thousand levels',
      JSON.stringify(plainItem(TYPE, 'app', { configuration: 0 })).replace(
        '"configuration":0',
        `"configuration":${deep}`,
      ),
    ],
    [
      'a configuration text of a hundred thousand levels',
      JSON.stringify(plainItem(TYPE, 'app', { configuration: deep })),
    ],
  ])('takes a row of %s for malformed', async (_, text) => {
    failing('SelectResourceConfig', { answer: { Results: [text] } })
    expect((await select()).coverage).toEqual(unknownBecause('config:SelectResourceConfig failed with MalformedAnswer'))
  })
})

describe('A type that cannot be asked for', () => {
  it('is unknown without a call when it is not recorded', async () => {
    const reading = await selectItems(readerOf(fake), TYPE, () => false)
    expect(reading.coverage).toEqual(unknownBecause(`AWS Config does not record ${TYPE} as it changes`))
    expect(fake.calls).toEqual([])
  })
  it('is unknown without a call when AWS Config cannot record it', async () => {
    const reading = await select('AWS::EKS::Nodegroup')
    expect(reading.gaps).toEqual([
      {
        resourceType: 'AWS::EKS::Nodegroup',
        reason: 'AWS Config cannot be asked for AWS::EKS::Nodegroup',
        transience: 'lasting',
      },
    ])
    expect(fake.calls).toEqual([])
  })
})

it('AWS Config: every call has a permission and every permission a call', async () => {
  config.items.push(plainItem(TYPE, 'app'), plainItem(TYPE, 'other'))
  config.forgotten.add('app')
  config.aggregators.set('all', [
    { SourceType: 'ACCOUNT', SourceId: '111122223333', AwsRegion: 'eu-central-1', LastUpdateStatus: 'SUCCEEDED' },
  ])
  await recordedTypes(readerOf(fake))
  await select()
  await readAggregator(readerOf(fake), 'all', [TYPE])
  expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
})
