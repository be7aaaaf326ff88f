import { DescribeImagesCommand } from '@aws-sdk/client-ecr'
import { compareText } from '../../inventory/newest-items.ts'
import { stringProperty } from '../../inventory/property.ts'
import { type JsonObject, ownObject, ownString } from '../../model/json.ts'
import type { EcrReader } from '../ecr/reader.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, askPages, forEachConcurrently, type Gap, gapsOf, needList, type Reading } from '../reading.ts'
import { type ReadImage, readImage } from './image.ts'

const TYPE = 'AWS::ECR::Repository'

/** How much is read. */
export interface ImageBounds {
  /** Repositories read at the same time; default 4. */
  readonly concurrency?: number
  /** Images a repository may hold; the images of a larger one are not listed at all. Default 100,000. */
  readonly maxImages?: number
}

/**
 * The items of these repositories (raw items of `AWS::ECR::Repository`, in their order) with
 * `supplementaryConfiguration.images`, to be used in the place of those given. A repository deleted meanwhile is left out; one
 * whose images cannot all be listed stays without the key, and a gap says why. No coverage rows: whether all repositories were
 * listed is not decided here.
 */
export async function withImages(
  reader: EcrReader,
  repositories: readonly JsonObject[],
  { concurrency = 4, maxImages = 100_000 }: ImageBounds = {},
): Promise<Reading> {
  const results = new Map<JsonObject, Result>()
  await forEachConcurrently(repositories, concurrency, async (item) => {
    results.set(item, await resultOf(reader, item, maxImages))
  })
  const inOrder = repositories.flatMap((item) => results.get(item) ?? [])
  return {
    items: inOrder.map(({ item }) => item).filter((item) => item !== undefined),
    coverage: [],
    gaps: inOrder.flatMap(({ gaps }) => gaps),
  }
}

/** Without an item: the repository is gone. */
interface Result {
  readonly item?: JsonObject
  readonly gaps: readonly Gap[]
}

async function resultOf(reader: EcrReader, item: JsonObject, maxImages: number): Promise<Result> {
  const name = repositoryNameOf(item)
  const images: Answer<readonly JsonObject[]> = name === undefined ? unnamed : await listImages(reader, name, maxImages)
  switch (images.state) {
    case 'known':
      return { item: withList(item, images.value), gaps: [] }
    case 'absent':
      return { gaps: [] }
    case 'unknown':
      return { item: withList(item, undefined), gaps: gapsOf(images, TYPE, ownString(item, 'arn')) }
    default:
      return images satisfies never
  }
}

const unnamed = { state: 'unknown', reason: 'an item does not name its repository', transience: 'lasting' } as const

function repositoryNameOf(item: JsonObject): string | undefined {
  const stated = stringProperty(ownObject(item, 'configuration') ?? {}, 'RepositoryName')
  return stated ?? ownString(item, 'resourceName') ?? ownString(item, 'resourceId')
}

/** What an earlier reading said of the images is not kept beside a failure: nobody could tell that it is old. */
function withList(item: JsonObject, images: readonly JsonObject[] | undefined): JsonObject {
  const { images: _, ...others } = ownObject(item, 'supplementaryConfiguration') ?? {}
  return { ...item, supplementaryConfiguration: images === undefined ? others : { ...others, images } }
}

/** Absent: the repository is gone. */
async function listImages(reader: EcrReader, repositoryName: string, maxImages: number) {
  const byDigest = new Map<string, ReadImage>()
  const answer = await askPages(
    reader,
    'ecr:DescribeImages',
    'RepositoryNotFoundException',
    async (nextToken, abortSignal) => {
      const input = { repositoryName, maxResults: 1000, nextToken, filter: { imageStatus: 'ANY' as const } }
      const output = await reader.client.send(new DescribeImagesCommand(input), { abortSignal })
      const images = needList(output.imageDetails, 'imageDetails').map((detail) => readImage(detail, repositoryName))
      // What a later page says of an image was true later.
      for (const image of images) byDigest.set(image.digest, image)
      return { entries: [], nextToken: byDigest.size > maxImages ? undefined : output.nextToken }
    },
  )
  if (answer.state !== 'known') return answer
  if (byDigest.size > maxImages) return { state: 'unknown', ...tooMany(maxImages) } as const
  return entriesOf([...byDigest.values()])
}

function tooMany(maxImages: number): ReadFailure {
  return { reason: `ecr:DescribeImages lists more than ${maxImages} images`, transience: 'lasting' }
}

/** A tag that moved while pages were read is seen at two images, and nobody can say which of them has it. */
function entriesOf(images: readonly ReadImage[]): Answer<readonly JsonObject[]> {
  const tags = images.flatMap((image) => image.tags)
  if (new Set(tags).size < tags.length) {
    return { state: 'unknown', reason: 'ecr:DescribeImages shows one tag at two images', transience: 'passing' }
  }
  const sorted = images.toSorted((one, other) => compareText(one.digest, other.digest))
  return { state: 'known', value: sorted.map(({ entry }) => entry) }
}
