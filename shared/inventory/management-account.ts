import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import { stringProperty } from './property.ts'

/** The management account of the organization that the items describe; undefined without one, and with items of several organizations. */
export function managementAccountIn(items: Inventory['items']): string | undefined {
  return onlyOne(managementAccountsIn(items))
}

/** The management accounts of all organizations that the items describe. */
export function managementAccountsIn(items: Inventory['items']): readonly string[] {
  return distinct(items('AWS::Organizations::Organization').map(managementAccountOf))
}

function managementAccountOf({ configuration }: ConfigurationItem): string | undefined {
  return stringProperty(configuration, 'ManagementAccountId') ?? stringProperty(configuration, 'MasterAccountId')
}

/** Each value that is known, once. */
export function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}

/** With items of several organizations no single one is "the" organization. */
export function onlyOne(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined
}
