import { globalRegion } from '../../shared/inventory/recordable-types.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import type { EstateReader } from '../../shared/sources/estate/reader.ts'
import { errorName } from '../../shared/sources/failure.ts'
import type { CallReport } from '../../shared/sources/polite/politeness.ts'
import { coverageOf, forEachConcurrently, joinReadings, type Reading } from '../../shared/sources/reading.ts'
import { errorNamedIn, regionProblem } from '../../shared/sources/regions/region-problem.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { chooseAccounts } from './accounts-to-read.ts'
import { withinOrganization } from './aggregated-organization.ts'
import type { CollectDependencies, Entry, ScopeReading } from './collect-dependencies.ts'
import type { CollectPlan } from './collect-plan.ts'
import type { CoverageLedger } from './coverage-ledger.ts'
import { regionsToRead } from './regions-to-read.ts'
import { confirmed, suspiciousTypes } from './shorter-listing.ts'

export type {
  AggregatedEstate,
  CollectDependencies,
  Entry,
  EstateReaders,
  ScopeReading,
} from './collect-dependencies.ts'

/** Some hundred calls at a time, spread over as many budgets. */
const defaultConcurrency = { accounts: 4, regions: 3 }

/**
 * Reads every account and region of the plan and hands each over as it is done. No account's failure stops another: the ledger
 * says what was read and what was not.
 * @throws what `take` throws, after all reading has ended
 */
export async function collectEstate(
  plan: CollectPlan,
  dependencies: CollectDependencies,
  take: (scope: ScopeReading) => Promise<void>,
): Promise<void> {
  const halt = new AbortController()
  const signal = dependencies.signal ? AbortSignal.any([dependencies.signal, halt.signal]) : halt.signal
  const work: Work = { plan, dependencies: { ...dependencies, signal }, signal, take: guarded(take, halt) }
  if (plan.aggregator !== undefined) await collectAggregator(work)
  else await collectAccounts(work)
  if (halt.signal.aborted) throw halt.signal.reason
}

/** One run of the above. */
interface Work {
  readonly plan: CollectPlan
  readonly dependencies: CollectDependencies
  readonly signal: AbortSignal
  readonly take: (scope: ScopeReading) => Promise<boolean>
}

/** What cannot be taken ends everything: there is no use in reading on. */
function guarded(take: (scope: ScopeReading) => Promise<void>, halt: AbortController): Work['take'] {
  return async (scope) => {
    try {
      await take(scope)
      return true
    } catch (error) {
      halt.abort(error)
      return false
    }
  }
}

async function collectAccounts(work: Work): Promise<void> {
  const { plan, dependencies, signal } = work
  const { ledger, own } = dependencies
  ledger.expectAccount(own.accountId)
  if (plan.scope.kind === 'account') return collectAccount(work, own.accountId, undefined)
  const organization = await readOrganization(work)
  if (signal.aborted) return
  const { accounts, rows } = chooseAccounts(plan.scope, own.accountId, organization.reading)
  if (!accounts.includes(own.accountId)) ledger.forget(own.accountId)
  for (const accountId of accounts) ledger.expectAccount(accountId)
  for (const row of rows) ledger.notCovered(row)
  if (!accounts.includes(organization.accountId)) {
    ledger.tells(organization.accountId)
    await settle(work, organization)
  }
  dependencies.onAccount?.()
  const { accounts: atOnce } = dependencies.concurrency ?? defaultConcurrency
  await forEachConcurrently(accounts, atOnce, (accountId) =>
    collectAccount(work, accountId, organization.accountId === accountId ? organization : undefined),
  )
}

async function readOrganization(work: Work): Promise<ScopeReading> {
  const { dependencies } = work
  const { reading, calls } = await counted(work, dependencies.own, globalRegion, dependencies.readers.readOrganization)
  const accountId = reading.coverage[0]?.accountId ?? dependencies.own.accountId
  return { accountId, region: globalRegion, reading, calls }
}

async function collectAccount(work: Work, accountId: string, organization: ScopeReading | undefined): Promise<void> {
  if (work.signal.aborted) return
  const entry = await enter(work, accountId)
  if (work.signal.aborted) return
  if (entry.state === 'open') await collectRegions(work, entry.session, organization)
  else await leaveOut(work, organization, [wholly(accountId, '*', entry.reason)])
  work.dependencies.onAccount?.()
}

