import { type UnreadTags, unreadTags } from '../../shared/inventory/unread-tags.ts'
import { ownObject } from '../../shared/model/json.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import { foreignTags } from '../../shared/sources/tags/with-tags.ts'

/** Why tags were asked for and not read, each reason once. */
export function tagFailures({ items }: Pick<Reading, 'items'>): readonly UnreadTags[] {
  const failures = items.flatMap((item) => unreadTags(ownObject(item, 'supplementaryConfiguration') ?? {}) ?? [])
  const asked = failures.filter(({ reason }) => reason !== foreignTags.reason)
  return [...new Map(asked.map((failure) => [failure.reason, failure])).values()]
}

/** Counts the accounts and regions whose tags were not read: what is collected is complete without, and somebody should hear of it. */
export class UntaggedRegions {
  readonly #counts = new Map<string, number>()

  /** Takes note of one account and region. */
  add(reading: Pick<Reading, 'items'>): void {
    for (const { reason } of tagFailures(reading)) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
  }

  /** A line for each reason. */
  get lines(): readonly string[] {
    return [...this.#counts].map(([reason, count]) => {
      const where = count === 1 ? '1 account and region' : `${count} accounts and regions`
      return `tags in ${where} were not read (${reason}): exceptions by tag do not cover what carries them`
    })
  }
}
