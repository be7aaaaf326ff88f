import { scopeKey } from '../../inventory/listings.ts'
import { globalRegion, isGlobalType, recorderType } from '../../inventory/recordable-types.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, failureOf, forEachConcurrently, joinReadings } from '../reading.ts'
import { aggregatedBatch, aggregatedListing, aggregatedRows, type Batch, type Listed } from './aggregated.ts'
import { type Estate, noSource, nothing, readingIn } from './aggregated-scope.ts'
import { type AggregatorSources, aggregatorSources } from './aggregator-sources.ts'
import { described, without } from './compare.ts'
import { isQueryType, selectExpression } from './expression.ts'
import { type ConfigReader, type ConfigReading, PAGE } from './reader.ts'
import type { Row } from './row.ts'

/** Types asked about at the same time. */
const CONCURRENCY = 3
/** Accounts named in one expression, which may be 4,096 characters long. */
const ACCOUNTS = 100

/** What an aggregator knows of one account and region. */
export interface AggregatedScope extends Scope {
  readonly reading: ConfigReading
}

/** What an aggregator knows. */
export interface AggregatorReading {
  /** One for each account and region, and one with the region `global` for the types of each account. */
  readonly scopes: readonly AggregatedScope[]
  /** Why the aggregator may leave out accounts or regions; these are in no reading. */
  readonly incomplete: ReadFailure | undefined
}

/**
 * Reads the types of many accounts and regions through an aggregator: of those that are wanted, or of all its sources. Every
 * scope has a row for each type, unknown where the aggregator cannot tell: a source that is missing or not up to date, a type
 * that is not recorded, a resource that is listed and not returned. Absent: there is no such aggregator.
 */
export async function readAggregator(
  base: ConfigReader,
  aggregator: string,
  types: readonly string[],
  wanted?: readonly Scope[],
): Promise<Answer<AggregatorReading>> {
  const reader = { ...base, aggregator }
  const sources = await aggregatorSources(reader, aggregator)
  if (sources.state !== 'known') return sources
  const scopes = scopesOf(types, wanted ?? [...sources.value.sources.values()])
  const estate: Estate = { reader, sources: sources.value, asked: askedOf(sources.value, wanted), recorders: new Map() }
  const recorders = await recordersOf(estate)
  const readers = new Map<string, (scope: Scope) => ConfigReading>()
  await forEachConcurrently(types, CONCURRENCY, async (type) => {
    readers.set(type, await readType({ ...estate, recorders }, type))
  })
  const readingOf = (scope: Scope) =>
    joined(
      types
        .filter((type) => isGlobalType(type) === (scope.region === globalRegion))
        .flatMap((type) => readers.get(type)?.(scope) ?? []),
    )
  return {
    state: 'known',
    value: {
      scopes: scopes.map((scope) => ({ ...scope, reading: readingOf(scope) })),
      incomplete: sources.value.incomplete,
    },
  }
}

/** The scopes in the order of readings: regions where a type has one, and `global` where a type has none. */
function scopesOf(types: readonly string[], regions: readonly Scope[]): readonly Scope[] {
  const regional = types.some((type) => !isGlobalType(type))
  const global = types.some(isGlobalType)
  const scopes = regions.flatMap(({ accountId, region }) => [
    ...(regional && region !== globalRegion ? [{ accountId, region }] : []),
    ...(global ? [{ accountId, region: globalRegion }] : []),
  ])
  const distinct = new Map(scopes.map((scope) => [scopeKey(scope), scope]))
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope)
}

/** Only sources are asked about; a source's account and region have been looked at before they come into an expression. */
function askedOf({ sources }: AggregatorSources, wanted: readonly Scope[] | undefined): Estate['asked'] {
  if (wanted === undefined) return undefined
  const accounts = new Set(wanted.map(({ accountId }) => accountId))
  const found = [...sources.values()].filter(({ accountId }) => accounts.has(accountId))
  const regions = new Set(wanted.map(({ region }) => region))
  return {
    accounts: [...new Set(found.map(({ accountId }) => accountId))],
    regions: [...new Set([...found.map(({ region }) => region).filter((name) => regions.has(name)), globalRegion])],
  }
}

function joined(readings: readonly ConfigReading[]): ConfigReading {
  return { ...joinReadings(readings), missing: readings.flatMap(({ missing }) => missing) }
}

