import type * as z from 'zod/mini'
import type { TagMutability } from '../../inventory/ecr.ts'
import { listed } from '../../model/quote.ts'
import { compliant, noncompliant, undetermined, type Verdict } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { coversGlob } from '../glob.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { tagsImmutable as parameters } from '../rule-parameters.ts'

// A repository that protects one of these has evidently thought of its releases.
const customaryReleaseTags = ['v*', 'release-*', 'prod-*']

type Parameters = z.output<typeof parameters>

/** Whether a tag that names a release can be made to point at another image. */
export const rule = defineRule({
  id: 'ecr-repository-tags-immutable',
  area: 'ecr',
  title: 'Release tags cannot be overwritten',
  severity: 'MEDIUM',
  why: 'Whoever can push can replace the image behind a mutable tag, and the next restart of a workload runs it.',
  fix: 'Set tag mutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION with filters for moving tags such as latest only.',
  notes: [
    'IMMUTABLE_WITH_EXCLUSION: the filters name the tags that stay mutable. Each must be covered by a pattern of allowedMutableTags, and must not cover a pattern of releaseTags.',
    'MUTABLE_WITH_EXCLUSION: the filters name the tags that are immutable. They must cover every pattern of releaseTags; while releaseTags is not set, covering v*, release-* or prod-* is enough and the verdict carries that assumption.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['ecr:CreateRepository', 'ecr:PutImageTagMutability'] },
  frameworks: { 'aws-fsbp': ['ECR.2'] },
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  parameters,
  evaluate: ({ tagMutability }, context) => {
    if (tagMutability.state === 'unknown') return undetermined(missing('tag mutability', tagMutability))
    const assumptions = assumptionsOf(tagMutability)
    // A repository created without the property is mutable: that is the default of ECR.
    const mutability =
      tagMutability.state === 'known' ? tagMutability.value : { setting: 'MUTABLE', exclusionFilters: [] }
    return judge(mutability, context.parameters, assumptions)
  },
})

function judge(mutability: TagMutability, allowed: Parameters, assumptions: readonly string[]): Verdict {
  switch (mutability.setting) {
    case 'IMMUTABLE':
      return compliant('Every tag is immutable.', { assumptions })
    case 'MUTABLE':
      return overwritable('Every tag can be overwritten: tag mutability is MUTABLE.', mutability, assumptions)
    case 'IMMUTABLE_WITH_EXCLUSION':
      return judgeMutableFilters(mutability, allowed, assumptions)
    case 'MUTABLE_WITH_EXCLUSION':
      return judgeImmutableFilters(mutability, allowed, assumptions)
    default:
      return undetermined({ reason: 'tag mutability has a value this version does not know', transience: 'lasting' })
  }
}

function judgeMutableFilters(mutability: TagMutability, allowed: Parameters, assumptions: readonly string[]): Verdict {
  const open = mutability.exclusionFilters.filter(
    (filter) =>
      !allowed.allowedMutableTags.some((pattern) => coversGlob(pattern, filter)) ||
      allowed.releaseTags.some((release) => coversGlob(filter, release)),
  )
  return open.length === 0
    ? compliant('Only tags that may move are excluded from immutability.', { assumptions })
    : overwritable(`Tags matching ${listed(open)} can be overwritten.`, mutability, assumptions)
}

function judgeImmutableFilters(
  mutability: TagMutability,
  allowed: Parameters,
  assumptions: readonly string[],
): Verdict {
  const { exclusionFilters } = mutability
  const isImmutable = (tags: string) => exclusionFilters.some((filter) => coversGlob(filter, tags))
  if (isImmutable('*')) return compliant('Every tag is immutable: the filter * covers them all.', { assumptions })
  if (allowed.releaseTags.length > 0) {
    const open = allowed.releaseTags.filter((tags) => !isImmutable(tags))
    return open.length === 0
      ? compliant('Every release tag is immutable.', { assumptions })
      : overwritable(`Release tags matching ${listed(open)} can be overwritten.`, mutability, assumptions)
  }
  const customary = customaryReleaseTags.filter(isImmutable)
  return customary.length > 0
    ? compliant(`Tags matching ${listed(customary)} are immutable.`, {
        assumptions: [...assumptions, `assumes releases are tagged ${listed(customary)} (parameter releaseTags)`],
      })
    : overwritable('Release tags can be overwritten: the filters leave them mutable.', mutability, assumptions)
}

function overwritable(
  reason: string,
  { setting, exclusionFilters }: TagMutability,
  assumptions: readonly string[],
): Verdict {
  const filters = exclusionFilters.length === 0 ? '' : `, filters ${listed(exclusionFilters)}`
  return noncompliant(reason, { assumptions, evidence: [{ source: 'tag mutability', detail: `${setting}${filters}` }] })
}
