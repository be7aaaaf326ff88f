import type { Repository } from '../../inventory/ecr.ts'
import { clip } from '../../model/quote.ts'
import { isAwsOwnedRegistry } from '../../pull/aws-owned-registries.ts'
import type { PrivateImage } from '../../pull/can-pull.ts'
import { cacheRuleFor } from '../../pull/pull-through-cache.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { imageTriggers } from '../image-reads.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { imageInRepository, repositoryOfImage, versionOf } from '../repository-image.ts'
import { type ImageOutcome, judgeImages, openImage, type ServiceImage } from '../service-images.ts'

/** A service whose image is gone runs until its next task has to start. */
export const rule = defineRule({
  id: 'image-repository-exists',
  area: 'image',
  title: 'The images of services exist',
  severity: 'HIGH',
  why: 'When repository or tag are gone, or the image is archived, running tasks go on and the next one fails with CannotPullContainerError.',
  fix: 'Push the image, restore it from the archive, or point the task definition to one that exists.',
  notes: [
    'AWS Config does not record images: without a source that lists them only the repository is judged, and the verdict says so.',
    'A repository below the prefix of a pull-through cache rule is made by the first pull.',
  ],
  judges: 'AWS::ECS::Service',
  reads: ['AWS::ECR::PullThroughCacheRule', 'AWS::ECR::Repository', 'AWS::ECS::TaskDefinition'],
  triggers: imageTriggers('ecr:BatchDeleteImage', 'ecr:DeleteRepository'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html',
  parameters: noParameters,
  evaluate: (service, context) =>
    judgeImages(service, context, (image) => outcomeOf(image, context), {
      good: 'The registry holds',
      none: 'It runs no image of a private ECR registry of customers.',
    }),
})

function outcomeOf({ reference }: ServiceImage, context: RuleContext): ImageOutcome {
  if (reference.kind !== 'ecrPrivate' || isAwsOwnedRegistry(reference.accountId, reference.region))
    return { kind: 'skip' }
  const repository = repositoryOfImage(reference, context.inventory)
  switch (repository.state) {
    case 'unknown':
      return { kind: 'open', missing: missing(`repository ${clip(reference.repositoryArn)}`, repository) }
    case 'absent': {
      const because = `names a repository that does not exist: ${reference.repositoryArn}`
      return unlessCached(reference, because, repository.assumptions, context)
    }
    case 'known':
      return inRepository(reference, repository.value, context)
    default:
      return repository satisfies never
  }
}

function inRepository(image: PrivateImage, repository: Repository, context: RuleContext): ImageOutcome {
  const version = versionOf(image)
  const found = imageInRepository(image, repository)
  if (found.state === 'unknown') {
    return { kind: 'good', assumptions: [`assumes that ${image.repository} holds ${version} (${clip(found.reason)})`] }
  }
  const assumptions = assumptionsOf(found)
  if (found.state === 'absent')
    return unlessCached(image, `names ${version}, which ${image.repository} does not hold`, assumptions, context)
  const { status, digest } = found.value
  const evidence = [{ source: `image ${digest}`, detail: `status ${clip(status ?? '')}` }]
  if (status === 'ARCHIVED') return { kind: 'bad', because: 'is archived', evidence, assumptions }
  if (status !== undefined && status !== 'ACTIVE') {
    return openImage(`whether ${clip(image.repository)} hands out ${version}: its status is ${clip(status)}`)
  }
  return { kind: 'good', assumptions }
}

/** What a pull-through cache does not hold yet it fetches at the first pull. */
function unlessCached(
  image: PrivateImage,
  because: string,
  assumptions: readonly string[],
  { inventory }: RuleContext,
): ImageOutcome {
  const { repository } = image
  const rule = cacheRuleFor(inventory, repository, image)
  if (rule.state === 'unknown')
    return { kind: 'open', missing: missing(`pull-through cache rules of ${image.accountId}`, rule) }
  if (rule.state === 'absent') return { kind: 'bad', because, assumptions: [...assumptions, ...rule.assumptions] }
  const fetched = `assumes that the pull-through cache rule ${clip(rule.value.prefix)} finds ${repository} at its upstream`
  return { kind: 'good', assumptions: [...assumptions, fetched] }
}
