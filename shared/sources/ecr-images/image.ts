import type { ImageDetail } from '@aws-sdk/client-ecr'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { needList, needText, present } from '../reading.ts'

/** An image as it is written into items, and what tells it from others. */
export interface ReadImage {
  readonly digest: string
  readonly tags: readonly string[]
  readonly entry: JsonObject
}

/** What the service says of one image of the repository. @throws MalformedAnswer without a digest or with unreadable tags */
export function readImage(detail: ImageDetail, repositoryName: string): ReadImage {
  if (typeof detail !== 'object' || detail === null) throw new MalformedAnswer('an image that is no object')
  if ((detail.repositoryName ?? repositoryName) !== repositoryName) {
    throw new MalformedAnswer('an image of another repository')
  }
  const digest = needText(detail.imageDigest, 'imageDigest')
  const tags = [...needList(detail.imageTags ?? [], 'imageTags')].map((tag) => needText(tag, 'a tag')).sort()
  const entry = present({
    imageDigest: digest,
    imageTags: tags,
    imagePushedAt: timeOf(detail.imagePushedAt),
    imageStatus: detail.imageStatus === undefined ? undefined : needText(detail.imageStatus, 'imageStatus'),
    findingSeverityCounts: countsOf(detail),
  })
  return { digest, tags, entry }
}

function timeOf(time: Date | undefined): string | undefined {
  return time instanceof Date && Number.isFinite(time.getTime()) ? time.toISOString() : undefined
}

/** ACTIVE is enhanced scanning, which goes on after each scan that completed. */
const completed: ReadonlySet<unknown> = new Set(['COMPLETE', 'ACTIVE'])

/** All counts of a completed scan, or none: a severity left out would read as no finding of it. */
function countsOf({ imageScanStatus, imageScanFindingsSummary: summary }: ImageDetail): JsonObject | undefined {
  const counts = summary?.findingSeverityCounts
  if (!completed.has(imageScanStatus?.status) || timeOf(summary?.imageScanCompletedAt) === undefined) return undefined
  if (!isJsonObject(counts)) return undefined
  const valid = Object.values(counts).every((count) => Number.isSafeInteger(count) && Number(count) >= 0)
  return valid ? { ...counts } : undefined
}
