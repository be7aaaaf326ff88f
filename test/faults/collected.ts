import { type CollectDependencies, collectEstate, type ScopeReading } from '../../cli/collect/collect-estate.ts'
import type { CollectPlan } from '../../cli/collect/collect-plan.ts'
import { CoverageLedger } from '../../cli/collect/coverage-ledger.ts'
import { OutputDirectory } from '../../cli/collect/output-directory.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { estateClients } from '../../shared/runtime/estate-clients.ts'
import { stsClient } from '../../shared/runtime/sts-client.ts'
import { readGlobal } from '../../shared/sources/estate/read-global.ts'
import { readRegion } from '../../shared/sources/estate/read-region.ts'
import { readOrganization } from '../../shared/sources/organizations/read-organization.ts'
import type { Politeness } from '../../shared/sources/polite/politeness.ts'
import { listRegions } from '../../shared/sources/regions/list-regions.ts'
import { assumeSession } from '../../shared/sources/sts/assume-session.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { readerRole } from '../support/fake-estate/estate.ts'
import type { FakeEstate } from '../support/fake-estate/fake-estate.ts'
import { callerArnOf, keysOf } from '../support/fake-estate/identity.ts'

/** Upper bounds of one request and one call; far above what an answer takes on a busy machine. */
const patient = { attemptTimeout: 10_000, callTimeout: 20_000 } as const
/** For plans in which calls hang: a test waits that long for each of them. */
export const impatient = { attemptTimeout: 400, callTimeout: 1_200 } as const
const homeRegion = 'eu-central-1'
const now = () => new Date('2026-03-01T12:00:00.000Z')

/** What a run gave. */
export interface Collected {
  readonly scopes: readonly ScopeReading[]
  /** Rows of what no scope speaks of. */
  readonly rows: readonly CoverageEntry[]
  /** What decides about exit code 3. */
  readonly complete: boolean
}

/** How to run. */
export interface CollectOptions {
  /** The account whose credentials we have; the first of the estate manages the organization. */
  readonly own: string
  readonly scope?: CollectPlan['scope']
  /** The home region unless stated. */
  readonly regions?: 'all' | readonly string[]
  /** Everything unless stated. */
  readonly types?: ReadonlySet<string>
  /** Files are written there, and what an unfinished run has left is not read again. */
  readonly directory?: string
  readonly signal?: AbortSignal
  readonly patience?: typeof patient | typeof impatient
}

/** The whole organization, entered with the role of the reader. */
export const wholeOrganization = {
  kind: 'organization',
  roleName: readerRole.roleName,
  externalId: readerRole.externalId,
} as const

/** Runs `collect` in this process: polite clients, whose waits take no time. */
export async function collected(estate: FakeEstate, options: CollectOptions): Promise<Collected> {
  const { scope = wholeOrganization, regions = [homeRegion], types, signal } = options
  const plan: CollectPlan = {
    scope,
    regions: regions === 'all' ? { kind: 'all' } : { kind: 'named', names: regions },
    choice: { images: false, config: false, ...(types === undefined ? {} : { types }) },
  }
  const ledger = new CoverageLedger()
  const scopes: ScopeReading[] = []
  const directory = options.directory === undefined ? undefined : await openDirectory(options.directory, plan)
  const dependencies: CollectDependencies = {
    ...reading(estate, options),
    ...{ now, ledger },
    ...(signal === undefined ? {} : { signal }),
    ...(directory === undefined ? {} : { done: (one) => directory.done(one), before: (one) => directory.before(one) }),
  }
  await collectEstate(plan, dependencies, async (one) => {
    scopes.push(one)
    await directory?.take(one)
  })
  const why = 'the collection has not ended'
  const rows = ledger.uncovered(why)
  const complete = rows.length === 0 && ledger.unknown.length === 0
  await directory?.writeCoverage(rows, ledger.scopes)
  await directory?.finish(complete, signal?.aborted !== true)
  return { scopes, rows, complete }
}

function openDirectory(path: string, plan: CollectPlan): Promise<OutputDirectory> {
  return OutputDirectory.open({ path, fresh: false, asked: JSON.stringify(plan), version: '0.0.0', now })
}

function reading(estate: FakeEstate, { own: ownId, signal, patience = patient }: CollectOptions) {
  const manners = politeness(patience, signal)
  const callTimeout = patience.callTimeout + 1_000
  const { endpoint } = estate
  const own: Session = {
    accountId: ownId,
    callerArn: callerArnOf(estate, { accountId: ownId }),
    credentials: async () => keysOf(ownId),
    renew: () => {},
  }
  const sts = (credentials: Session['credentials']) =>
    stsClient({ region: homeRegion, credentials, politeness: manners, endpoint })
  const assume: CollectDependencies['assume'] = (accountId, role) =>
    assumeSession({
      ...{ accountId, roleName: role.roleName, sessionName: 'pullpath', partition: 'aws' },
      ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
      ...(signal === undefined ? {} : { signal }),
      client: sts(own.credentials),
      connect: sts,
      callTimeout,
      now: Date.now,
    })
  const connect: CollectDependencies['connect'] = (session, region, onCall) =>
    estateClients(session, region, { politeness: { ...manners, onCall }, endpoint })
  return { own, homeRegion, assume, connect, readers, callTimeout }
}

const readers: CollectDependencies['readers'] = {
  readRegion,
  readGlobal,
  readOrganization: (reader) => readOrganization({ ...reader, client: reader.clients.organizations }),
  listRegions: (reader) => listRegions({ ...reader, client: reader.clients.ec2 }),
  readAggregator: () => Promise.reject(new Error('no aggregator')),
}

/** Waits pass at once, and count all the same. */
function politeness(patience: Required<CollectOptions>['patience'], signal: AbortSignal | undefined): Politeness {
  let waited = 0
  return {
    budget: { take: async () => {}, throttled: () => {} },
    ...patience,
    sleep: async (milliseconds) => {
      waited += milliseconds
    },
    random: () => 0.5,
    elapsed: () => performance.now() + waited,
    ...(signal === undefined ? {} : { signal }),
  }
}
