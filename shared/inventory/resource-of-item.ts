import type { ConfigurationItem } from './configuration-item.ts'
import type { InventoryResource } from './inventory.ts'

/** Where the resource of an item is and when it was seen. */
export function resourceOfItem(item: ConfigurationItem): InventoryResource {
  const { resourceType: type, resourceId: id, arn, accountId, region } = item
  return { ref: { type, id, arn, accountId, region }, observedAt: item.captureTime }
}
