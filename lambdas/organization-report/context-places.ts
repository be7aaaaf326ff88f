import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { taskDefinitionOf } from '../../shared/inventory/ecs-task-definition.ts'
import { scopeKey } from '../../shared/inventory/listings.ts'
import { isGlobalType, isOrganizationType } from '../../shared/inventory/recordable-types.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { isAwsOwnedRegistry } from '../../shared/pull/aws-owned-registries.ts'
import { privateImagesOf } from '../../shared/pull/task-can-pull.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'

/** Registries of other accounts and regions that are read besides; of more, nothing is known. */
const MOST_REGISTRIES = 8

/** An account and region besides the judged one, and what of it verdicts may rest on. */
export interface ContextPlace extends Scope {
  readonly types: ReadonlySet<string>
}

/** What is judged, and what of other places verdicts on it may rest on. */
export interface ContextQuestion {
  readonly own: Scope
  readonly homeRegion: string
  /** All regions of the run. */
  readonly regions: readonly string[]
  /** Types that are read of the own place. */
  readonly wanted: ReadonlySet<string>
  /** Types of regions that verdicts on what belongs to the account rest on. */
  readonly ofAccount: ReadonlySet<string>
}

/**
 * What has to be read besides an account and region: what belongs to the account, recorded in its home region; for that region,
 * what in the others uses it; and the registries elsewhere that its images come from.
 */
export function contextPlaces(
  { own, homeRegion, regions, wanted, ofAccount }: ContextQuestion,
  items: readonly ConfigurationItem[],
): readonly ContextPlace[] {
  const { accountId, region } = own
  const places = new Map<string, ContextPlace>()
  const add = (scope: Scope, types: Iterable<string>) => {
    const before = places.get(scopeKey(scope))?.types ?? new Set<string>()
    const all = new Set([...before, ...types])
    if (all.size > 0) places.set(scopeKey(scope), { ...scope, types: all })
  }
  if (region !== homeRegion) add({ accountId, region: homeRegion }, [...wanted].filter(belongsToAccount))
  const others = region === homeRegion ? regions.filter((name) => name !== homeRegion) : []
  for (const name of others) add({ accountId, region: name }, ofAccount)
  const ofRegistries = [...wanted].filter((type) => type.startsWith('AWS::ECR::'))
  for (const scope of registriesNamed(own, items).slice(0, MOST_REGISTRIES)) add(scope, ofRegistries)
  return [...places.values()]
}

function belongsToAccount(type: string): boolean {
  return isGlobalType(type) && !isOrganizationType(type)
}

/** The types of regions that rules on what belongs to the account read. */
export function typesBehindAccount(rules: readonly RuleMeta[]): ReadonlySet<string> {
  const reads = rules.filter(({ judges }) => isGlobalType(judges)).flatMap((rule) => rule.reads)
  return new Set(reads.filter((type) => !isGlobalType(type)))
}

/** Other registries that task definitions name, each once, in the order of the items. */
function registriesNamed(own: Scope, items: readonly ConfigurationItem[]): readonly Scope[] {
  const found = new Map<string, Scope>()
  for (const item of items.filter(({ resourceType }) => resourceType === 'AWS::ECS::TaskDefinition')) {
    const images = privateImagesOf(taskDefinitionOf(item))
    for (const { accountId, region } of images.state === 'known' ? images.value : []) {
      const isOwn = accountId === own.accountId && region === own.region
      if (!isOwn && !isAwsOwnedRegistry(accountId, region))
        found.set(scopeKey({ accountId, region }), { accountId, region })
    }
  }
  return [...found.values()]
}
