import { stringListProperty, stringProperty } from '../../inventory/property.ts'
import { isJsonObject, type JsonObject, own, ownString } from '../../model/json.ts'
import { clip } from '../../model/quote.ts'
import type { ReadFailure } from '../failure.ts'
import type { Reading } from '../reading.ts'
import { accountType, organizationType, unitType } from './reader.ts'

/** Which accounts were asked for; everything when neither is given, accounts of either when both are. */
export interface AccountFilter {
  readonly accounts?: readonly string[]
  /** Ids of organizational units (`ou-…`), the units below included, or of the root (`r-…`). */
  readonly ous?: readonly string[]
}

/** An account of the organization. */
export interface ListedAccount {
  readonly accountId: string
  /** As its owners call it; untrusted text. Undefined for an account without one. */
  readonly name: string | undefined
}

/** The accounts to read, those that are not read and why. */
export interface AccountChoice {
  /** Active accounts, by id. */
  readonly accounts: readonly ListedAccount[]
  /** Accounts that were asked for but cannot be entered, by id. */
  readonly skipped: readonly (ListedAccount & { readonly reason: string })[]
  /** Accounts and units that were asked for and that the organization does not have, as far as it could be listed. */
  readonly missing: readonly { readonly asked: string; readonly reason: string }[]
  /** Why there may be more accounts than are named here; undefined when the listing is complete. */
  readonly incomplete: ReadFailure | undefined
}

/** Chooses from what `readOrganization` gave. */
export function accountsToRead(reading: Reading, filter: AccountFilter = {}): AccountChoice {
  const listing = accountsIn(reading)
  const units = parentsOfUnits(reading)
  const root = rootOf(reading)
  const incomplete = incompletenessOf(reading)
  const wanted = wantedAccounts(listing, units, filter)
  const skipped = wanted.flatMap((one) => skipReason(one, filter) ?? [])
  const out = new Set(skipped.map(({ accountId }) => accountId))
  const unlistedAsked = [
    ...distinct(filter.accounts).filter((id) => !listing.has(id)),
    ...distinct(filter.ous).filter((id) => !units.has(id) && id !== root),
  ]
  return {
    accounts: wanted.filter(({ accountId }) => !out.has(accountId)).map(named),
    skipped,
    missing: unlistedAsked.map((asked) => ({ asked, reason: missingReason(asked, incomplete) })),
    incomplete,
  }
}

interface Entry extends ListedAccount {
  readonly status: string | undefined
  /** Undefined when it could not be read. */
  readonly parentId: string | undefined
}

function accountsIn({ items }: Reading): ReadonlyMap<string, Entry> {
  const entries = itemsOf(items, accountType).map(({ id, configuration }): Entry => {
    const [parentId] = stringListProperty(configuration, 'ParentIds') ?? []
    const name = stringProperty(configuration, 'AccountName')
    return { accountId: id, name, status: stringProperty(configuration, 'Status'), parentId }
  })
  const sorted = entries.sort((a, b) => (a.accountId < b.accountId ? -1 : 1))
  return new Map(sorted.map((entry) => [entry.accountId, entry]))
}

function parentsOfUnits({ items }: Reading): ReadonlyMap<string, string | undefined> {
  return new Map(
    itemsOf(items, unitType).map(({ id, configuration }) => [id, stringProperty(configuration, 'ParentId')]),
  )
}

function rootOf({ items }: Reading): string | undefined {
  const [organization] = itemsOf(items, organizationType)
  return organization && stringProperty(organization.configuration, 'RootId')
}

function itemsOf(items: Reading['items'], type: string): readonly { id: string; configuration: JsonObject }[] {
  return items.flatMap((item) => {
    const configuration = own(item, 'configuration')
    const id = ownString(item, 'resourceId')
    return own(item, 'resourceType') === type && id !== undefined && isJsonObject(configuration)
      ? [{ id, configuration }]
      : []
  })
}

/** The first thing that may hide accounts: their listing, or that of the units they are in. */
function incompletenessOf({ items, coverage, gaps }: Reading): ReadFailure | undefined {
  if (itemsOf(items, organizationType).length === 0 && gaps.length === 0) {
    return { reason: 'the account is in no organization', transience: 'lasting' }
  }
  const rows = [accountType, unitType].map((type) => coverage.find((row) => row.resourceType === type))
  const open = rows.find((row) => row?.status !== 'known')
  if (rows.every((row) => row?.status === 'known')) return undefined
  const gap = gaps.find((one) => one.resourceType === open?.resourceType && one.resourceArn === undefined)
  const reason = gap?.reason ?? open?.reason ?? 'the accounts of the organization were not listed'
  return { reason, transience: gap?.transience ?? 'lasting' }
}

function wantedAccounts(
  listing: ReadonlyMap<string, Entry>,
  units: ReadonlyMap<string, string | undefined>,
  filter: AccountFilter,
): readonly Entry[] {
  if (filter.accounts === undefined && filter.ous === undefined) return [...listing.values()]
  const accounts = new Set(filter.accounts)
  const ous = new Set(filter.ous)
  // An account whose place is not known may be in a unit that was asked for: it is named, not left out.
  return [...listing.values()].filter(
    ({ accountId, parentId }) =>
      accounts.has(accountId) || (ous.size > 0 && (parentId === undefined || isWithin(parentId, ous, units))),
  )
}

function isWithin(start: string, ous: ReadonlySet<string>, units: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let id: string | undefined = start; id !== undefined && !seen.has(id); id = units.get(id)) {
    if (ous.has(id)) return true
    seen.add(id)
  }
  return false
}

const stateTexts: ReadonlyMap<string, string> = new Map([
  ['SUSPENDED', 'the account is suspended'],
  ['PENDING_CLOSURE', 'the account is being closed'],
  ['CLOSED', 'the account is closed'],
  ['PENDING_ACTIVATION', 'the account is not activated yet'],
])

function skipReason(entry: Entry, filter: AccountFilter): (ListedAccount & { readonly reason: string }) | undefined {
  const { accountId, status, parentId } = entry
  if (status !== 'ACTIVE') {
    const reason = stateTexts.get(status ?? '') ?? `the account is not active (${clip(status ?? 'no state')})`
    return { ...named(entry), reason }
  }
  if (parentId === undefined && filter.ous !== undefined && !filter.accounts?.includes(accountId)) {
    return { ...named(entry), reason: 'the place of the account in the organization is not known' }
  }
  return undefined
}

function named({ accountId, name }: Entry): ListedAccount {
  return { accountId, name }
}

function missingReason(asked: string, incomplete: ReadFailure | undefined): string {
  const text = `the organization has no ${/^(ou|r)-/.test(asked) ? 'unit' : 'account'} ${clip(asked)}`
  return incomplete === undefined ? text : `${text} as far as it could be listed: ${incomplete.reason}`
}

function distinct(values: readonly string[] = []): readonly string[] {
  return [...new Set(values)]
}
