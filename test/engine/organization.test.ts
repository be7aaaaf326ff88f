import { expect, it } from 'vitest'
import { organizationOf } from '../../shared/engine/organization.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { inventoryOf, organization } from '../support/builders.ts'

it('an inventory with organization items says who manages the organization and who belongs to it', () => {
  expect(organizationOf(inventoryOf(organization()), defaultSettings)).toEqual({
    organizationId: 'o-exampleorg1',
    managementAccountId: '999999999999',
    ownAccounts: new Set(),
    organizationAccounts: new Set(['111122223333', '999999999999']),
    trustedAccounts: new Set(),
  })
})

it('an inventory without them says nothing about it', () => {
  expect(organizationOf(inventoryOf([]), defaultSettings)).toEqual({
    ownAccounts: new Set(),
    organizationAccounts: new Set(),
    trustedAccounts: new Set(),
  })
})
