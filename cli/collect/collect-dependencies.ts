import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import type { EstateClients, EstateReader } from '../../shared/sources/estate/reader.ts'
import type { CallReport } from '../../shared/sources/polite/politeness.ts'
import type { Answer, Reading } from '../../shared/sources/reading.ts'
import type { RegionState } from '../../shared/sources/regions/list-regions.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import type { CollectPlan, OrganizationScope } from './collect-plan.ts'
import type { CoverageLedger, ScopeTotals } from './coverage-ledger.ts'

/** One account and region as it was read; region `global` for what belongs to none. */
export interface ScopeReading extends Scope {
  readonly reading: Reading
  /** Requests made for it. */
  readonly calls: number
}

/** An identity in an account, or why there is none. */
export type Entry =
  | { readonly state: 'open'; readonly session: Session }
  | { readonly state: 'refused'; readonly reason: string }

/** What an aggregator gave, and rows of what it cannot speak of. */
export interface AggregatedEstate {
  readonly scopes: readonly ScopeReading[]
  readonly rows: readonly CoverageEntry[]
}

/** How AWS is read; tests hand in their own. */
export interface EstateReaders {
  readonly readRegion: (reader: EstateReader, choice: CollectPlan['choice']) => Promise<Reading>
  readonly readGlobal: (reader: EstateReader, choice: CollectPlan['choice']) => Promise<Reading>
  readonly readOrganization: (reader: EstateReader) => Promise<Reading>
  readonly listRegions: (reader: EstateReader) => Promise<Answer<readonly RegionState[]>>
  readonly readAggregator: (reader: EstateReader, plan: CollectPlan) => Promise<AggregatedEstate>
}

/** Everything about the process. */
export interface CollectDependencies {
  /** The caller's own session. */
  readonly own: Session
  /** Where calls go that belong to no region of the plan. */
  readonly homeRegion: string
  /** Clients for an account and region; `onCall` hears of every call. */
  readonly connect: (session: Session, region: string, onCall: (report: CallReport) => void) => EstateClients
  readonly assume: (accountId: string, role: OrganizationScope) => Promise<Entry>
  readonly readers: EstateReaders
  readonly now: () => Date
  /** Upper bound of one call with all its attempts, milliseconds. */
  readonly callTimeout: number
  readonly ledger: CoverageLedger
  /** Accounts and regions read at the same time. */
  readonly concurrency?: { readonly accounts: number; readonly regions: number }
  /** What an earlier run has of the scope, so that it need not be read again. */
  readonly done?: (scope: Scope) => ScopeTotals | undefined
  /** Items of each type the last run found in the scope. */
  readonly before?: (scope: Scope) => ReadonlyMap<string, number> | undefined
  readonly onProgress?: () => void
  /** Called when it is known which accounts are to be read, which regions one has, and whenever one is done. */
  readonly onAccount?: () => void
  /** Ends the reading; its reason is an Error whose message says why. */
  readonly signal?: AbortSignal
}
