import type { RepositoryImage } from '../../inventory/ecr.ts'
import { clip } from '../../model/quote.ts'
import { isAwsOwnedRegistry } from '../../pull/aws-owned-registries.ts'
import type { PrivateImage } from '../../pull/can-pull.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { imageTriggers } from '../image-reads.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { imageInRepository, repositoryOfImage, versionOf } from '../repository-image.ts'
import { freeOfCriticalFindings as parameters, scanSeverities as severities } from '../rule-parameters.ts'
import { type ImageOutcome, judgeImages, openImage, type ServiceImage } from '../service-images.ts'

type FindingSeverity = (typeof severities)[number]

/** Whether a service runs software with known holes. */
export const rule = defineRule({
  id: 'image-free-of-critical-findings',
  area: 'image',
  title: 'Services run images without critical scan findings',
  severity: 'HIGH',
  why: 'The service runs software with publicly known holes, reachable for whoever reaches the service.',
  fix: 'Build the image again on an updated base with updated packages, push it and deploy it.',
  notes: [
    'Judged is the last scan of the image the task definition names; AWS Config does not record images, so a source that lists them is needed.',
    'An image that was never scanned, and a multi-platform index whose parts are scanned on their own, leave the verdict open.',
    'Findings without a severity (UNDEFINED, UNTRIAGED) do not count.',
  ],
  judges: 'AWS::ECS::Service',
  reads: ['AWS::ECR::Repository', 'AWS::ECS::TaskDefinition'],
  triggers: { ...imageTriggers(), events: ['ECR Image Scan', 'Inspector2 Scan'] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  parameters,
  evaluate: (service, context) =>
    judgeImages(service, context, (image) => outcomeOf(image, context.parameters.threshold, context), {
      good: `No finding of severity ${context.parameters.threshold} or worse is in the last scan of`,
      none: 'It runs no image of a private ECR registry of customers.',
    }),
})

function outcomeOf({ reference }: ServiceImage, threshold: FindingSeverity, { inventory }: RuleContext): ImageOutcome {
  if (reference.kind !== 'ecrPrivate' || isAwsOwnedRegistry(reference.accountId, reference.region))
    return { kind: 'skip' }
  const repository = repositoryOfImage(reference, inventory)
  const name = clip(reference.repositoryArn)
  if (repository.state === 'unknown') return { kind: 'open', missing: missing(`repository ${name}`, repository) }
  if (repository.state === 'absent') return openImage(`the repository ${name} does not exist`)
  const image = imageInRepository(reference, repository.value)
  if (image.state === 'unknown') return { kind: 'open', missing: missing(`images of ${name}`, image) }
  if (image.state === 'absent') return openImage(`${name} does not hold ${versionOf(reference)}`)
  const outcome = judged(reference, image.value, threshold)
  return outcome.kind === 'open' ? outcome : { ...outcome, assumptions: assumptionsOf(image) }
}

type Scanned = Exclude<ImageOutcome, { kind: 'skip' }>

function judged(reference: PrivateImage, image: RepositoryImage, threshold: FindingSeverity): Scanned {
  const { findingSeverityCounts: counts, digest } = image
  if (counts === undefined) return openImage(`a scan result of ${clip(reference.repository)} ${versionOf(reference)}`)
  const counted = severities
    .slice(0, severities.indexOf(threshold) + 1)
    .map((severity) => [severity, counts.get(severity) ?? 0] as const)
    .filter(([, count]) => count > 0)
  if (counted.length === 0) return { kind: 'good' }
  const found = counted.map(([severity, count]) => `${count} ${severity}`).join(', ')
  return {
    kind: 'bad',
    because: `has findings in its last scan: ${found}`,
    evidence: [{ source: `scan of ${digest}`, detail: found }],
  }
}