/** Recorders are recorded themselves, always: they tell of which types silence means that there are none. */
async function recordersOf(estate: Estate): Promise<Estate['recorders']> {
  const rows = await rowsOf(estate, recorderType, estate.asked && { ...estate.asked, regions: allRegions(estate) })
  const recorders = new Map<string, JsonObject[]>()
  for (const { item, ...scope } of rows.state === 'known' ? rows.value : []) {
    if (item === undefined) continue
    const list = recorders.get(scopeKey(scope)) ?? []
    recorders.set(scopeKey(scope), [...list, item])
  }
  return recorders
}

function allRegions({ sources }: Estate): readonly string[] {
  return [...new Set([...sources.sources.values()].map(({ region }) => region))]
}

async function rowsOf({ reader }: Estate, type: string, asked: Estate['asked']): Promise<Answer<readonly Row[]>> {
  const groups = asked === undefined ? [undefined] : groupsOf(asked.accounts, ACCOUNTS)
  const rows: Row[] = []
  for (const accounts of groups) {
    const expression = selectExpression(type, accounts && asked && { accounts, regions: asked.regions })
    if (expression === undefined) {
      return { state: 'unknown', reason: `AWS Config cannot be asked for ${type}`, transience: 'lasting' }
    }
    const answer = await aggregatedRows(reader, type, expression)
    if (answer.state !== 'known') return { state: 'unknown', ...failureOf(answer) }
    for (const row of answer.value) rows.push(row)
  }
  return { state: 'known', value: rows }
}

function groupsOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}

/** Asks about a type once for all scopes; the result tells what that says of one. */
async function readType(estate: Estate, type: string): Promise<(scope: Scope) => ConfigReading> {
  const { reader, asked } = estate
  if (!isQueryType(type)) {
    return (scope) =>
      nothing(estate, scope, type, { reason: `AWS Config cannot be asked for ${type}`, transience: 'lasting' })
  }
  if (asked?.accounts.length === 0) return (scope) => nothing(estate, scope, type, noSource(scope))
  const rows = await rowsOf(estate, type, asked)
  if (rows.state !== 'known') return (scope) => nothing(estate, scope, type, failureOf(rows))
  const listed = await aggregatedListing(reader, type, asked?.accounts.length === 1 ? asked.accounts[0] : undefined)
  const rowsIn = byScope(rows.value)
  if (listed.state !== 'known') {
    return (scope) => readingIn(estate, scope, type, rowsIn(scope), [], failureOf(listed))
  }
  const all = distinct(listed.value)
  const listedIn = byScope(all)
  const scopes = new Map(all.map((one) => [scopeKey(one), one]))
  const lost = [...scopes.values()].flatMap((scope) => without(listedIn(scope), described(rowsIn(scope))))
  const fetched = await fetchEach(estate, type, lost)
  const [fetchedIn, goneIn] = [byScope(fetched.rows), byScope(fetched.gone)]
  return (scope) => {
    const found = [...rowsIn(scope), ...fetchedIn(scope)]
    return readingIn(estate, scope, type, found, without(listedIn(scope), goneIn(scope)))
  }
}

/** Asks for what is listed and not returned, of the scopes that are wanted. A batch that fails leaves its resources missing. */
async function fetchEach({ reader, asked, sources }: Estate, type: string, lost: readonly Listed[]): Promise<Batch> {
  const accounts = new Set(asked?.accounts ?? [...sources.sources.values()].map(({ accountId }) => accountId))
  const regions = asked && new Set(asked.regions)
  const wanted = lost.filter(({ accountId, region }) => accounts.has(accountId) && (regions?.has(region) ?? true))
  const batches: Batch[] = []
  for (const group of groupsOf(wanted, PAGE)) {
    const batch = await aggregatedBatch(reader, type, group)
    if (batch.state === 'known') batches.push(batch.value)
  }
  return { rows: batches.flatMap(({ rows }) => rows), gone: batches.flatMap(({ gone }) => gone) }
}

/** Several regions of an account may list the same role. */
function distinct(listed: readonly Listed[]): readonly Listed[] {
  const keyed = listed.map(
    (one) => [JSON.stringify([one.accountId, one.region, one.id, one.name ?? null]), one] as const,
  )
  return [...new Map(keyed).values()]
}

function byScope<T extends Scope>(all: readonly T[]): (scope: Scope) => readonly T[] {
  const lists = new Map<string, T[]>()
  for (const one of all) {
    const list = lists.get(scopeKey(one))
    if (list) list.push(one)
    else lists.set(scopeKey(one), [one])
  }
  return (scope) => lists.get(scopeKey(scope)) ?? []
}
