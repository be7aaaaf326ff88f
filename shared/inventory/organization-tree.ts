import { absent, type Fact, known, mapFact, unknown } from '../model/fact.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import { distinct, managementAccountsIn, onlyOne } from './management-account.ts'
import { guardrailsOf } from './organization-guardrails.ts'
import type { GuardrailType, OrganizationLevel, OrganizationTree } from './organizations.ts'
import { stringListProperty, stringProperty } from './property.ts'

const organizationType = 'AWS::Organizations::Organization'
const accountType = 'AWS::Organizations::Account'
const unitType = 'AWS::Organizations::OrganizationalUnit'

/** AWS allows five levels of organizational units; a longer way is a cycle or not one of AWS's. */
const maxLevels = 20

/** The tree that the AWS Organizations items of any account describe. */
export function organizationTreeOf(inventory: Pick<Inventory, 'items' | 'listing' | 'coverage'>): OrganizationTree {
  const organizations = inventory.items(organizationType)
  const managers = managementAccountsIn(inventory.items)
  const wayTo = wayFinder(inventory.items)
  const guardrails = guardrailsOf(inventory, managers)
  const levelsOf = (accountId: string, type: GuardrailType): Fact<readonly OrganizationLevel[]> => {
    if (managers.includes(accountId)) return absent()
    const attached = guardrails(type)
    if (attached.state !== 'known') return attached
    return mapFact(wayTo(accountId), (way) =>
      way.map((orgIdentifier) => ({ orgIdentifier, guardrails: attached.value.get(orgIdentifier) ?? [] })),
    )
  }
  const organizationId = onlyOne(distinct(organizations.map((item) => stringProperty(item.configuration, 'Id'))))
  return {
    managementAccountId: onlyOne(managers),
    organizationId,
    levelsOf: remembered(levelsOf),
    pathOf: (accountId) => {
      if (organizationId === undefined) return unknown(`no ${organizationType} item says which organization it is`)
      // The last part of the way is the account itself, which is no part of the path.
      return mapFact(wayTo(accountId), (way) => `${[organizationId, ...way.slice(0, -1)].join('/')}/`)
    },
  }
}

/** The ids from the root to an account, both included. */
function wayFinder(items: Inventory['items']): (accountId: string) => Fact<readonly string[]> {
  const accounts = new Map(items(accountType).map((item) => [accountIdOf(item), item]))
  const parents = new Map(
    items(unitType).map((item) => [
      stringProperty(item.configuration, 'Id') ?? item.resourceId,
      stringProperty(item.configuration, 'ParentId'),
    ]),
  )
  return (accountId) => {
    const account = accounts.get(accountId)
    if (account === undefined) return unknown(`no ${accountType} item describes account ${accountId}`)
    const stated = parentsOf(account)
    if (stated.length === 0) return unknown(`the parent of account ${accountId} in the organization is missing`)
    const above = stated.length > 1 ? rootFirst(stated, accountId) : climbed(stated[0] as string, parents)
    return mapFact(above, (way) => [...way, accountId])
  }
}

function accountIdOf({ configuration, resourceId }: ConfigurationItem): string {
  return stringProperty(configuration, 'AccountId') ?? stringProperty(configuration, 'Id') ?? resourceId
}

function parentsOf({ configuration }: ConfigurationItem): readonly string[] {
  return stringListProperty(configuration, 'ParentIds') ?? stringListProperty(configuration, 'ParentId') ?? []
}

/** Some writers list the whole way, from either end. */
function rootFirst(way: readonly string[], accountId: string): Fact<readonly string[]> {
  if (isRoot(way[0])) return known(way)
  if (isRoot(way.at(-1))) return known([...way].reverse())
  return unknown(`the parents of account ${accountId} do not name the root of the organization`)
}

function climbed(start: string, parents: ReadonlyMap<string, string | undefined>): Fact<readonly string[]> {
  const way = [start]
  while (!isRoot(way[0])) {
    const below = way[0] as string
    const parent = parents.get(below)
    if (parent === undefined) return unknown(`no ${unitType} item names the parent of ${below}`)
    if (way.includes(parent) || way.length >= maxLevels)
      return unknown(`the organizational units above ${start} form a cycle`)
    way.unshift(parent)
  }
  return known(way)
}

function isRoot(id: string | undefined): boolean {
  return id?.startsWith('r-') ?? false
}

function remembered(levelsOf: OrganizationTree['levelsOf']): OrganizationTree['levelsOf'] {
  const made = new Map<string, ReturnType<OrganizationTree['levelsOf']>>()
  return (accountId, type) => {
    const key = `${accountId} ${type}`
    const levels = made.get(key) ?? levelsOf(accountId, type)
    made.set(key, levels)
    return levels
  }
}
