import type { ConfigurationItem } from './configuration-item.ts'
import type { Deletion } from './normalize-item.ts'

/** What is left of all items when each resource keeps only the newest word about it. */
export interface NewestItems {
  /** Sorted by account, region, type, ARN. */
  readonly live: readonly ConfigurationItem[]
  /** Deletions that are the newest word about their resource. */
  readonly gone: readonly Deletion[]
}

/**
 * Keeps the newest capture time of each resource, deletions included. At equal times the later item of the input wins, and
 * a live item wins over a deletion: a resource too many is looked at, a resource too few would be missed.
 */
export function newestItems(items: Iterable<ConfigurationItem>, deletions: Iterable<Deletion>): NewestItems {
  const live = new Map<string, ConfigurationItem>()
  const idsToKeys = new Map<string, string[]>()
  for (const item of items) keepNewest(live, idsToKeys, item)
  const gone = new Map<string, Deletion>()
  for (const deletion of deletions) {
    for (const key of keysOf(deletion, idsToKeys)) applyDeletion(live, gone, key, deletion)
  }
  return { live: [...live.values()].sort(bySortKey), gone: [...gone.values()].sort(bySortKey) }
}

interface Identified {
  readonly accountId: string
  readonly region: string
  readonly resourceType: string
  readonly resourceId: string
  readonly arn: string
}

function keyOf(one: Identified, name: string): string {
  return JSON.stringify([one.accountId, one.region, one.resourceType, name])
}

function keepNewest(
  live: Map<string, ConfigurationItem>,
  idsToKeys: Map<string, string[]>,
  item: ConfigurationItem,
): void {
  const key = keyOf(item, item.arn)
  const other = live.get(key)
  if (other === undefined || other.captureTime <= item.captureTime) live.set(key, item)
  if (other !== undefined) return
  const idKey = keyOf(item, item.resourceId)
  const keys = idsToKeys.get(idKey)
  if (keys) keys.push(key)
  else idsToKeys.set(idKey, [key])
}

/** A deletion that names no ARN speaks of the resources that carry its id. */
function keysOf(deletion: Deletion, idsToKeys: ReadonlyMap<string, string[]>): readonly string[] {
  const named = keyOf(deletion, deletion.arn)
  if (deletion.arn !== deletion.resourceId) return [named]
  // The revisions of a task definition share an id: which of them went nobody said, and one too many is the lesser evil.
  if (deletion.resourceType === 'AWS::ECS::TaskDefinition') return [named]
  return idsToKeys.get(named) ?? [named]
}

function applyDeletion(
  live: Map<string, ConfigurationItem>,
  gone: Map<string, Deletion>,
  key: string,
  deletion: Deletion,
): void {
  const item = live.get(key)
  if (item !== undefined && item.captureTime >= deletion.captureTime) return
  live.delete(key)
  const other = gone.get(key)
  if (other === undefined || other.captureTime <= deletion.captureTime) gone.set(key, deletion)
}

function bySortKey(a: Identified, b: Identified): number {
  return (
    compareText(a.accountId, b.accountId) ||
    compareText(a.region, b.region) ||
    compareText(a.resourceType, b.resourceType) ||
    compareText(a.arn, b.arn) ||
    compareText(a.resourceId, b.resourceId)
  )
}

/** Orders texts by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
