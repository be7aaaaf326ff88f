import { clip } from '../../model/quote.ts'
import { isAwsOwnedRegistry } from '../../pull/aws-owned-registries.ts'
import type { PrivateImage } from '../../pull/can-pull.ts'
import { isApproved } from '../approved-registries.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { imageTriggers } from '../image-reads.ts'
import { noParameters } from '../parameters.ts'
import { type ImageOutcome, judgeImages, openImage, type ServiceImage } from '../service-images.ts'

/** Whoever owns the registry decides what the next restart of the service runs. */
export const rule = defineRule({
  id: 'image-registry-approved',
  area: 'image',
  title: 'Services run images of approved registries only',
  severity: 'MEDIUM',
  why: 'Whoever owns a registry decides what a tag of it holds: images of strangers run with the permissions and in the network of the service.',
  fix: 'Copy the image into a repository of your own or fetch it through a pull-through cache, or name its registry in approvedRegistries of the settings.',
  notes: [
    'Approved without saying so: registries of own, organization and trusted accounts, and those from which AWS publishes EKS add-ons and Bottlerocket.',
    'Where a hub publishes the organization, its members are known; while that cannot be read or is too old, a registry of an account that no settings name leaves the verdict undetermined.',
    'An entry of approvedRegistries is an account id, a host (ghcr.io), or a host with the beginning of a path (public.ecr.aws/docker/library); * stands for any text.',
    'Images that a pull-through cache of an own registry keeps count as images of that registry.',
  ],
  judges: 'AWS::ECS::Service',
  reads: ['AWS::ECS::TaskDefinition'],
  asksWhoIsOurs: true,
  triggers: imageTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html',
  parameters: noParameters,
  evaluate: (service, context) =>
    judgeImages(service, context, (image) => outcomeOf(image, service.ref.accountId, context), {
      good: 'Approved registries hold',
      none: 'It runs no image.',
    }),
})

function outcomeOf({ reference }: ServiceImage, home: string, context: RuleContext): ImageOutcome {
  if (reference.kind === 'invalid') return { kind: 'skip' }
  if (isApproved(reference, context.settings.approvedRegistries)) return { kind: 'good' }
  if (reference.kind === 'ecrPrivate') return ofAccount(reference, home, context)
  const registry = reference.kind === 'ecrPublic' ? `${reference.host}/${reference.alias}` : reference.host
  return {
    kind: 'bad',
    because: `comes from ${clip(registry)}, which is no approved registry`,
    fix: `Copy ${clip(reference.repository)} into an own repository, or add ${clip(registry)} to approvedRegistries.`,
  }
}

function ofAccount(image: PrivateImage, home: string, { organization, inventory }: RuleContext): ImageOutcome {
  const { accountId, region, repository } = image
  const { ownAccounts, organizationAccounts, trustedAccounts, organizationId, unread } = organization
  const isOwn = accountId === home || inventory.scopes.some((scope) => scope.accountId === accountId)
  const named = [ownAccounts, organizationAccounts, trustedAccounts].some((accounts) => accounts.has(accountId))
  if (isOwn || named || isAwsOwnedRegistry(accountId, region)) return { kind: 'good' }
  if (unread !== undefined) return openImage(`whether account ${accountId} belongs to the organization: ${unread}`)
  if (organizationId !== undefined && organizationAccounts.size === 0) {
    return openImage(`whether account ${accountId} is a member of ${organizationId}: its members are not listed`)
  }
  return {
    kind: 'bad',
    because: `comes from the registry of account ${accountId}, which is neither ours nor trusted`,
    fix: `Copy ${repository} into an own repository, or add "${accountId}" to trustedAccounts or approvedRegistries.`,
  }
}
