import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'

/** What came of one account and region that was read. */
export interface ScopeTotals {
  readonly items: number
  /** Types that were listed completely. */
  readonly known: number
  /** Rows of the coverage ledger that are unknown. */
  readonly unknown: number
  /** Requests made. */
  readonly calls: number
}

/** One account and region (`global` for what belongs to no region) with what came of it; no totals: not read yet. */
export interface ScopeProgress extends Scope {
  readonly totals?: ScopeTotals
}

/** How far the reading is. */
export interface CollectProgress {
  readonly accounts: { readonly done: number; readonly total: number }
  readonly scopes: { readonly done: number; readonly total: number }
  readonly calls: number
}

/**
 * What was to be read, what was, and what was not: at any moment it can say what is not covered. Nothing leaves it
 * silently: an account or region that was expected and never read is a row of its own.
 */
export class CoverageLedger {
  /** Regions are undefined as long as nobody knows which the account has. */
  readonly #accounts = new Map<string, Map<string, ScopeTotals | undefined> | undefined>()
  /** Accounts that were read for what they tell about others. */
  readonly #tellers = new Set<string>()
  readonly #rows: CoverageEntry[] = []
  readonly #unknown: CoverageEntry[] = []
  #calls = 0

  /** The account is to be read. */
  expectAccount(accountId: string): void {
    if (!this.#accounts.has(accountId)) this.#accounts.set(accountId, undefined)
  }

  /** These regions of the account are to be read. */
  expectRegions(accountId: string, regions: readonly string[]): void {
    const held = this.#accounts.get(accountId) ?? new Map<string, ScopeTotals | undefined>()
    for (const region of regions) if (!held.has(region)) held.set(region, undefined)
    this.#accounts.set(accountId, held)
  }

  /** The account or region cannot be read at all; it is expected no longer. */
  notCovered(row: CoverageEntry): void {
    this.#rows.push(row)
    const regions = this.#accounts.get(row.accountId)
    if (row.resourceType !== '*') return
    if (row.region === '*') this.#accounts.set(row.accountId, new Map())
    else regions?.delete(row.region)
  }

  /** The account is not to be read after all. */
  forget(accountId: string): void {
    this.#accounts.delete(accountId)
  }

  /** The scope was read, or is kept from an earlier run; `unknown` are the rows of it that are not covered. */
  read(scope: Scope, totals: ScopeTotals, unknown: readonly CoverageEntry[]): void {
    this.expectRegions(scope.accountId, [scope.region])
    this.#accounts.get(scope.accountId)?.set(scope.region, totals)
    this.#unknown.push(...unknown)
  }

  /** The account tells about the organization and is not to be read itself. */
  tells(accountId: string): void {
    this.#tellers.add(accountId)
  }

  /** Accounts that were to be read themselves, sorted. */
  get wantedAccountIds(): readonly string[] {
    return this.accountIds.filter((id) => !this.#tellers.has(id))
  }

  /** A call was made. */
  called(attempts: number): void {
    this.#calls += attempts
  }

  /** All accounts, those that could not be entered included. */
  get accountIds(): readonly string[] {
    return [...this.#accounts.keys()].sort()
  }

  /** Every account and region that was or is to be read, sorted. */
  get scopes(): readonly ScopeProgress[] {
    return this.accountIds.flatMap((accountId) =>
      [...(this.#accounts.get(accountId) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([region, totals]) => ({ accountId, region, ...(totals === undefined ? {} : { totals }) })),
    )
  }

  /** Rows of what no reading covers: what could not be entered, and what was not read because of `why`. */
  uncovered(why: string): readonly CoverageEntry[] {
    const rows = [...this.#rows, ...this.#unread(`not read: ${why}`)]
    return rows.sort((a, b) => compare(a.accountId, b.accountId) || compare(a.region, b.region))
  }

  /** Rows of what was read that are unknown. */
  get unknown(): readonly CoverageEntry[] {
    return this.#unknown
  }

  get progress(): CollectProgress {
    const { scopes } = this
    const open = new Set(scopes.filter(({ totals }) => totals === undefined).map(({ accountId }) => accountId))
    const done = this.accountIds.filter((id) => this.#accounts.get(id) !== undefined && !open.has(id)).length
    return {
      accounts: { done, total: this.#accounts.size },
      scopes: { done: scopes.filter(({ totals }) => totals !== undefined).length, total: scopes.length },
      calls: this.#calls,
    }
  }

  #unread(reason: string): readonly CoverageEntry[] {
    const whole = this.accountIds.filter((id) => this.#accounts.get(id) === undefined)
    const parts = this.scopes.filter(({ totals }) => totals === undefined)
    return [...whole.map((accountId) => ({ accountId, region: '*' })), ...parts].map(({ accountId, region }) => ({
      accountId,
      region,
      resourceType: '*',
      status: 'unknown',
      reason,
    }))
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
