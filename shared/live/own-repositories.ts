import type { EcsService } from '../inventory/ecs.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Scope } from '../model/resource.ts'
import { imagesOfService } from '../rules/service-images.ts'

/** The repositories of our own registry that services run images of, sorted; of unknown images nobody can say any. */
export function ownRepositoriesOf(
  services: readonly EcsService[],
  inventory: Inventory,
  { accountId, region }: Scope,
): readonly string[] {
  const names = services.flatMap((service) => {
    const images = imagesOfService(service, inventory)
    if (images.state !== 'known') return []
    return images.value.flatMap(({ reference }) => {
      const isOwn = reference.kind === 'ecrPrivate' && reference.accountId === accountId && reference.region === region
      return isOwn ? [reference.repository] : []
    })
  })
  return [...new Set(names)].sort()
}
