import { hasWildcard, matchesWildcard } from '../iam/match/wildcard.ts'
import type { RegistryGrant } from '../iam/permissions/types.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { clip } from '../model/quote.ts'
import type { MissingFact } from '../model/verdict.ts'
import { type ImageRepository, neededOnRepository } from './can-pull.ts'
import { imageRepository } from './node-images.ts'

const anyName = 'zz7q-any'

/** What the grants of a role reach with both actions of a pull. */
export interface PullReach {
  /** Repositories of the inventory. */
  readonly repositories: readonly ImageRepository[]
  /** Places the grants reach whose repositories nobody listed, or where a first pull makes them. */
  readonly missing: readonly MissingFact[]
}

/** Repositories that the grants let a role pull as far as its own side decides, and where more may lie. */
export function pullReach(inventory: Inventory, grants: readonly RegistryGrant[]): PullReach {
  const [manifests = [], layers = []] = neededOnRepository.map((name) => grants.filter(({ action }) => action === name))
  const patterns = [...new Set(manifests.filter((one) => layers.some((other) => together(one, other))).map(patternOf))]
  const reached = inventory.repositories.filter(({ ref }) => patterns.some((one) => matchesWildcard(one, ref.arn)))
  const missing = patterns.flatMap((pattern) => [...unlistedIn(inventory, pattern), ...cachedUnder(inventory, pattern)])
  return {
    repositories: reached.map(({ ref, name }) => imageRepository(ref, name)),
    missing: [...new Map(missing.map((fact) => [fact.reason, fact])).values()],
  }
}

function together(one: RegistryGrant, other: RegistryGrant): boolean {
  return matchesWildcard(patternOf(other), one.resource) || matchesWildcard(patternOf(one), other.resource)
}

/** A complement reaches nearly everything, and what a variable stands for is not asked. */
function patternOf({ pattern }: RegistryGrant): string {
  return pattern.startsWith('NotResource: ') ? '*' : pattern.replaceAll(/\$\{[^}]*\}/g, '*')
}

/** The first pull through a cache rule makes its repository. */
function cachedUnder({ pullThroughCacheRules }: Inventory, pattern: string): readonly MissingFact[] {
  const rules = pullThroughCacheRules.filter(({ ref, prefix }) => {
    const { repositoryArn } = imageRepository(ref, prefix === 'ROOT' ? anyName : `${prefix}/${anyName}`)
    return matchesWildcard(pattern, repositoryArn)
  })
  return rules.map(({ ref, prefix }) => {
    const reason = `whether pods pull through the cache rule ${clip(prefix)} of account ${ref.accountId} in ${ref.region}`
    return { reason, transience: 'lasting' }
  })
}

function unlistedIn(inventory: Inventory, pattern: string): readonly MissingFact[] {
  const [, , , region = '*', accountId = '*'] = pattern.split(':')
  if (hasWildcard(region) || hasWildcard(accountId)) {
    const reason = `repositories that ${clip(pattern)} reaches in accounts and regions that were not read`
    return [{ reason, transience: 'lasting' }]
  }
  const listing = inventory.listing('AWS::ECR::Repository', { accountId, region })
  if (listing.state !== 'unknown') return []
  const { reason, transience } = listing
  return [{ reason: `repositories of account ${accountId} in ${region}: ${reason}`, transience }]
}
