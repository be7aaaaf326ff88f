import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { normalizeItem, regionOfItem } from '../../shared/inventory/normalize-item.ts'
import { isJsonObject, type JsonObject, ownString } from '../../shared/model/json.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'

/** What an account and region is judged by. */
export type Evidence =
  | { readonly source: 'snapshot'; readonly takenAt: string }
  | { readonly source: 'aggregator' }
  /** It is not judged. `class` is one word for tables. */
  | {
      readonly source: 'none'
      readonly class: 'no-snapshot' | 'stale' | 'unreadable' | 'not-collected'
      readonly reason: string
    }

/** What was read of an account and region, in the shape `buildInventory` takes. */
export type Facts = Pick<SnapshotFiles, 'items' | 'deletions' | 'coverage' | 'scopesSeen' | 'gaps' | 'problems'>

/** What was read, or why nothing was. */
export type Found =
  | { readonly evidence: Exclude<Evidence, { readonly source: 'none' }>; readonly facts: Facts }
  | { readonly evidence: Extract<Evidence, { readonly source: 'none' }> }

/** Nothing is known. */
export const noFacts: Facts = { items: [], deletions: [], coverage: [], scopesSeen: [], gaps: [], problems: [] }

/** Several readings as one. */
export function joinFacts(all: readonly Facts[]): Facts {
  return {
    items: all.flatMap(({ items }) => items),
    deletions: all.flatMap(({ deletions }) => deletions),
    coverage: all.flatMap(({ coverage }) => coverage),
    scopesSeen: all.flatMap(({ scopesSeen }) => scopesSeen),
    gaps: all.flatMap(({ gaps }) => gaps),
    problems: all.flatMap(({ problems }) => problems),
  }
}

/** Items that we read ourselves, or that the hub did: their coverage says what is known, and silence means nothing. */
export function factsOf(raw: readonly JsonObject[], coverage: readonly CoverageEntry[]): Facts {
  const items: ConfigurationItem[] = []
  const bad: CoverageEntry[] = []
  for (const one of raw) {
    const normalized = normalizeItem(one)
    if (normalized.ok && !normalized.deleted) items.push(normalized.item)
    else if (!normalized.ok) bad.push(...unreadable(one, normalized.reason))
  }
  const scopesSeen = items.map(({ accountId, region }) => ({ accountId, region, recordedByConfig: false }))
  return { ...noFacts, items, coverage: [...coverage, ...bad], scopesSeen }
}

/** The type of an item that cannot be read is not known to its end. */
function unreadable(item: JsonObject, reason: string): readonly CoverageEntry[] {
  if (!isJsonObject(item)) return []
  const accountId = ownString(item, 'awsAccountId') ?? ownString(item, 'accountId')
  const resourceType = ownString(item, 'resourceType')
  const region = resourceType && regionOfItem(resourceType, ownString(item, 'awsRegion'))
  if (accountId === undefined || !resourceType || !region) return []
  return [{ accountId, region, resourceType, status: 'unknown', reason: `an item cannot be read: ${reason}` }]
}