/** Nothing of the account is read. What the organization says is not the account's own: it is kept. */
async function leaveOut(
  work: Work,
  organization: ScopeReading | undefined,
  rows: readonly CoverageEntry[],
): Promise<void> {
  for (const row of rows) work.dependencies.ledger.notCovered(row)
  if (organization) await settle(work, organization)
}

async function enter({ plan, dependencies }: Work, accountId: string): Promise<Entry> {
  const { own, assume } = dependencies
  if (accountId === own.accountId || plan.scope.kind === 'account') return { state: 'open', session: own }
  return assume(accountId, plan.scope).catch((error: unknown) => ({
    state: 'refused',
    reason: `account ${accountId} could not be entered: ${errorName(error)}`,
  }))
}

async function collectRegions(work: Work, session: Session, organization: ScopeReading | undefined): Promise<void> {
  const { plan, dependencies, signal } = work
  const { accountId } = session
  const { ledger, readers, homeRegion, onAccount, onProgress } = dependencies
  const listed = await readers.listRegions(readerOf(work, session, homeRegion, ledgerCalls(ledger)))
  if (signal.aborted) return
  const { regions, rows } = regionsToRead(plan.regions, listed, accountId)
  if (rows.some(({ region }) => region === '*')) return leaveOut(work, organization, rows)
  ledger.expectRegions(accountId, [globalRegion, ...regions])
  for (const row of rows) ledger.notCovered(row)
  onAccount?.()
  onProgress?.()
  const { regions: atOnce } = dependencies.concurrency ?? defaultConcurrency
  await forEachConcurrently([globalRegion, ...regions], atOnce, (region) =>
    collectScope(work, session, region, region === globalRegion ? organization : undefined),
  )
}

async function collectScope(
  work: Work,
  session: Session,
  region: string,
  organization: ScopeReading | undefined,
): Promise<void> {
  const scope = { accountId: session.accountId, region }
  const kept = work.dependencies.done?.(scope)
  if (kept) return work.dependencies.ledger.read(scope, kept, [])
  if (work.signal.aborted) return
  const { reading, calls } = await confirmedReading(work, session, region)
  const refusal = refusalOfRegion(reading, scope, work.dependencies.homeRegion)
  if (refusal !== undefined) return work.dependencies.ledger.notCovered(refusal)
  const whole = organization === undefined ? reading : joinReadings([organization.reading, reading])
  await settle(work, { ...scope, reading: whole, calls: calls + (organization?.calls ?? 0) })
}

/**
 * Why the region as a whole refuses the identity. STS of the home region knows it, so that it is the region's doing and not
 * that of the credentials.
 */
function refusalOfRegion({ coverage, gaps }: Reading, scope: Scope, homeRegion: string): CoverageEntry | undefined {
  if (scope.region === globalRegion || coverage.some(({ status }) => status === 'known')) return undefined
  const problems = gaps.flatMap(({ reason }) => {
    const error = errorNamedIn(reason)
    return error === undefined ? [] : (regionProblem(error, scope, scope.region !== homeRegion) ?? [])
  })
  const [problem] = problems
  return problem && wholly(scope.accountId, scope.region, problem.reason)
}

/** Reads the scope; a second time when it holds far less than the last run found. */
async function confirmedReading(work: Work, session: Session, region: string): Promise<Counted> {
  const { readers, before } = work.dependencies
  const read = (reader: EstateReader) =>
    (region === globalRegion ? readers.readGlobal : readers.readRegion)(reader, work.plan.choice)
  const first = await counted(work, session, region, read)
  const suspicious = suspiciousTypes(first.reading, before?.({ accountId: session.accountId, region }) ?? new Map())
  if (suspicious.length === 0 || work.signal.aborted) return first
  const second = await counted(work, session, region, read)
  return { reading: confirmed(first.reading, second.reading, suspicious), calls: first.calls + second.calls }
}

interface Counted {
  readonly reading: Reading
  readonly calls: number
}

