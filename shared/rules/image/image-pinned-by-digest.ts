import type { TagMutability } from '../../inventory/ecr.ts'
import { clip } from '../../model/quote.ts'
import { isAwsOwnedRegistry } from '../../pull/aws-owned-registries.ts'
import type { PrivateImage } from '../../pull/can-pull.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { matchesGlob } from '../glob.ts'
import { imageTriggers } from '../image-reads.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { repositoryOfImage } from '../repository-image.ts'
import { type ImageOutcome, judgeImages, openImage, type ServiceImage } from '../service-images.ts'

/** Whether two tasks of one service can run different images. */
export const rule = defineRule({
  id: 'image-pinned-by-digest',
  area: 'image',
  title: 'Services name images that cannot change',
  severity: 'LOW',
  why: 'A tag that can move means that tasks started later run another image than the one that was tested, and nobody sees the change.',
  fix: 'Name the image by its digest (…@sha256:…), or make the tags of its repository immutable.',
  notes: [
    'A tag of a private repository with immutable tags counts as pinned, exclusion filters considered.',
    'Registries outside ECR say nothing about their tags: these count as movable.',
  ],
  judges: 'AWS::ECS::Service',
  reads: ['AWS::ECR::Repository', 'AWS::ECS::TaskDefinition'],
  triggers: imageTriggers('ecr:PutImageTagMutability'),
  frameworks: {},
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  parameters: noParameters,
  evaluate: (service, context) =>
    judgeImages(service, context, (image) => outcomeOf(image, context), {
      good: 'Nothing can change what is behind',
      none: 'It runs no image.',
    }),
})

function outcomeOf({ reference }: ServiceImage, context: RuleContext): ImageOutcome {
  if (reference.kind === 'invalid') return { kind: 'skip' }
  if (reference.digest !== undefined) return { kind: 'good' }
  return reference.kind === 'ecrPrivate' ? ofRepository(reference, context) : movable(reference.tag, 'can be moved')
}

function ofRepository(image: PrivateImage, { inventory }: RuleContext): ImageOutcome {
  const { accountId, region, repository, repositoryArn } = image
  if (isAwsOwnedRegistry(accountId, region)) return openImage(`whether AWS moves tags of ${repositoryArn}`)
  const found = repositoryOfImage(image, inventory)
  if (found.state === 'unknown') return { kind: 'open', missing: missing(`repository ${clip(repositoryArn)}`, found) }
  if (found.state === 'absent') return openImage(`whether tags of ${clip(repositoryArn)} can move: it does not exist`)
  const { tagMutability } = found.value
  if (tagMutability.state === 'unknown')
    return { kind: 'open', missing: missing(`tag mutability of ${clip(repository)}`, tagMutability) }
  const assumptions = [...assumptionsOf(found), ...assumptionsOf(tagMutability)]
  // A repository created without the property is mutable: that is the default of ECR.
  const mutability =
    tagMutability.state === 'known' ? tagMutability.value : { setting: 'MUTABLE', exclusionFilters: [] }
  const fixed = isFixed(image.tag ?? 'latest', mutability)
  if (fixed === undefined) return openImage(`what tag mutability ${clip(mutability.setting)} of ${repository} means`)
  if (fixed) return { kind: 'good', assumptions }
  return {
    ...movable(image.tag, `can be moved: tag mutability of ${repository} is ${mutability.setting}`),
    assumptions,
  }
}

/** Undefined for a setting this version does not know. */
function isFixed(tag: string, { setting, exclusionFilters }: TagMutability): boolean | undefined {
  const isExcluded = exclusionFilters.some((filter) => matchesGlob(filter, tag))
  switch (setting) {
    case 'IMMUTABLE':
      return true
    case 'MUTABLE':
      return false
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !isExcluded
    case 'MUTABLE_WITH_EXCLUSION':
      return isExcluded
    default:
      return undefined
  }
}

function movable(tag: string | undefined, because: string): ImageOutcome & { readonly kind: 'bad' } {
  const named = tag === undefined ? 'has no tag, and latest' : `has the tag ${tag}, which`
  return { kind: 'bad', because: `${named} ${because}` }
}
