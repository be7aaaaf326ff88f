import { expect, it } from 'vitest'
import { organizationOf } from '../../shared/engine/organization.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { inventoryOf, organization } from '../support/builders.ts'

it('an inventory with organization items says who manages the organization and who belongs to it', () => {
  expect(organizationOf(inventoryOf(organization()), defaultSettings)).toStrictEqual({
    organizationId: 'o-exampleorg1',
    managementAccountId: '999999999999',
    ownAccounts: new Set(),
    organizationAccounts: new Set(['111122223333', '999999999999']),
    trustedAccounts: new Set(),
  })
})

it('an inventory without them says nothing about it', () => {
  expect(organizationOf(inventoryOf([]), defaultSettings)).toStrictEqual({
    ownAccounts: new Set(),
    organizationAccounts: new Set(),
    trustedAccounts: new Set(),
  })
})

it('settings say who is ours besides, and win where the inventory says otherwise', () => {
  const settings = {
    ...defaultSettings,
    organizationId: 'o-settings00',
    ownAccounts: ['222233334444'],
    trustedAccounts: ['333344445555', '444455556666'],
  }
  expect(organizationOf(inventoryOf(organization()), settings)).toStrictEqual({
    organizationId: 'o-settings00',
    managementAccountId: '999999999999',
    ownAccounts: new Set(['222233334444']),
    organizationAccounts: new Set(['111122223333', '999999999999']),
    trustedAccounts: new Set(['333344445555', '444455556666']),
  })
})

it('items that lack their id say nothing, those that have one under either name do', () => {
  const configurations: Readonly<Record<string, readonly JsonObject[]>> = {
    'AWS::Organizations::Organization': [{ Arn: 'a' }, { Id: 'o-second0000' }],
    'AWS::Organizations::Account': [{ Name: 'x' }, { Id: '111122223333' }, { AccountId: '222233334444', Id: 'a' }],
  }
  const inventory = {
    ...inventoryOf([]),
    items: (type: string) => (configurations[type] ?? []).map((configuration) => ({ configuration })),
  } as unknown as Inventory
  expect(organizationOf(inventory, defaultSettings)).toStrictEqual({
    organizationId: 'o-second0000',
    ownAccounts: new Set(),
    organizationAccounts: new Set(['111122223333', '222233334444']),
    trustedAccounts: new Set(),
  })
})
