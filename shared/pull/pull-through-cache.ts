import type { PullThroughCacheRule, RepositoryCreationTemplate } from '../inventory/ecr.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { absent, type Fact, known } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'

const ruleType = 'AWS::ECR::PullThroughCacheRule'

/**
 * The pull-through cache rule whose prefix a repository name lies under, the longest first; `ROOT` takes every name. A rule
 * that was read counts although the listing of others is not complete: only a longer prefix could come before it.
 */
export function cacheRuleFor(inventory: Inventory, repository: string, scope: Scope): Fact<PullThroughCacheRule> {
  const rules = inventory.pullThroughCacheRules
    .filter(({ ref }) => ref.accountId === scope.accountId && ref.region === scope.region)
    .filter(({ prefix }) => liesUnder(repository, prefix))
  const rule = longestFirst(rules)[0]
  if (rule !== undefined) return known(rule)
  const listed = inventory.listing(ruleType, scope)
  return listed.state === 'unknown' ? listed : absent(listed.assumptions)
}

/** The creation template ECR applies when a pull-through cache makes a repository of this name. */
export function cacheTemplateFor(
  repository: string,
  templates: readonly RepositoryCreationTemplate[],
): RepositoryCreationTemplate | undefined {
  return longestFirst(
    templates.filter(
      ({ appliedFor, prefix }) => appliedFor.includes('PULL_THROUGH_CACHE') && liesUnder(repository, prefix),
    ),
  )[0]
}

function liesUnder(repository: string, prefix: string): boolean {
  return prefix === 'ROOT' || repository.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}

function longestFirst<T extends { readonly prefix: string }>(entries: readonly T[]): readonly T[] {
  const reach = ({ prefix }: T) => (prefix === 'ROOT' ? 0 : prefix.length)
  return [...entries].sort((a, b) => reach(b) - reach(a))
}
