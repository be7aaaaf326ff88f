import type { Inventory } from '../inventory/inventory.ts'
import { managementAccountIn } from '../inventory/management-account.ts'
import { ownString } from '../model/json.ts'
import type { Organization } from '../model/organization.ts'
import type { Settings } from '../model/settings.ts'

/** Who is ours: what settings state, completed by the AWS Organizations items of the inventory. Settings win. */
export function organizationOf(inventory: Inventory, settings: Settings): Organization {
  const listed = inventory.items('AWS::Organizations::Organization').map((item) => ownString(item.configuration, 'Id'))
  const members = inventory.items('AWS::Organizations::Account').flatMap((item) => {
    const accountId = ownString(item.configuration, 'AccountId') ?? ownString(item.configuration, 'Id')
    return accountId === undefined ? [] : [accountId]
  })
  const organizationId = settings.organizationId ?? listed.find((id) => id !== undefined)
  const managementAccountId = managementAccountIn(inventory.items)
  return {
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
    ...(organizationId === undefined ? {} : { organizationId }),
    ownAccounts: new Set(settings.ownAccounts),
    organizationAccounts: new Set(members),
    trustedAccounts: new Set(settings.trustedAccounts),
  }
}
