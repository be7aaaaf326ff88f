import { describe, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { type Listings, withViews } from '../../shared/inventory/typed-views.ts'
import { allViews, registryViews } from '../../shared/inventory/view-groups.ts'
import { absent } from '../../shared/model/fact.ts'
import { home, inventoryOf, role } from '../support/builders.ts'

const item: ConfigurationItem = {
  ...home,
  resourceType: 'AWS::ECR::Repository',
  resourceId: 'app',
  resourceName: 'app',
  arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
  captureTime: '2026-01-01T00:00:00.000Z',
  status: 'OK',
  configuration: {},
  supplementaryConfiguration: {},
  tags: new Map(),
}

function listingsOf(parts: Parameters<typeof inventoryOf>[0]): Listings {
  const { scopes, coverage, items, listing, capturedPolicy } = inventoryOf(parts)
  return { scopes, coverage, items, listing, capturedPolicy }
}

describe('typed views', () => {
  it('are made when they are first asked for, once', () => {
    const asked: string[] = []
    const items = (type: string) => {
      asked.push(type)
      return []
    }
    const capturedPolicy = () => undefined
    const listings = { scopes: [home], coverage: [], items, listing: () => absent(), capturedPolicy }
    const inventory = withViews(listings, allViews)
    expect(asked).toEqual([])
    expect(inventory.repositories).toBe(inventory.repositories)
    inventory.role('a', home)
    inventory.role('b', home)
    expect(asked).toEqual(['AWS::ECR::Repository', 'AWS::IAM::Role'])
  })

  it('of an inventory cannot be replaced', () => {
    const inventory = inventoryOf([role()])
    expect(Object.isFrozen(inventory)).toBe(true)
    expect(Object.keys(inventory)).toContain('roles')
    expect({ ...inventory }.roles).toBe(inventory.roles)
  })

  it('that no group makes throw an error with their name, never an empty list', () => {
    const inventory = withViews(listingsOf([role()]), [registryViews])
    expect(inventory.repositories).toEqual([])
    expect(() => inventory.roles).toThrow('this inventory was built without the view "roles"')
    expect(() => inventory.role('exec', home)).toThrow('this inventory was built without the view "role"')
    expect(() => inventory.network.vpcs).toThrow('this inventory was built without the view "network"')
    expect(Object.keys({ ...inventory })).not.toContain('roles')
  })

  it('are all made by the list of all groups, each by one', () => {
    const listings = listingsOf([])
    const made = allViews.flatMap((group) => Object.keys(group(listings)))
    const names = Object.getOwnPropertyNames(withViews(listings, []))
    expect([...made, ...Object.keys(listings)].sort()).toEqual(names.sort())
  })
})

describe('the ledger of global types', () => {
  const inventory = (types: readonly string[], more: readonly ConfigurationItem[] = []) =>
    buildInventory({ items: [item, ...more], types, assumeRecorded: true })
  const other = '444455556666'
  const organizations: ConfigurationItem = {
    ...item,
    accountId: other,
    region: 'global',
    resourceType: 'AWS::Organizations::Policy',
    resourceId: 'p-1',
    arn: 'p-1',
  }

  it('has a row for the account although no global resource was found', () => {
    expect(inventory(['AWS::IAM::Role', 'AWS::ECR::Repository']).coverage).toEqual([
      { ...home, resourceType: 'AWS::ECR::Repository', status: 'known' },
      { accountId: home.accountId, region: 'global', resourceType: 'AWS::IAM::Role', status: 'known' },
    ])
  })

  it('says that instance profiles nobody listed are unknown', () => {
    expect(inventory(['AWS::IAM::InstanceProfile']).coverage).toMatchObject([
      { region: 'global', status: 'unknown', reason: 'AWS Config cannot record AWS::IAM::InstanceProfile' },
    ])
  })

  it('states an organization in the account that listed it, or as missing everywhere', () => {
    const type = 'AWS::Organizations::Policy'
    expect(inventory([type]).coverage).toMatchObject([{ accountId: home.accountId, status: 'unknown' }])
    expect(inventory([type], [organizations]).coverage).toEqual([
      { accountId: other, region: 'global', resourceType: type, status: 'known' },
    ])
  })
})
