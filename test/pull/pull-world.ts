import type { Role } from '../../shared/inventory/iam.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { Organization } from '../../shared/model/organization.ts'
import type { PullWorld } from '../../shared/pull/types.ts'
import { type EstatePart, inventoryOf } from '../support/builders.ts'

const organization: Organization = {
  organizationId: 'o-exampleorg1',
  ownAccounts: new Set(),
  organizationAccounts: new Set(['222222222222']),
  trustedAccounts: new Set(),
}

/** A world of an estate, at the time of every case. */
export function worldOf(parts: readonly EstatePart[], more: Partial<Organization> = {}): PullWorld {
  return {
    inventory: inventoryOf(parts),
    organization: { ...organization, ...more },
    now: new Date('2026-11-21T00:00:00Z'),
  }
}

/** The first role of the estate, or the one with this name. */
export function roleIn({ roles }: Inventory, wanted?: string): Role {
  const role = roles.find(({ name }) => wanted === undefined || name === wanted)
  if (role === undefined) throw new Error(`no role ${wanted ?? ''}`)
  return role
}