/** A reader that breaks leaves its scope unknown and every other as it is. */
async function counted(
  work: Work,
  session: Session,
  region: string,
  read: (reader: EstateReader) => Promise<Reading>,
): Promise<Counted> {
  let calls = 0
  const { ledger, homeRegion } = work.dependencies
  const onCall = (report: CallReport) => {
    calls += report.attempts
    ledger.called(report.attempts)
    work.dependencies.onProgress?.()
  }
  const place = region === globalRegion ? homeRegion : region
  try {
    return { reading: await read(readerOf(work, session, place, onCall)), calls }
  } catch (error) {
    const row = wholly(session.accountId, region, `reading broke with ${errorName(error)}`)
    return { reading: { items: [], coverage: [row], gaps: [] }, calls }
  }
}

/** Hands the reading over and enters it in the ledger, unless the end came before anything was known. */
async function settle(work: Work, scope: ScopeReading): Promise<void> {
  const rows = coverageOf(scope.reading, scope)
  const unknown = rows.filter(({ status }) => status === 'unknown')
  const known = rows.length - unknown.length
  if (work.signal.aborted && known === 0) return
  if (!(await work.take(scope))) return
  const { accountId, region, calls } = scope
  const totals = { items: scope.reading.items.length, known, unknown: unknown.length, calls }
  work.dependencies.ledger.read({ accountId, region }, totals, unknown)
  work.dependencies.onProgress?.()
}

function readerOf(
  { dependencies, signal }: Work,
  session: Session,
  region: string,
  onCall: (report: CallReport) => void,
): EstateReader {
  return {
    accountId: session.accountId,
    region,
    readAt: dependencies.now().toISOString(),
    callTimeout: dependencies.callTimeout,
    signal,
    callerArn: session.callerArn,
    clients: dependencies.connect(session, region, onCall),
  }
}

function ledgerCalls(ledger: CoverageLedger): (report: CallReport) => void {
  return ({ attempts }) => ledger.called(attempts)
}

function wholly(accountId: string, region: string, reason: string): CoverageEntry {
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}

async function collectAggregator(work: Work): Promise<void> {
  const { plan, dependencies, signal } = work
  const { own, homeRegion, readers, ledger } = dependencies
  ledger.expectAccount(own.accountId)
  const organization = plan.scope.kind === 'organization' ? await readOrganization(work) : undefined
  if (signal.aborted) return
  const reader = readerOf(work, own, homeRegion, ledgerCalls(ledger))
  const aggregated = await readers.readAggregator(reader, plan)
  if (signal.aborted) return
  ledger.forget(own.accountId)
  const { scopes, rows } = organization
    ? withinOrganization(plan, own.accountId, organization.reading, aggregated)
    : aggregated
  for (const { accountId, region } of scopes) ledger.expectRegions(accountId, [region])
  for (const row of rows) ledger.notCovered(row)
  if (organization) await settleOrganization(work, organization, scopes)
  dependencies.onAccount?.()
  const ofOrganization = (scope: Scope) =>
    organization?.accountId === scope.accountId && scope.region === globalRegion ? organization : undefined
  for (const scope of scopes) {
    if (signal.aborted) return
    await settleAggregated(work, scope, ofOrganization(scope))
  }
}

async function settleAggregated(
  work: Work,
  scope: ScopeReading,
  organization: ScopeReading | undefined,
): Promise<void> {
  const kept = work.dependencies.done?.(scope)
  if (kept) return work.dependencies.ledger.read(scope, kept, [])
  const { reading, calls } = organization ?? { reading: undefined, calls: 0 }
  if (reading === undefined) return settle(work, scope)
  await settle(work, { ...scope, reading: joinReadings([reading, scope.reading]), calls: scope.calls + calls })
}

/** The organization in a file of its own, when the aggregator has nothing of the account it belongs to. */
async function settleOrganization(
  work: Work,
  organization: ScopeReading,
  scopes: readonly ScopeReading[],
): Promise<void> {
  const { accountId } = organization
  if (scopes.some((scope) => scope.accountId === accountId && scope.region === globalRegion)) return
  if (!scopes.some((scope) => scope.accountId === accountId)) work.dependencies.ledger.tells(accountId)
  await settle(work, organization)
}
