import type { Repository, RepositoryImage } from '../../inventory/ecr.ts'
import type { Fact } from '../../model/fact.ts'
import type { Hop } from '../../model/pull.ts'
import { isAwsOwnedRegistry } from '../aws-owned-registries.ts'
import type { PrivateImage } from '../can-pull.ts'
import { runsOn } from '../image-platform.ts'
import type { ImageReference } from '../image-reference.ts'
import { cacheRuleFor } from '../pull-through-cache.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullWorld } from '../types.ts'
import type { WayKeys } from '../way-keys.ts'
import { firstPullAnswer } from './cache-first-pull.ts'
import { failing, type HopAnswer, hopOf, passing, sentence, skipping, undecided } from './hop-answer.ts'

/** What decides whether the registry hands out an image. */
export interface ImageStateQuestion {
  readonly image: ImageReference
  readonly pull: Pick<PullToTrace, 'workload' | 'pullers' | 'credentials'>
  /** What the compute runs, such as `linux/arm64` (`platformOf` of `image-platform.ts`); undefined when not known. */
  readonly platform: string | undefined
  /** Whether the pull has a way to the internet besides endpoints; undefined when not known. */
  readonly hasInternetPath: boolean | undefined
  /** The way of requests to the registry; absent when not known. */
  readonly way?: WayKeys
}

/** The hop `image-state` as a trace shows it. */
export function imageStateHop(world: PullWorld, question: ImageStateQuestion): Hop {
  return hopOf('image-state', imageStateAnswer(world, question))
}

/**
 * Whether the registry has the image, hands it out, and the compute can run it. Nearly no inventory lists images, so a missing
 * list alone leaves no trace open: the hop passes with the code `image-not-listed` and the assumption that the image exists.
 * A list that is there and lacks the image is a failure. Tag immutability, scanning and `kms:Decrypt` of the puller have no
 * say: ECR decrypts with grants of its own, and only a disabled key would stop it, which is assumed away in words.
 */
export function imageStateAnswer(world: PullWorld, question: ImageStateQuestion): HopAnswer {
  const answer = stateOfImage(world, question)
  return { ...answer, reason: sentence(answer.reason) }
}

function stateOfImage(world: PullWorld, question: ImageStateQuestion): HopAnswer {
  const { image } = question
  switch (image.kind) {
    case 'invalid':
      return skipping('image-not-readable', image.reason)
    case 'other':
      return skipping('not-an-ecr-registry', `what ${image.host} holds is not looked into`)
    case 'ecrPublic':
      return notListed(`${image.host}/${image.alias}/${image.repository}`, image)
    case 'ecrPrivate':
      return isAwsOwnedRegistry(image.accountId, image.region)
        ? passing('image-of-aws', `AWS publishes ${image.repository} in its registry ${image.accountId}`, {
            assumptions: [
              `assumes that AWS's registry ${image.accountId} has ${versionOf(image)} of ${image.repository}`,
            ],
          })
        : inRegistry(world, { ...question, image })
    default:
      return image satisfies never
  }
}

type PrivateQuestion = ImageStateQuestion & { readonly image: PrivateImage }

function inRegistry(world: PullWorld, question: PrivateQuestion): HopAnswer {
  const { image } = question
  const repository = world.inventory.repository(image.repository, image)
  switch (repository.state) {
    case 'known':
      return inRepository(world, question, repository.value)
    case 'absent':
      return missing(world, question, false, {
        ...failing(
          'repository-absent',
          `account ${image.accountId} has no repository ${image.repository} in ${image.region}`,
          {
            evidence: [
              {
                source: `repositories of account ${image.accountId} in ${image.region}`,
                detail: `none is named ${image.repository}`,
              },
            ],
            assumptions: repository.assumptions,
            fix: `Create the repository ${image.repository} in ${image.region} and push the image, or name the one that holds it`,
          },
        ),
      })
    case 'unknown': {
      const what = `the repository ${image.repository} of account ${image.accountId} in ${image.region}`
      return undecided('repository-not-known', `${what} is not in the inventory: ${repository.reason}`, [what])
    }
    default:
      return repository satisfies never
  }
}

/** The image is not there: a pull-through cache may fetch it, else the pull fails as given. */
function missing(
  world: PullWorld,
  question: PrivateQuestion,
  repositoryExists: boolean,
  otherwise: HopAnswer,
): HopAnswer {
  const { image } = question
  const rule = cacheRuleFor(world.inventory, image.repository, image)
  switch (rule.state) {
    case 'known':
      return firstPullAnswer(world, { ...question, rule: rule.value, repositoryExists })
    case 'absent':
      return { ...otherwise, assumptions: [...otherwise.assumptions, ...rule.assumptions] }
    case 'unknown': {
      const reason = `${otherwise.reason}; whether a pull-through cache fetches it is not known: ${rule.reason}`
      return undecided('cache-rules-not-known', reason, [`the pull-through cache rules of account ${image.accountId}`])
    }
    default:
      return rule satisfies never
  }
}

function inRepository(world: PullWorld, question: PrivateQuestion, repository: Repository): HopAnswer {
  const { image } = question
  if (repository.images.state === 'unknown') return perhapsCached(world, question, repository)
  const images = repository.images.state === 'known' ? repository.images.value : []
  const found = namedIn(images).get(image.digest ?? `tag ${image.tag ?? 'latest'}`)
  if (found !== undefined) return ofImage(question, repository, found)
  const code = image.digest === undefined ? 'tag-absent' : 'digest-absent'
  return missing(
    world,
    question,
    true,
    failing(code, `the repository ${image.repository} has no ${versionOf(image)}`, {
      evidence: [{ source: `images of ${repository.ref.arn}`, detail: `${images.length} images, none of that name` }],
      fix: `Push ${versionOf(image)} to ${image.repository}, or name an image that exists`,
    }),
  )
}

