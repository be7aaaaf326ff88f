import { afterEach, beforeEach, expect, it } from 'vitest'
import { mayCarryTags } from '../../../shared/engine/exception-match.ts'
import { unreadTags } from '../../../shared/inventory/unread-tags.ts'
import { type JsonObject, ownObject } from '../../../shared/model/json.ts'
import { judgedTypes } from '../../../shared/rules/define-rule.ts'
import { rules } from '../../../shared/rules/index.ts'
import { covered, type Reading, rawItem } from '../../../shared/sources/reading.ts'
import { tagTypes } from '../../../shared/sources/tags/tag-types.ts'
import { withTags } from '../../../shared/sources/tags/with-tags.ts'
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

const place = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
const repositoryType = 'AWS::ECR::Repository'
const arnOf = (name: string | number) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`
const repository = (name: string | number) => rawItem(place, repositoryType, { id: String(name), arn: arnOf(name) }, {})
const readingOf = (...items: readonly JsonObject[]): Reading => ({
  ...{ items, coverage: [covered(place, repositoryType)], gaps: [] },
})
const read = (...items: readonly JsonObject[]) =>
  withTags({ ...place, client: taggingClient(fake) }, readingOf(...items))
const tagsOf = ({ items }: Reading) => items.map((item) => item.tags)
const unreadOf = ({ items }: Reading) =>
  items.map((item) => unreadTags(ownObject(item, 'supplementaryConfiguration') ?? {}))

it('are asked for of every type that rules judge and that can carry some, but of roles, which IAM lists with theirs', () => {
  const judged = new Set<string>(rules.flatMap(judgedTypes).filter(mayCarryTags))
  expect(judged.delete('AWS::IAM::Role')).toBe(true)
  expect([...tagTypes].sort()).toEqual([...judged].sort())
})

it('are written as AWS Config writes them, and nothing else about the reading changes', async () => {
  tags.set(arnOf('app'), { stage: 'sandbox', 'a b': '' })
  const before = readingOf(repository('app'), repository('bare'))
  const { items, ...rest } = await read(...before.items)
  expect(items).toEqual([{ ...repository('app'), tags: { stage: 'sandbox', 'a b': '' } }, repository('bare')])
  expect(rest).toEqual({ coverage: before.coverage, gaps: [] })
})

it('are asked for of the types that are named alone', async () => {
  const vpc = rawItem(
    place,
    'AWS::EC2::VPC',
    { id: 'vpc-1', arn: 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1' },
    {},
  )
  const reading = readingOf(vpc, repository('app'))
  const { items } = await withTags({ ...place, client: taggingClient(fake) }, reading, new Set([repositoryType]))
  expect(askedForTags(fake)).toEqual([[arnOf('app')]])
  expect(items[0]).toBe(vpc)
})

it('keep a key that objects have a meaning for', async () => {
  fake.state.services.set('tag', () => ({
    ResourceTagMappingList: [{ ResourceARN: arnOf('app'), Tags: [{ Key: '__proto__', Value: 'x' }] }],
  }))
  const [item] = (await read(repository('app'))).items
  expect(JSON.stringify(item?.tags)).toBe('{"__proto__":"x"}')
})

it('are asked for a hundred at a time, of nothing that has none or whose own account has to be asked', async () => {
  const own = Array.from({ length: 150 }, (_, n) => repository(n))
  const lent = rawItem(
    place,
    'AWS::EC2::VPC',
    { id: 'vpc-1', arn: 'arn:aws:ec2:eu-central-1:444455556666:vpc/vpc-1' },
    {},
  )
  const endpoint = rawItem(place, 'AWS::EC2::VPCEndpoint', { id: 'vpce-1', arn: 'arn:aws:ec2:::vpce-1' }, {})
  const reading = await read(...own, lent, endpoint)
  expect(askedForTags(fake).map(({ length }) => length)).toEqual([100, 50])
  expect(unreadOf(reading).slice(-2)).toEqual([
    { reason: 'only its own account can read them', transience: 'lasting' },
    undefined,
  ])
})

it('of what AWS Config recorded are those it recorded', async () => {
  const recorded = { ...repository('app'), configurationItemCaptureTime: '2026-02-01T00:00:00.000Z', tags: { a: 'b' } }
  tags.set(arnOf('app'), { stage: 'sandbox' })
  expect(tagsOf(await read(recorded))).toEqual([{ a: 'b' }])
  expect(fake.calls).toEqual([])
})

it.each<readonly [string, Fault, object]>([
  [
    'refused',
    { error: 'AccessDeniedException' },
    { reason: 'tag:GetResources failed with AccessDeniedException', transience: 'lasting' },
  ],
  [
    'throttled',
    { error: 'ThrottledException' },
    { reason: 'tag:GetResources failed with ThrottledException', transience: 'passing' },
  ],
])('that are %s leave everything as it is but a mark of why', async (_how, fault, why) => {
  fake.state.plan = () => fault
  const reading = await read(repository('a'), repository('b'))
  expect(unreadOf(reading)).toEqual([why, why])
  expect(tagsOf(reading)).toEqual([{}, {}])
  expect([reading.coverage, reading.gaps]).toEqual([[covered(place, repositoryType)], []])
  expect(fake.calls).toHaveLength(1)
})

it('that a later call fails to read leave those that were read', async () => {
  const items = Array.from({ length: 101 }, (_, n) => repository(n))
  for (let n = 0; n <= 100; n++) tags.set(arnOf(n), { n: String(n) })
  fake.state.plan = (_operation, n) => (n === 2 ? { error: 'AccessDeniedException' } : undefined)
  const reading = await read(...items)
  expect(tagsOf(reading)).toEqual([...Array.from({ length: 100 }, (_, n) => ({ n: String(n) })), {}])
  expect(unreadOf(reading).filter((one) => one !== undefined)).toHaveLength(1)
})

it('of what the account was lent are not among those that could not be read', async () => {
  const arn = 'arn:aws:ec2:eu-central-1:444455556666:vpc/vpc-1'
  const lent = rawItem(place, 'AWS::EC2::VPC', { id: 'vpc-1', arn }, {})
  fake.state.plan = () => ({ error: 'ThrottledException' })
  expect(unreadOf(await read(repository('a'), lent))).toEqual([
    { reason: 'tag:GetResources failed with ThrottledException', transience: 'passing' },
    { reason: 'only its own account can read them', transience: 'lasting' },
  ])
})
