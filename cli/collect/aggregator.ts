import { globalRegion, isGlobalType } from '../../shared/inventory/recordable-types.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import { noSource } from '../../shared/sources/config-query/aggregated-scope.ts'
import { readAggregator } from '../../shared/sources/config-query/read-aggregator.ts'
import { globalTypes } from '../../shared/sources/estate/read-global.ts'
import { regionTypes } from '../../shared/sources/estate/read-region.ts'
import type { EstateReader } from '../../shared/sources/estate/reader.ts'
import type { AggregatedEstate } from './collect-estate.ts'
import type { CollectPlan } from './collect-plan.ts'

/** Reads the accounts and regions of a plan through its AWS Config aggregator: no account is entered. @throws InputError */
export async function readThroughAggregator(reader: EstateReader, plan: CollectPlan): Promise<AggregatedEstate> {
  const name = plan.aggregator ?? ''
  const types = [...regionTypes, ...globalTypes].filter((type) => plan.choice.types?.has(type) ?? true)
  const base = { ...reader, client: reader.clients.config }
  const answer = await readAggregator(base, name, types, wantedScopes(plan))
  if (answer.state === 'absent') throw new InputError(`--aggregator: ${name}: ${reader.region} has no such aggregator`)
  if (answer.state === 'unknown') {
    return { scopes: [], rows: [rowOf(reader, '*', `aggregator ${name}: ${answer.reason}`)] }
  }
  const { scopes, incomplete } = answer.value
  const rows = incomplete === undefined ? [] : [rowOf(reader, globalRegion, incompleteReason(name, incomplete.reason))]
  const missing = missingRows(reader, plan, scopes, types)
  return { scopes: scopes.filter(isWanted(plan)).map((scope) => ({ ...scope, calls: 0 })), rows: [...rows, ...missing] }
}

/** What was named and is no source of the aggregator, and an aggregator without any: silence would look like emptiness. */
function missingRows(
  reader: EstateReader,
  { aggregator = '', scope, regions }: CollectPlan,
  scopes: readonly Scope[],
  types: readonly string[],
): readonly CoverageEntry[] {
  const held = new Set(scopes.map(({ accountId }) => accountId))
  const named = scope.kind === 'organization' ? scope.accounts : undefined
  if (named === undefined && held.size === 0) return [rowOf(reader, '*', `aggregator ${aggregator}: has no sources`)]
  const strangers = (named ?? []).filter((accountId) => !held.has(accountId))
  const places = new Set(scopes.map(({ accountId, region }) => `${accountId} ${region}`))
  const names = regions.kind === 'named' && !types.every(isGlobalType) ? regions.names : []
  const absent = [...(named ?? held)]
    .filter((accountId) => held.has(accountId))
    .flatMap((accountId) => names.map((region) => ({ accountId, region })))
    .filter(({ accountId, region }) => !places.has(`${accountId} ${region}`))
  return [...strangers.map((accountId) => ({ accountId, region: '*' })), ...absent].map((place) =>
    rowOf(place, place.region, noSource(place).reason),
  )
}

function incompleteReason(name: string, reason: string): string {
  return `aggregator ${name} may leave out accounts or regions: ${reason}`
}

function rowOf({ accountId }: Pick<Scope, 'accountId'>, region: string, reason: string): CoverageEntry {
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}

/** Undefined: every source of the aggregator. */
function wantedScopes({ scope, regions }: CollectPlan): readonly Scope[] | undefined {
  if (scope.kind === 'account' || scope.accounts === undefined || regions.kind === 'all') return undefined
  const { names } = regions
  return scope.accounts.flatMap((accountId) => [...names, globalRegion].map((region) => ({ accountId, region })))
}

function isWanted({ scope, regions }: CollectPlan): (one: Scope) => boolean {
  const accounts = scope.kind === 'organization' ? scope.accounts : undefined
  return ({ accountId, region }) =>
    (accounts === undefined || accounts.includes(accountId)) &&
    (regions.kind === 'all' || region === globalRegion || regions.names.includes(region))
}
