import { buildInventory } from '../../../shared/inventory/build.ts'
import type { Inventory } from '../../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import type { Reading } from '../../../shared/sources/reading.ts'

/** The inventory of what was read live in one account and region, with the types of its coverage rows. */
export function inventoryOfReading({ items, coverage }: Pick<Reading, 'items' | 'coverage'>): Inventory {
  const normalized = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  return buildInventory({
    items: normalized,
    types: coverage.map(({ resourceType }) => resourceType),
    coverage,
    assumeRecorded: false,
    scopesSeen: [{ accountId: '111122223333', region: 'eu-central-1', recordedByConfig: false }],
  })
}
