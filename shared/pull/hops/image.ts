import { partitionOf } from '../../model/arn.ts'
import { clip } from '../../model/quote.ts'
import { type ImageReference, namedWithHttpsPort } from '../image-reference.ts'
import type { PullToTrace } from '../trace-types.ts'
import { failing, type HopAnswer, passing, undecided } from './hop-answer.ts'

/** Whether the image names something that the workload could pull from at all. */
export function imageHop({ image, unread, workload }: PullToTrace, reference: ImageReference): HopAnswer {
  const evidence = [{ source: 'image', detail: clip(image) }]
  switch (reference.kind) {
    case 'invalid':
      return image === '' && unread !== undefined
        ? undecided('image-not-known', `Which image it runs is not known: ${clip(unread)}`, [clip(unread)])
        : unreadable(image, reference.reason)
    case 'ecrPublic':
      return passing('ecr-public', 'The image lies in the public registry of ECR', { evidence })
    case 'other':
      return passing('other-registry', `The image lies in ${clip(reference.host)}, which is not ECR`, { evidence })
    case 'ecrPrivate':
      break
    default:
      return reference satisfies never
  }
  const { accountId, region, partition } = reference
  if (partition !== partitionOf(workload.scope.region)) {
    return failing(
      'other-partition',
      `${region} lies in partition ${partition}, where no role of the workload counts`,
      {
        evidence,
        fix: `Copy the image to a repository in ${workload.scope.region} and name that one`,
      },
    )
  }
  const where = region === workload.scope.region ? region : `${region}, not in ${workload.scope.region}`
  const code = region === workload.scope.region ? 'ecr-private' : 'other-region'
  return passing(code, `The image lies in the registry of account ${accountId} in ${where}`, { evidence })
}

function unreadable(image: string, reason: string): HopAnswer {
  if (image === '') return undecided('image-not-known', 'Which image it runs is not known', ['the image'])
  const evidence = [{ source: 'image', detail: clip(image) }]
  if (reason.includes('placeholder')) {
    return undecided('unresolved-variable', sentence(reason), [`what ${clip(image)} becomes`], { evidence })
  }
  if (reason === namedWithHttpsPort) {
    const missing = [`whether the puller takes ${clip(image)} for an image of ECR`]
    return undecided('registry-with-port', sentence(reason), missing, { evidence })
  }
  return failing('malformed-image', sentence(reason), {
    evidence,
    fix: `Correct the image ${clip(image)}: ${clip(reason)}`,
  })
}

function sentence(reason: string): string {
  return clip(reason.charAt(0).toUpperCase() + reason.slice(1))
}
