import { scopeKey } from '../../inventory/listings.ts'
import { globalRegion } from '../../inventory/recordable-types.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import type { ReadFailure } from '../failure.ts'
import { unlisted } from '../reading.ts'
import type { AggregatorReader, Listed } from './aggregated.ts'
import type { AggregatorSource, AggregatorSources } from './aggregator-sources.ts'
import { compared, doubtAbout, readingOf } from './compare.ts'
import type { ConfigReading } from './reader.ts'
import { frequencyOf } from './recorder.ts'
import type { Row } from './row.ts'

/** What is asked about and what is known of it beforehand. */
export interface Estate {
  readonly reader: AggregatorReader
  readonly sources: AggregatorSources
  /** What queries are limited to; undefined: nothing. */
  readonly asked: { readonly accounts: readonly string[]; readonly regions: readonly string[] } | undefined
  /** Items of the recorders, by account and region. */
  readonly recorders: ReadonlyMap<string, readonly JsonObject[]>
}

/** What the answers about a type say of one scope. */
export function readingIn(
  estate: Estate,
  scope: Scope,
  type: string,
  rows: readonly Row[],
  listed: readonly Listed[],
  failure?: ReadFailure,
): ConfigReading {
  const comparison = compared(rows, listed)
  const { recorded, doubt } = recordingIn(estate, scope, type)
  const why = sourceFailure(estate, scope, type) ?? failure ?? doubt ?? doubtAbout(type, rows, comparison, recorded)
  return readingOf({ ...estate.reader, ...scope }, type, rows, failure ? [] : comparison.missing, why)
}

/** Why the aggregator's copy of a scope cannot be relied on. */
function sourceFailure(estate: Estate, scope: Scope, type: string): ReadFailure | undefined {
  const { sources } = estate.sources
  if (scope.region !== globalRegion) {
    const source = sources.get(scopeKey(scope))
    return source === undefined ? noSource(scope) : source.failure
  }
  const ofAccount = sourcesOfAccount(estate, scope)
  if (ofAccount.length === 0) return noSource(scope)
  const recording = ofAccount.filter((source) => records(estate, source, type) === true)
  const needed = recording.length > 0 ? recording : ofAccount
  const failures = needed.flatMap(({ failure }) => failure ?? [])
  return recording.length > 0 && failures.length < needed.length ? undefined : failures[0]
}

function sourcesOfAccount({ sources }: Estate, { accountId }: Scope): readonly AggregatorSource[] {
  return [...sources.sources.values()].filter((source) => source.accountId === accountId)
}

function recordingIn(
  estate: Estate,
  scope: Scope,
  type: string,
): { readonly recorded: boolean; readonly doubt: ReadFailure | undefined } {
  const regions = scope.region === globalRegion ? sourcesOfAccount(estate, scope) : [scope]
  const answers = regions.map((region) => records(estate, region, type))
  if (answers.includes(true)) return { recorded: true, doubt: undefined }
  const refused = answers.length > 0 && answers.every((answer) => answer === false)
  const where = `account ${scope.accountId} in ${scope.region}`
  return { recorded: false, doubt: refused ? lasting(`no recorder of ${where} records ${type}`) : undefined }
}

/** Whether the recorders of an account and region record a type; undefined when none of them says. */
function records({ recorders }: Estate, scope: Scope, type: string): boolean | undefined {
  const answers = (recorders.get(scopeKey(scope)) ?? []).map((item) => frequencyOf(item, type))
  if (answers.some((answer) => answer === 'continuous' || answer === 'daily')) return true
  return answers.length > 0 && answers.every((answer) => answer === 'none') ? false : undefined
}

/** A reading that says of a type only that it could not be read, and why. */
export function nothing({ reader }: Estate, scope: Scope, type: string, failure: ReadFailure): ConfigReading {
  return { ...unlisted({ ...reader, ...scope }, [type], failure), missing: [] }
}

/** The failure of a scope that is no source. */
export function noSource({ accountId, region }: Scope): ReadFailure {
  return lasting(`the aggregator does not collect from account ${accountId} in ${region}`)
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}
