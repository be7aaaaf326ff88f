import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listRepositories, readRepository } from '../../../shared/sources/ecr/repositories.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults, readerOf } from './reading.ts'

const arn = 'arn:aws:ecr:eu-central-1:111122223333:repository/team/app'
const lifecycle = '{"rules":[]}'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const namesOf = (items: readonly unknown[]) => items.map((item) => (item as { resourceId: string }).resourceId)

describe('readRepository', () => {
  it('gives the item AWS Config would write', async () => {
    fake.state.repositories.set('team/app', '{"Statement":[]}')
    fake.state.lifecyclePolicies.set('team/app', lifecycle)
    expect(await readRepository(readerOf(fake), 'team/app')).toEqual({
      state: 'present',
      gaps: [],
      item: {
        version: '1.3',
        accountId: '111122223333',
        awsRegion: 'eu-central-1',
        configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
        configurationItemStatus: 'OK',
        arn,
        resourceType: 'AWS::ECR::Repository',
        resourceId: 'team/app',
        resourceName: 'team/app',
        relationships: [],
        configuration: {
          Arn: arn,
          RepositoryName: 'team/app',
          ImageTagMutability: 'IMMUTABLE',
          ImageScanningConfiguration: { ScanOnPush: true },
          EncryptionConfiguration: { EncryptionType: 'AES256' },
          RepositoryPolicyText: '{"Statement":[]}',
          LifecyclePolicy: { LifecyclePolicyText: lifecycle, RegistryId: '111122223333' },
        },
        supplementaryConfiguration: {},
      },
    })
  })
  it('tells a repository without policies from one that is gone', async () => {
    fake.state.repositories.set('team/app', undefined)
    expect(await readRepository(readerOf(fake), 'team/app')).toMatchObject({
      state: 'present',
      gaps: [],
      item: { configuration: { RepositoryPolicyText: {}, LifecyclePolicy: {} } },
    })
    expect(await readRepository(readerOf(fake), 'team/other')).toEqual({ state: 'gone' })
  })
  it('takes a repository that disappears before its policy is read as gone', async () => {
    fake.state.repositories.set('team/app', undefined)
    failing('GetRepositoryPolicy', { error: 'RepositoryNotFoundException' })
    expect(await readRepository(readerOf(fake), 'team/app')).toEqual({ state: 'gone' })
  })
  it.each(faults)('is unknown when the description %s', async (_name, fault, error, transience) => {
    fake.state.repositories.set('team/app', undefined)
    failing('DescribeRepositories', fault)
    const reason = `ecr:DescribeRepositories failed with ${error}`
    expect(await readRepository(readerOf(fake, 'hang' in fault ? 100 : 5_000), 'team/app')).toEqual({
      state: 'unknown',
      gap: { resourceType: 'AWS::ECR::Repository', resourceArn: arn, reason, transience },
    })
  })
  it.each(
    faults.flatMap((fault) => [['GetRepositoryPolicy', ...fault] as const, ['GetLifecyclePolicy', ...fault] as const]),
  )('has a gap when %s %s', async (operation, _name, fault, error, transience) => {
    fake.state.repositories.set('team/app', '{}')
    failing(operation, fault)
    const reading = await readRepository(readerOf(fake, 'hang' in fault ? 100 : 5_000), 'team/app')
    const reason = `ecr:${operation} failed with ${error}`
    expect(reading).toMatchObject({ state: 'present', gaps: [{ resourceArn: arn, reason, transience }] })
  })
  it.each([
    ['another repository', { repositories: [{ repositoryName: 'other' }] }],
    ['two repositories', { repositories: [{ repositoryName: 'team/app' }, { repositoryName: 'other' }] }],
    ['no repository', { repositories: [] }],
    ['a text for a list', { repositories: 'team/app' }],
    ['nulls', { repositories: [null] }],
  ])('is unknown when the answer is about %s', async (_name, answer) => {
    failing('DescribeRepositories', { answer })
    expect(await readRepository(readerOf(fake), 'team/app')).toMatchObject({ state: 'unknown' })
  })
})

describe('listRepositories', () => {
  it('reads every page', async () => {
    for (let n = 0; n < 230; n++) fake.state.repositories.set(`r${n}`, undefined)
    const { items, coverage, gaps } = await listRepositories(readerOf(fake))
    expect(new Set(namesOf(items)).size).toBe(230)
    expect(gaps).toEqual([])
    expect(coverage).toEqual([
      { accountId: '111122223333', region: 'eu-central-1', resourceType: 'AWS::ECR::Repository', status: 'known' },
    ])
    const asked = fake.calls.filter((one) => one.operation === 'DescribeRepositories').map((one) => one.body)
    expect(asked).toEqual([
      { maxResults: 100 },
      { maxResults: 100, nextToken: '100' },
      { maxResults: 100, nextToken: '200' },
    ])
  })
  it('goes on over an empty page that carries a token', async () => {
    fake.state.repositories.set('last', undefined)
    fake.state.plan = (operation, n) =>
      operation === 'DescribeRepositories' && n === 1 ? { answer: { repositories: [], nextToken: '0' } } : undefined
    expect(namesOf((await listRepositories(readerOf(fake))).items)).toEqual(['last'])
  })
  it('leaves a repository out that is gone before its policy is read', async () => {
    fake.state.repositories.set('a', undefined).set('b', undefined)
    fake.state.plan = (operation, _n, body) =>
      operation === 'GetRepositoryPolicy' && body.repositoryName === 'a'
        ? { error: 'RepositoryNotFoundException' }
        : undefined
    const { items, gaps } = await listRepositories(readerOf(fake))
    expect([namesOf(items), gaps]).toEqual([['b'], []])
  })
  it.each([
    ...faults,
    ['repeats a token', { answer: { repositories: [], nextToken: 'same' } }, 'MalformedAnswer', 'passing'] as const,
    ['names no repository', { answer: { repositories: [{}] } }, 'MalformedAnswer', 'passing'] as const,
  ])('has no items and an unknown listing when the second page %s', async (_name, fault, error, transience) => {
    for (let n = 0; n < 150; n++) fake.state.repositories.set(`r${n}`, undefined)
    fake.state.plan = (operation, n) => (operation === 'DescribeRepositories' && n > 1 ? fault : undefined)
    const { items, coverage, gaps } = await listRepositories(readerOf(fake, 'hang' in fault ? 200 : 5_000))
    const reason = `ecr:DescribeRepositories failed with ${error}`
    expect(items).toEqual([])
    expect(coverage).toMatchObject([{ status: 'unknown', reason }])
    expect(gaps).toEqual([{ resourceType: 'AWS::ECR::Repository', reason, transience }])
  })
})
