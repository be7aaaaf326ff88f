import { DescribeImagesCommand } from '@aws-sdk/client-ecr'
import type { EcrReader } from '../../shared/sources/ecr/reader.ts'
import { errorName } from '../../shared/sources/failure.ts'
import { type Answer, ask, needList } from '../../shared/sources/reading.ts'

/** An image of the own registry. */
export interface LiveImage {
  /** When it came into this registry, ISO 8601; undefined when ECR does not say. */
  readonly pushedAt: string | undefined
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
      const time = image?.imagePushedAt?.getTime() ?? Number.NaN
      return { pushedAt: Number.isFinite(time) ? new Date(time).toISOString() : undefined }
    },
  )
}
