import { globalRegion } from '../../shared/inventory/recordable-types.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'

/** Accounts and regions that were named. */
export interface NamedPlaces {
  readonly account: readonly string[]
  readonly region: readonly string[]
}

/**
 * True for a place that was named, and for every place when none was. A row about all regions or accounts speaks of each. What
 * belongs to an account as a whole, such as its roles, is in no region and so in each: live it is judged with any of them, too.
 */
export function isNamed({ account, region }: NamedPlaces): (place: Scope) => boolean {
  const has = (names: readonly string[], name: string) => names.length === 0 || name === '*' || names.includes(name)
  return (place) => has(account, place.accountId) && (place.region === globalRegion || has(region, place.region))
}

/** An account or region that was asked for and of which nothing was read is not covered. */
export function missingScopes(
  { account, region }: NamedPlaces,
  scopes: readonly Scope[],
  reason = 'the files hold no item of it',
): readonly CoverageEntry[] {
  const row = (accountId: string, region: string) => rowOf(accountId, region, reason)
  const accounts = account.filter((id) => !scopes.some((scope) => scope.accountId === id))
  const regions = region.filter((name) => !scopes.some((scope) => scope.region === name))
  const pairs = account.flatMap((id) => region.map((name) => [id, name] as const))
  const absent = pairs.filter(
    ([id, name]) =>
      !accounts.includes(id) &&
      !regions.includes(name) &&
      !scopes.some((scope) => scope.accountId === id && scope.region === name),
  )
  return [
    ...accounts.map((id) => row(id, '*')),
    ...regions.map((name) => row('*', name)),
    ...absent.map(([id, name]) => row(id, name)),
  ]
}

function rowOf(accountId: string, region: string, reason: string): CoverageEntry {
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}
