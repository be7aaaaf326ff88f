import { DescribeImagesCommand } from '@aws-sdk/client-ecr'
import type { EcrReader } from '../../shared/sources/ecr/reader.ts'
import { errorName } from '../../shared/sources/failure.ts'
import { type Answer, ask, needList } from '../../shared/sources/reading.ts'

/** An image of the own registry. */
export interface LiveImage {
  /** When it came into this registry, ISO 8601; undefined when ECR does not say. */
  readonly pushedAt: string | undefined
  /** When ECR last recorded a pull of it, ISO 8601; it records one a day at least, so a later pull may not show yet. */
  readonly pulledAt: string | undefined
}

/** Looks at one image by its digest; absent when the image or its repository is not there. */
export function describeImage(
  reader: EcrReader,
  repositoryName: string,
  imageDigest: string,
): Promise<Answer<LiveImage>> {
  return ask(
    reader,
    'ecr:DescribeImages',
    (error) => ['ImageNotFoundException', 'RepositoryNotFoundException'].includes(errorName(error)),
    (abortSignal) =>
      reader.client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }), { abortSignal }),
    (output) => {
      const [image] = needList(output.imageDetails, 'imageDetails')
      return { pushedAt: isoOf(image?.imagePushedAt), pulledAt: isoOf(image?.lastRecordedPullTime) }
    },
  )
}

function isoOf(time: Date | undefined): string | undefined {
  return time !== undefined && Number.isFinite(time.getTime()) ? time.toISOString() : undefined
}
