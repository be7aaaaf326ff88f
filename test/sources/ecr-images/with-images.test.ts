import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { listRepositories, repositoryArn } from '../../../shared/sources/ecr/repositories.ts'
import { permissions } from '../../../shared/sources/ecr-images/permissions.ts'
import { type ImageBounds, withImages } from '../../../shared/sources/ecr-images/with-images.ts'
import { rawItem } from '../../../shared/sources/reading.ts'
import { type FakeImage, imagesService } from '../../support/fake-aws/ecr-images.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults, readerOf } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'
import { inventoryOfReading } from './inventory-of-reading.ts'

const type = 'AWS::ECR::Repository'
const scope = { accountId: '111122223333', region: 'eu-central-1' }
const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}`

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const arnOf = (name: string) => repositoryArn(scope, name)
/** As a reader of repositories or AWS Config writes it. */
const repository = (name: string, supplementaryConfiguration: JsonObject = {}) =>
  rawItem(
    readerOf(fake),
    type,
    { id: name, arn: arnOf(name) },
    { Arn: arnOf(name), RepositoryName: name },
    supplementaryConfiguration,
  )
const holding = (repositories: Readonly<Record<string, readonly FakeImage[]>>, pageSize = 1000) => {
  const images = { repositories: new Map(Object.entries(repositories)), pageSize }
  fake.state.services.set('ecr:DescribeImages', imagesService(images))
}
const read = (items: readonly JsonObject[], bounds?: ImageBounds) => withImages(readerOf(fake), items, bounds)
const supplementsOf = (items: readonly JsonObject[]) => items.map((item) => item.supplementaryConfiguration)
const imagesOf = (items: readonly JsonObject[]) =>
  supplementsOf(items).map((supplement) => (supplement as { images?: readonly JsonObject[] }).images)
const scanned = (status: string, summary: object): FakeImage => ({
  imageDigest: digest(1),
  imageScanStatus: { status },
  imageScanFindingsSummary: summary,
})
const counts = { CRITICAL: 2, LOW: 0 }
const done = { imageScanCompletedAt: 1_740_000_000, findingSeverityCounts: counts }

describe('the images of a repository', () => {
  it('stand in its supplementary configuration, sorted by digest', async () => {
    holding({
      'team/app': [
        {
          imageDigest: digest(2),
          imageTags: ['v2', 'latest'],
          imagePushedAt: 1_740_000_000,
          imageScanStatus: { status: 'COMPLETE' },
          imageScanFindingsSummary: done,
        },
        { imageDigest: digest(1), imageStatus: 'ARCHIVED' },
      ],
    })
    const item = repository('team/app', { scanningConfiguration: { scanOnPush: true } })
    const { items, coverage, gaps } = await read([item])
    expect([coverage, gaps]).toEqual([[], []])
    expect(items).toEqual([
      {
        ...item,
        supplementaryConfiguration: {
          scanningConfiguration: { scanOnPush: true },
          images: [
            { imageDigest: digest(1), imageTags: [], imageStatus: 'ARCHIVED' },
            {
              imageDigest: digest(2),
              imageTags: ['latest', 'v2'],
              imagePushedAt: '2025-02-19T21:20:00.000Z',
              imageStatus: 'ACTIVE',
              findingSeverityCounts: counts,
            },
          ],
        },
      },
    ])
  })

  it('are none in an empty repository', async () => {
    holding({ 'team/app': [] })
    const { items } = await read([repository('team/app')])
    expect(imagesOf(items)).toEqual([[]])
  })

  it('are read over as many pages as it takes, 1,000 at a time', async () => {
    const images = Array.from({ length: 2_001 }, (_, n) => ({ imageDigest: digest(n), imageTags: [`v${n}`] }))
    holding({ 'team/app': images })
    const { items, gaps } = await read([repository('team/app')])
    expect(gaps).toEqual([])
    expect(imagesOf(items)[0]).toHaveLength(2_001)
    expect(fake.calls.map(({ body }) => [body.maxResults, body.nextToken, body.filter])).toEqual([
      [1000, undefined, { imageStatus: 'ANY' }],
      [1000, '1000', { imageStatus: 'ANY' }],
      [1000, '2000', { imageStatus: 'ANY' }],
    ])
  })

  it('are known once when pages overlap, by what the later page says', async () => {
    const pages = [
      { imageDetails: [{ imageDigest: digest(1), imageTags: ['old'] }], nextToken: '1' },
      { imageDetails: [] as object[], nextToken: '2' },
      { imageDetails: [{ imageDigest: digest(1), imageTags: ['new'] }] },
    ]
    fake.state.plan = (_operation, n) => ({ answer: pages[n - 1] })
    const { items } = await read([repository('team/app')])
    expect(imagesOf(items)).toEqual([[{ imageDigest: digest(1), imageTags: ['new'] }]])
  })

  it('are not known when a tag moved while they were read', async () => {
    const moved = [digest(1), digest(2)].map((imageDigest) => ({ imageDigest, imageTags: ['latest'] }))
    holding({ 'team/app': moved }, 1)
    const { items, gaps } = await read([repository('team/app')])
    expect(supplementsOf(items)).toEqual([{}])
    expect(gaps).toEqual([
      {
        resourceType: type,
        resourceArn: arnOf('team/app'),
        reason: 'ecr:DescribeImages shows one tag at two images',
        transience: 'passing',
      },
    ])
  })

  it.each(faults)('are a gap of that repository alone when the answer %s', async (_name, fault, error, transience) => {
    holding({ 'team/app': [{ imageDigest: digest(1) }], 'team/other': [{ imageDigest: digest(2) }] })
    fake.state.plan = (_operation, _n, body) => (body.repositoryName === 'team/app' ? fault : undefined)
    const reader = readerOf(fake, 'hang' in fault ? 100 : 5_000)
    const stale = repository('team/app', { images: [{ imageDigest: digest(9) }] })
    const { items, gaps } = await withImages(reader, [stale, repository('team/other')])
    expect(imagesOf(items)).toEqual([undefined, [{ imageDigest: digest(2), imageTags: [], imageStatus: 'ACTIVE' }]])
    expect(gaps).toEqual([
      {
        resourceType: type,
        resourceArn: arnOf('team/app'),
        reason: `ecr:DescribeImages failed with ${error}`,
        transience,
      },
    ])
  })

  it('are not known when a later page fails', async () => {
    holding({ 'team/app': [{ imageDigest: digest(1) }, { imageDigest: digest(2) }] }, 1)
    fake.state.plan = (_operation, n) => (n === 2 ? { error: 'ServerException', status: 500 } : undefined)
    const { items, gaps } = await read([repository('team/app')])
    expect(supplementsOf(items)).toEqual([{}])
    expect(gaps.map(({ reason }) => reason)).toEqual(['ecr:DescribeImages failed with ServerException'])
  })

  it.each([
    ['without a digest', { imageTags: ['v1'] }],
    ['whose tags are no list', { imageDigest: digest(1), imageTags: 'v1' }],
    ['of another repository', { imageDigest: digest(1), repositoryName: 'team/other' }],
  ])('are not known when there is one %s', async (_name, image) => {
    fake.state.plan = () => ({ answer: { imageDetails: [{ imageDigest: digest(2) }, image] } })
    const { items, gaps } = await read([repository('team/app')])
    expect(supplementsOf(items)).toEqual([{}])
    expect(gaps.map(({ reason }) => reason)).toEqual(['ecr:DescribeImages failed with MalformedAnswer'])
  })

  it('are not listed beyond the bound, and the reading says so', async () => {
    const images = [1, 2, 3, 4, 5].map((n) => ({ imageDigest: digest(n) }))
    holding({ 'team/app': images, 'team/small': images.slice(0, 2) }, 1)
    const both = [repository('team/app'), repository('team/small')]
    const { items, gaps } = await read(both, { maxImages: 2 })
    expect(imagesOf(items).map((list) => list?.length)).toEqual([undefined, 2])
    expect(gaps).toEqual([
      {
        resourceType: type,
        resourceArn: arnOf('team/app'),
        reason: 'ecr:DescribeImages lists more than 2 images',
        transience: 'lasting',
      },
    ])
    expect(fake.calls.filter(({ body }) => body.repositoryName === 'team/app')).toHaveLength(3)
  })
})

describe('a repository', () => {
  it('that was deleted meanwhile is left out', async () => {
    holding({ 'team/other': [] })
    const { items, gaps } = await read([repository('team/app'), repository('team/other')])
    expect(items.map(({ resourceId }) => resourceId)).toEqual(['team/other'])
    expect(gaps).toEqual([])
  })

  it('without a name is not asked for', async () => {
    const item = { ...repository('team/app'), configuration: {}, resourceName: null, resourceId: null }
    const { items, gaps } = await read([item])
    expect(fake.calls).toEqual([])
    expect(items).toEqual([item])
    expect(gaps.map(({ resourceArn, reason }) => [resourceArn, reason])).toEqual([
      [arnOf('team/app'), 'an item does not name its repository'],
    ])
  })

  it('keeps its place, whichever is read first', async () => {
    const names = ['c', 'a', 'd', 'b'].map((name) => `team/${name}`)
    holding(Object.fromEntries(names.map((name) => [name, []])))
    const { items } = await read(
      names.map((name) => repository(name)),
      { concurrency: 3 },
    )
    expect(items.map(({ resourceId }) => resourceId)).toEqual(names)
  })
})

describe('counts of findings', () => {
  const countsOf = async (image: FakeImage) => {
    holding({ 'team/app': [image] })
    return imagesOf((await read([repository('team/app')])).items)[0]?.[0]?.findingSeverityCounts
  }

  it.each([
    ['of a scan that completed', scanned('COMPLETE', done), counts],
    ['of enhanced scanning that goes on', scanned('ACTIVE', done), counts],
    ['of a scan without findings', scanned('COMPLETE', { ...done, findingSeverityCounts: {} }), {}],
    ['of a scan that failed', scanned('FAILED', done), undefined],
    ['of a scan in progress', scanned('IN_PROGRESS', done), undefined],
    ['of a scan that never completed', scanned('ACTIVE', { findingSeverityCounts: {} }), undefined],
    ['of a scan without counts', scanned('COMPLETE', { imageScanCompletedAt: 1_740_000_000 }), undefined],
    ['without a status', { imageDigest: digest(1), imageScanFindingsSummary: done }, undefined],
    [
      'of which one is no number',
      scanned('COMPLETE', { ...done, findingSeverityCounts: { CRITICAL: '2', LOW: 1 } }),
      undefined,
    ],
  ])('%s', async (_name, image, expected) => {
    expect(await countsOf(image)).toEqual(expected)
  })
})

describe('from the account to the inventory', () => {
  it('images are known with their status, and platforms are not stated', async () => {
    fake.state.repositories.set('team/app', undefined)
    fake.state.repositories.set('team/denied', undefined)
    holding({ 'team/app': [{ imageDigest: digest(1), imageTags: ['v1'], imageStatus: 'ARCHIVED' }], 'team/denied': [] })
    fake.state.plan = (_operation, _n, body) =>
      body.maxResults === 1000 && body.repositoryName === 'team/denied'
        ? { error: 'AccessDeniedException', status: 403 }
        : undefined
    const listed = await listRepositories(readerOf(fake))
    const { items } = await read(listed.items)
    const inventory = inventoryOfReading({ items, coverage: listed.coverage })
    const imagesKnown = (name: string) => {
      const found = inventory.repository(name, scope)
      if (found.state !== 'known') throw new Error(`no repository ${name}`)
      return found.value.images
    }
    expect(imagesKnown('team/app')).toEqual({
      state: 'known',
      assumptions: [],
      value: [
        {
          digest: digest(1),
          tags: ['v1'],
          pushedAt: undefined,
          status: 'ARCHIVED',
          platforms: undefined,
          findingSeverityCounts: undefined,
        },
      ],
    })
    expect(imagesKnown('team/denied')).toEqual({
      state: 'unknown',
      reason: `the images of ${arnOf('team/denied')} are not listed`,
      transience: 'lasting',
    })
  })
})

it('every call has a permission and every permission a call', async () => {
  holding({ 'team/app': [] })
  await read([repository('team/app')])
  expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action))
})
