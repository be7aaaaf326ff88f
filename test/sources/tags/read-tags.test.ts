import { afterEach, beforeEach, expect, it } from 'vitest'
import { permissions } from '../../../shared/sources/tags/permissions.ts'
import { readTags } from '../../../shared/sources/tags/read-tags.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { askedForTags, type FakeTags, serveTags, taggingClient } from '../../support/fake-aws/tagging.ts'

let fake: FakeAws
const tags: FakeTags = new Map()
beforeEach(async () => {
  fake = await startFakeAws()
  tags.clear()
  serveTags(fake, tags)
})
afterEach(() => fake.close())

const arnOf = (name: string | number) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`
const arnsOf = (count: number) => Array.from({ length: count }, (_, n) => arnOf(n))
const place = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
const readWithin = (callTimeout: number, ...arns: readonly string[]) =>
  readTags({ ...place, client: taggingClient(fake), callTimeout }, arns)
const read = (...arns: readonly string[]) => readWithin(10_000, ...arns)

it('are those of each resource, none for one that never had any or has lost them', async () => {
  tags.set(arnOf('a'), { stage: 'sandbox', team: '' }).set(arnOf('lost'), {}).set(arnOf('not-asked'), { stage: 'x' })
  expect(await read(arnOf('a'), arnOf('lost'), arnOf('never'))).toEqual({
    tags: new Map([
      [
        arnOf('a'),
        new Map([
          ['stage', 'sandbox'],
          ['team', ''],
        ]),
      ],
      [arnOf('lost'), new Map()],
      [arnOf('never'), new Map()],
    ]),
  })
})

it('take no call when nothing is asked', async () => {
  expect(await read()).toEqual({ tags: new Map() })
  expect(fake.calls).toEqual([])
})

it('are asked for a hundred at a time, each resource once', async () => {
  const arns = arnsOf(250)
  for (const arn of arns) tags.set(arn, { n: arn })
  const found = await read(...arns, arnOf(0), arnOf(249))
  expect(found.tags).toEqual(new Map(arns.map((arn) => [arn, new Map([['n', arn]])])))
  expect(found.failure).toBeUndefined()
  expect(askedForTags(fake)).toEqual([arns.slice(0, 100), arns.slice(100, 200), arns.slice(200)])
})

it('the action is the one that is permitted', async () => {
  await read(arnOf('a'))
  expect(fake.calls.map(({ service, operation }) => `${service}:${operation}`)).toEqual(
    permissions.map(({ action }) => action),
  )
})

const mapping = { ResourceARN: arnOf('a'), Tags: [{ Key: 'k', Value: 'v' }] }
const answering = (...list: readonly object[]): Fault => ({ answer: { ResourceTagMappingList: list } })
it.each<[string, Fault, string, string]>([
  ['it is denied', { error: 'AccessDeniedException' }, 'AccessDeniedException', 'lasting'],
  ['the service is throttled', { error: 'ThrottledException' }, 'ThrottledException', 'passing'],
  ['the service fails', { error: 'InternalServiceException', status: 500 }, 'InternalServiceException', 'passing'],
  ['the answer is empty', { answer: {} }, 'MalformedAnswer', 'passing'],
  [
    'the answer goes on',
    { answer: { PaginationToken: 'more', ResourceTagMappingList: [mapping] } },
    'MalformedAnswer',
    'passing',
  ],
  ['it tells of another resource', answering({ ...mapping, ResourceARN: arnOf('b') }), 'MalformedAnswer', 'passing'],
  ['an entry has no ARN', answering({ Tags: [] }), 'MalformedAnswer', 'passing'],
  ['an entry has no tags', answering({ ResourceARN: arnOf('a') }), 'MalformedAnswer', 'passing'],
  ['a tag has no key', answering({ ...mapping, Tags: [{ Value: 'v' }] }), 'MalformedAnswer', 'passing'],
])('are not known when %s', async (_, fault, error, transience) => {
  fake.state.plan = () => fault
  expect(await read(arnOf('a'))).toEqual({
    tags: new Map(),
    failure: { reason: `tag:GetResources failed with ${error}`, transience },
  })
})

it('are not known when nothing answers', async () => {
  fake.state.plan = () => ({ hang: true })
  expect((await readWithin(300, arnOf('a'))).failure).toEqual({
    reason: 'tag:GetResources failed with AbortError',
    transience: 'passing',
  })
})

it('stay known when a later call fails, and no other call is made after it', async () => {
  fake.state.plan = (_, n) => (n > 1 ? { error: 'AccessDeniedException' } : undefined)
  const { tags: found, failure } = await read(...arnsOf(250))
  expect([...found.keys()]).toEqual(arnsOf(100))
  expect(failure?.reason).toBe('tag:GetResources failed with AccessDeniedException')
  expect(askedForTags(fake)).toHaveLength(2)
})

const oddArn = (n: number) => `arn:aws:ecr:eu-central-1:111122223333:odd${n}`
const refused = { reason: 'tag:GetResources failed with InvalidParameterException', transience: 'lasting' }

it('of all others are known when the service takes some of the ARNs for none', async () => {
  const arns = arnsOf(250)
  for (const arn of arns) tags.set(arn, { n: arn })
  const mixed = arns.toSpliced(3, 0, oddArn(0)).toSpliced(50, 0, oddArn(1)).toSpliced(170, 0, oddArn(2))
  const { tags: found, failure } = await read(...mixed)
  expect(found).toEqual(new Map(arns.map((arn) => [arn, new Map([['n', arn]])])))
  expect(failure).toEqual(refused)
  expect(askedForTags(fake).length).toBeLessThan(45)
})

it('are asked for only so often when the service refuses everything', async () => {
  fake.state.plan = () => ({ error: 'InvalidParameterException' })
  expect(await read(...arnsOf(1_000))).toEqual({ tags: new Map(), failure: refused })
  expect(askedForTags(fake).length).toBeLessThan(50)
})

it('of all others are known when the service takes a whole kind of ARNs for none', async () => {
  const [few, many] = [arnsOf(60), arnsOf(300).slice(100)]
  const odd = Array.from({ length: 40 }, (_, n) => oddArn(n))
  const { tags: found, failure } = await read(...few, ...odd, ...many)
  expect([...found.keys()].filter((arn) => many.includes(arn))).toHaveLength(200)
  expect([...found.keys()].filter((arn) => odd.includes(arn))).toEqual([])
  expect(failure).toEqual(refused)
})

it('tell of a failure that passes rather than of an ARN that is not taken', async () => {
  fake.state.plan = (_, n) => (n > 1 ? { error: 'ThrottledException' } : undefined)
  expect((await read(oddArn(0), ...arnsOf(120))).failure).toEqual({
    reason: 'tag:GetResources failed with ThrottledException',
    transience: 'passing',
  })
})
