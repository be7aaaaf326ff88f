import type { AwsManagedPolicies } from '../model/aws-managed-policy.ts'
import type { CoverageEntry, Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import { everything, type Gap, listingOf, scopeKey } from './listings.ts'
import { compareText, newestItems } from './newest-items.ts'
import type { Deletion } from './normalize-item.ts'
import { accountType, globalRegion, isGlobalType, isOrganizationType } from './recordable-types.ts'
import { type Listings, type ViewGroups, withViews } from './typed-views.ts'

/** An account and region that some file spoke of. */
export interface SeenScope extends Scope {
  /** True when AWS Config wrote it, so that silence about a type may be read as absence. */
  readonly recordedByConfig: boolean
}

/** Everything an inventory is built from. */
export interface InventoryParts {
  readonly items: Iterable<ConfigurationItem>
  /** Types that were read and that the coverage ledger reports on; the listing of any other type without items is unknown. */
  readonly types: readonly string[]
  /** Rows a source stated itself; they win over what is derived. */
  readonly coverage?: readonly CoverageEntry[]
  /** The setting: read silence of a recorder we know nothing about as absence, with an assumption. */
  readonly assumeRecorded: boolean
  readonly deletions?: Iterable<Deletion>
  /** Parts of the estate that could not be read. */
  readonly gaps?: readonly Gap[]
  /** Scopes of all items, skipped ones included; without it, the scopes of `items`, taken as recorded by AWS Config. */
  readonly scopesSeen?: readonly SeenScope[]
  /** A capture of the policies AWS wrote, for estates whose files do not carry them. */
  readonly capturedPolicy?: AwsManagedPolicies
}

/**
 * Builds the immutable inventory: newest items, the known / absent / unknown ledger, and the typed resources that the groups of views
 * show. Asking for any other throws.
 */
export function assembleInventory(parts: InventoryParts, views: ViewGroups): Inventory {
  const { live, gone } = newestItems(parts.items, parts.deletions ?? [])
  const coverage = parts.coverage ?? []
  const seen = parts.scopesSeen ?? live.map((item) => ({ ...scopeOf(item), recordedByConfig: true }))
  const gaps = [...(parts.gaps ?? []), ...gapsOfStoppedRecording(gone, coverage)]
  const index = indexOf(live)
  const items = (type: string) => index.byType.get(type) ?? []
  const listing = listingOf({
    itemsOf: (type, scope) => index.byTypeAndScope.get(typeKey(type, scope)) ?? [],
    coverage,
    gaps,
    recordedScopes: distinctScopes(seen.filter((scope) => scope.recordedByConfig)),
    assumeRecorded: parts.assumeRecorded,
    types: new Set(parts.types),
  })
  const whole = coverage.filter((row) => row.resourceType === everything)
  // Accounts that nobody could list are missing from everything, whatever was asked for.
  const unlistedAccounts = coverage.filter((row) => row.resourceType === accountType && row.status === 'unknown')
  const scopes = distinctScopes([...seen, ...live, ...coverage, ...gaps].filter((one) => one.region !== everything))
  const listings: Listings = {
    scopes,
    coverage: [
      ...ledger(ledgerScopes(scopes, parts.types), parts.types, listing)
        .filter(organizationRowsWorthStating([...live, ...coverage]))
        .filter((row) => !whole.some((one) => one.status === 'unknown' && covers(one, row))),
      ...distinctRows([
        ...whole,
        ...(parts.types.includes(accountType) ? [] : unlistedAccounts),
        ...coverage.filter((row) => row.resourceArn !== undefined && parts.types.includes(row.resourceType)),
      ]),
    ].sort(byPlace),
    items,
    listing,
    capturedPolicy: parts.capturedPolicy ?? (() => undefined),
  }
  return withViews(listings, views)
}

/** True for a row about everything of a scope, or of an account, that a row is part of. */
function covers(whole: CoverageEntry, row: CoverageEntry): boolean {
  return whole.accountId === row.accountId && (whole.region === everything || whole.region === row.region)
}

/** Each row once: files may repeat each other. */
function distinctRows(rows: readonly CoverageEntry[]): readonly CoverageEntry[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function byPlace(a: CoverageEntry, b: CoverageEntry): number {
  return (
    compareText(a.accountId, b.accountId) ||
    compareText(a.region, b.region) ||
    compareText(a.resourceType, b.resourceType) ||
    compareText(a.resourceArn ?? '', b.resourceArn ?? '')
  )
}

function scopeOf({ accountId, region }: Scope): Scope {
  return { accountId, region }
}

function typeKey(type: string, scope: Scope): string {
  return `${scopeKey(scope)} ${type}`
}

function indexOf(live: readonly ConfigurationItem[]) {
  const byType = new Map<string, ConfigurationItem[]>()
  const byTypeAndScope = new Map<string, ConfigurationItem[]>()
  for (const item of live) {
    append(byType, item.resourceType, item)
    append(byTypeAndScope, typeKey(item.resourceType, item), item)
  }
  return { byType, byTypeAndScope }
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

/** A recorder that stopped recording a type leaves its listing open, unless another source listed it. */
function gapsOfStoppedRecording(gone: readonly Deletion[], coverage: readonly CoverageEntry[]): readonly Gap[] {
  const listed = new Set(coverage.map((row) => typeKey(row.resourceType, row)))
  return gone
    .filter((one) => one.recordingStopped && !listed.has(typeKey(one.resourceType, one)))
    .map(({ accountId, region, resourceType }) => ({
      accountId,
      region,
      resourceType,
      reason: `the recorder stopped recording ${resourceType} of account ${accountId} in ${region}`,
    }))
}

function distinctScopes(all: readonly Scope[]): readonly Scope[] {
  const scopes = new Map(all.map((one) => [scopeKey(one), scopeOf(one)]))
  return [...scopes.values()].sort((a, b) => compareText(a.accountId, b.accountId) || compareText(a.region, b.region))
}

/** One row per scope and type; global types belong to the global scope, regional types to the others. */
function ledger(
  scopes: readonly Scope[],
  types: readonly string[],
  listing: Inventory['listing'],
): readonly CoverageEntry[] {
  const sorted = [...new Set(types)].sort(compareText)
  return scopes.flatMap((scope) =>
    sorted
      .filter((type) => isGlobalType(type) === (scope.region === globalRegion))
      .map((resourceType): CoverageEntry => {
        const fact = listing(resourceType, scope)
        const row = { ...scope, resourceType }
        return fact.state === 'unknown'
          ? { ...row, status: 'unknown', reason: fact.reason }
          : { ...row, status: 'known' }
      }),
  )
}

/** Global types have rows for every account, also where no global resource was found. */
function ledgerScopes(scopes: readonly Scope[], types: readonly string[]): readonly Scope[] {
  if (!types.some(isGlobalType)) return scopes
  return distinctScopes([...scopes, ...scopes.map(({ accountId }) => ({ accountId, region: globalRegion }))])
}

/**
 * One account lists an organization for all others: theirs have no rows of their own, unless nobody listed it. An account of
 * which nothing but its organization was read was not meant to be read.
 */
function organizationRowsWorthStating(
  told: readonly { readonly accountId: string; readonly resourceType: string }[],
): (row: CoverageEntry) => boolean {
  const tellers = new Set(told.filter((one) => isOrganizationType(one.resourceType)).map((one) => one.accountId))
  const read = new Set(told.filter((one) => !isOrganizationType(one.resourceType)).map((one) => one.accountId))
  return ({ accountId, resourceType }) =>
    isOrganizationType(resourceType)
      ? tellers.size === 0 || tellers.has(accountId)
      : read.has(accountId) || !tellers.has(accountId)
}
