import { absent, type Fact, known, unknown } from '../model/fact.ts'
import type { CoverageEntry, Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import { globalRegion, isGlobalType, isRecordable, recorderType } from './recordable-types.ts'
import { recordingOf } from './recorder.ts'

/** Something that could not be read: what it may have held cannot be listed. */
export interface Gap extends Scope {
  /** Undefined when anything of the account and region may have been in it. */
  readonly resourceType: string | undefined
  readonly reason: string
}

/** As type or region of a coverage row: all of them. */
export const everything = '*'

/** What the decision "known, absent or unknown" rests on. */
export interface ListingGround {
  itemsOf(resourceType: string, scope: Scope): readonly ConfigurationItem[]
  readonly coverage: readonly CoverageEntry[]
  readonly gaps: readonly Gap[]
  /** Scopes of which files written by AWS Config hold some item. */
  readonly recordedScopes: readonly Scope[]
  readonly assumeRecorded: boolean
  /** Types that were read at all; items of others were skipped. */
  readonly types: ReadonlySet<string>
}

/** The `listing` of an inventory: `docs/snapshot-format.md`, "Known, absent, unknown". */
export function listingOf(ground: ListingGround): (type: string, scope: Scope) => Fact<readonly ConfigurationItem[]> {
  const rows = coverageRows(ground.coverage)
  const recorded = new Set(ground.recordedScopes.map(scopeKey))
  const recordedAccounts = new Set(ground.recordedScopes.map((scope) => scope.accountId))
  const recorders = recordersByAccount(ground)
  return (type, scope) => {
    const items = ground.itemsOf(type, scope)
    const listed = items.length > 0 ? known(items) : absent<readonly ConfigurationItem[]>()
    const gap = ground.gaps.find((one) => touches(one, type, scope))
    if (gap) return unknown(gap.reason)
    const row = rows(type, scope)
    if (row) return row.status === 'known' ? listed : unknown(row.reason ?? `${named(type, scope)} could not be listed`)
    if (items.length > 0) return listed
    if (!ground.types.has(type)) return unknown(`${type} was not among the types that were read`)
    const heldSome =
      scope.region === globalRegion ? recordedAccounts.has(scope.accountId) : recorded.has(scopeKey(scope))
    if (!heldSome) return unknown(`no configuration item of account ${scope.accountId} in ${scope.region} was read`)
    return derived(type, scope, recorders.get(scope.accountId) ?? [], ground.assumeRecorded)
  }
}

/** A text that is the same for equal scopes and different for others. */
export function scopeKey(scope: Scope): string {
  return `${scope.accountId} ${scope.region}`
}

/** Rules 2 and 3 of the contract: no item of the type, some other item of the scope. */
function derived<T>(type: string, scope: Scope, recorders: readonly ConfigurationItem[], assume: boolean): Fact<T> {
  const asked = scope.region === globalRegion ? recorders : recorders.filter((one) => one.region === scope.region)
  const answers = asked.map((recorder) => recordingOf(recorder, type))
  if (answers.includes('recorded')) return absent()
  if (!isRecordable(type)) return unknown(`AWS Config cannot record ${type}`)
  // A global type is recorded in one region of the account, whose recorder we may not have: one that says no proves nothing.
  if (answers.includes('not recorded') && !isGlobalType(type))
    return unknown(`the recorder does not record ${named(type, scope)}`)
  if (answers.includes('not recorded'))
    return unknown(`no recorder of account ${scope.accountId} that was read records ${type}`)
  return assume
    ? absent([`assumes the recorder records ${type}`])
    : unknown(`nothing says that the recorder records ${named(type, scope)}`)
}

function named(type: string, scope: Scope): string {
  return `${type} of account ${scope.accountId} in ${scope.region}`
}

function rowKey(type: string, scope: Scope): string {
  return `${scopeKey(scope)} ${type}`
}

/**
 * The row that decides about a type in a scope: its own, or one about everything of the scope or the account. Where rows disagree
 * the unknown one stands. Rows about a single resource say nothing about listings.
 */
function coverageRows(coverage: readonly CoverageEntry[]): (type: string, scope: Scope) => CoverageEntry | undefined {
  const rows = new Map<string, CoverageEntry>()
  for (const row of coverage.filter(({ resourceArn }) => resourceArn === undefined)) {
    const key = rowKey(row.resourceType, row)
    if (rows.get(key)?.status !== 'unknown') rows.set(key, row)
  }
  return (type, scope) => {
    const whole = [rows.get(rowKey(everything, scope)), rows.get(rowKey(everything, { ...scope, region: everything }))]
    return whole.find((row) => row?.status === 'unknown') ?? rows.get(rowKey(type, scope))
  }
}

/** An unreadable file of a region may also have held global resources: AWS Config writes those into one region's files. */
function touches(gap: Gap, type: string, scope: Scope): boolean {
  if (gap.accountId !== scope.accountId) return false
  if (gap.resourceType !== undefined && gap.resourceType !== type) return false
  return gap.region === scope.region || scope.region === globalRegion
}

function recordersByAccount(ground: ListingGround): ReadonlyMap<string, readonly ConfigurationItem[]> {
  const recorders = new Map<string, ConfigurationItem[]>()
  for (const scope of ground.recordedScopes) {
    const found = recorders.get(scope.accountId) ?? []
    found.push(...ground.itemsOf(recorderType, scope))
    recorders.set(scope.accountId, found)
  }
  return recorders
}
