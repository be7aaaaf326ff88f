import { globalRegion } from '../../shared/inventory/recordable-types.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
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
  return { scopes: scopes.filter(isWanted(plan)).map((scope) => ({ ...scope, calls: 0 })), rows }
}

function incompleteReason(name: string, reason: string): string {
  return `aggregator ${name} may leave out accounts or regions: ${reason}`
}

function rowOf({ accountId }: EstateReader, region: string, reason: string): CoverageEntry {
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