const remembered = new WeakMap<readonly RepositoryImage[], ReadonlyMap<string, RepositoryImage>>()

/** Images by their digest and by `tag <name>`: container engines pull by the digest when there is one, whatever the tag says. */
function namedIn(images: readonly RepositoryImage[]): ReadonlyMap<string, RepositoryImage> {
  const before = remembered.get(images)
  if (before !== undefined) return before
  const names = images.flatMap((image) =>
    [image.digest, ...image.tags.map((tag) => `tag ${tag}`)].map((name) => [name, image] as const),
  )
  const byName = new Map(names)
  remembered.set(images, byName)
  return byName
}

interface Version {
  readonly tag?: string
  readonly digest?: string
}

function versionOf({ tag, digest }: Version): string {
  return digest === undefined ? `tag ${tag ?? 'latest'}` : `digest ${digest}`
}

/** Without a list of images: under a cache rule it matters whether the image is there; elsewhere its presence is assumed. */
function perhapsCached(world: PullWorld, question: PrivateQuestion, repository: Repository): HopAnswer {
  const { image } = question
  const rule = cacheRuleFor(world.inventory, image.repository, image)
  if (rule.state !== 'known') return settled(question, repository, notListed(repository.ref.arn, image))
  const first = firstPullAnswer(world, { ...question, rule: rule.value, repositoryExists: true })
  if (first.status === 'pass') return settled(question, repository, first)
  const what = `whether ${repository.name} already caches ${versionOf(image)}`
  const reason = `${what} is not known; if not: ${first.reason}`
  return undecided('cache-state-not-known', reason, [what], { evidence: first.evidence })
}

function notListed(where: string, image: Version): HopAnswer {
  const { tag = 'latest', digest } = image
  const name = digest === undefined ? `${where}:${tag}` : `${where}@${digest}`
  const which = digest === undefined ? 'tag' : 'digest'
  return passing('image-not-listed', `the image ${name} is not listed; its ${which} is taken to exist`, {
    assumptions: [`assumes that ${versionOf(image)} exists in ${where}`],
  })
}

function ofImage(question: PrivateQuestion, repository: Repository, found: RepositoryImage): HopAnswer {
  const { image } = question
  const what = `${versionOf(image)} of ${image.repository}`
  const evidence = [{ source: `images of ${repository.ref.arn}`, detail: describe(found) }]
  switch (found.status) {
    case 'ARCHIVED':
      return failing('image-archived', `${what} is archived: ECR answers as if it did not exist`, {
        evidence,
        fix: `Restore ${what} from the archive, and keep lifecycle rules from archiving images in use`,
      })
    case 'ACTIVATING':
      return failing('image-activating', `${what} is being restored from the archive and cannot be pulled yet`, {
        evidence,
        fix: `Wait until ${what} is active again`,
      })
    case 'ACTIVE':
    case undefined:
      return onPlatform(question, repository, found, passing('image-present', `${what} is there`, { evidence }))
    default: {
      const reason = `the status ${found.status} of ${what} is not known to be pullable`
      return undecided('image-status-not-known', reason, [`what the image status ${found.status} means`], { evidence })
    }
  }
}

function describe({ digest, status, platforms }: RepositoryImage): string {
  const parts = [digest, status, platforms?.join(', ')].filter((part) => part !== undefined && part !== '')
  return parts.join(', ')
}

function onPlatform(
  question: PrivateQuestion,
  repository: Repository,
  found: RepositoryImage,
  present: HopAnswer,
): HopAnswer {
  const { image, platform } = question
  const platforms = platformsOf(found)
  if (platforms.length > 0 && platform !== undefined && !platforms.some((one) => runsOn(one, platform))) {
    const what = `${versionOf(image)} of ${image.repository}`
    return failing('platform-mismatch', `${what} is for ${platforms.join(', ')}, and the workload runs ${platform}`, {
      evidence: present.evidence,
      fix: `Build ${what} for ${platform} too, or run the workload on ${platforms.join(' or ')}`,
    })
  }
  const onWindows = platforms.length > 0 && platforms.every(isWindows)
  return settled({ ...question, platform: platform ?? (onWindows ? 'windows' : undefined) }, repository, present)
}

/** Attestations are listed as `unknown/unknown` and run nowhere. */
function platformsOf({ platforms }: RepositoryImage): readonly string[] {
  return (platforms ?? []).filter((platform) => !platform.startsWith('unknown/'))
}

function isWindows(platform: string): boolean {
  return platform.toLowerCase().startsWith('windows')
}

/** What remains of an image that is there: layers that lie elsewhere, and the key that encrypts it. */
function settled(question: PrivateQuestion, repository: Repository, present: HopAnswer): HopAnswer {
  const { image, platform, hasInternetPath } = question
  if (platform !== undefined && isWindows(platform) && hasInternetPath !== true) {
    const what = `whether ${image.repository} holds its Windows base layers itself`
    const reason = `${what} is not known: otherwise they come from Microsoft, and no way to the internet is known`
    return undecided('windows-base-layers', reason, [what], { evidence: present.evidence })
  }
  return { ...present, assumptions: [...present.assumptions, ...keyAssumptions(repository.encryption)] }
}

/** Pullers need no permission on the key; a key that is disabled or about to be deleted stops every pull. */
function keyAssumptions(
  encryption: Fact<{ readonly type: string; readonly kmsKey: string | undefined }>,
): readonly string[] {
  if (encryption.state !== 'known' || !encryption.value.type.startsWith('KMS')) return []
  return [`assumes that the key ${encryption.value.kmsKey ?? 'aws/ecr'} is enabled and still granted to ECR`]
}
