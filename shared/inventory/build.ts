import { assembleInventory, type InventoryParts } from './assemble.ts'
import type { Inventory } from './inventory.ts'
import { allViews } from './view-groups.ts'

export type { InventoryParts, SeenScope } from './assemble.ts'

/** Builds the immutable inventory with every typed view there is; `assembleInventory` takes a part of them. */
export function buildInventory(parts: InventoryParts): Inventory {
  return assembleInventory(parts, allViews)
}
