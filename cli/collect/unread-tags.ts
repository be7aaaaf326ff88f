import { type UnreadTags, unreadTags } from '../../shared/inventory/unread-tags.ts'
import { ownObject } from '../../shared/model/json.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import { foreignTags } from '../../shared/sources/tags/with-tags.ts'

/** Why tags were asked for and not read, of each resource. */
export function tagFailures({ items }: Pick<Reading, 'items'>): readonly UnreadTags[] {
  const failures = items.flatMap((item) => unreadTags(ownObject(item, 'supplementaryConfiguration') ?? {}) ?? [])
  return failures.filter(({ reason }) => reason !== foreignTags.reason)
}

interface Counts {
  readonly resources: number
  readonly places: number
}

/** Counts what tags were not read of: what is collected is complete without, and somebody should hear of it. */
export class UntaggedResources {
  readonly #counts = new Map<string, Counts>()

  /** Takes note of one account and region. */
  add(reading: Pick<Reading, 'items'>): void {
    for (const [reason, found] of Map.groupBy(tagFailures(reading), (failure) => failure.reason)) {
      const { resources, places } = this.#counts.get(reason) ?? { resources: 0, places: 0 }
      this.#counts.set(reason, { resources: resources + found.length, places: places + 1 })
    }
  }

  /** A line for each reason. */
  get lines(): readonly string[] {
    return [...this.#counts].map(([reason, { resources, places }]) => {
      const what = resources === 1 ? '1 resource' : `${resources} resources`
      const where = places === 1 ? '1 account and region' : `${places} accounts and regions`
      return `tags of ${what} in ${where} were not read (${reason}): exceptions by tag and conditions on tags of repositories are not decided by them`
    })
  }
}
