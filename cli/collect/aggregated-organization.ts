import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import { membersOf } from './accounts-to-read.ts'
import type { AggregatedEstate } from './collect-dependencies.ts'
import type { CollectPlan } from './collect-plan.ts'

/**
 * What an aggregator gave of the accounts that are wanted of an organization. An account it does not collect from is named.
 * As long as nobody knows which accounts there are, nothing the aggregator gave is left out unless others were named.
 * @throws InputError for an organizational unit that the organization does not have
 */
export function withinOrganization(
  { scope }: CollectPlan,
  ownAccountId: string,
  organization: Reading,
  { scopes, rows: unread }: AggregatedEstate,
): AggregatedEstate {
  if (scope.kind !== 'organization') return { scopes, rows: unread }
  const { accountIds, rows } = membersOf(scope, ownAccountId, organization)
  const whole = new Set([...rows, ...unread].filter(({ region }) => region === '*').map(({ accountId }) => accountId))
  const held = new Set(scopes.map(({ accountId }) => accountId))
  const strangers = (accountIds ?? []).filter((id) => !held.has(id) && !whole.has(id))
  const left = new Set(rows.filter(({ region }) => region === '*').map(({ accountId }) => accountId))
  const isWanted = (id: string) => !left.has(id) && (accountIds?.includes(id) ?? true)
  return {
    scopes: scopes.filter(({ accountId }) => isWanted(accountId)),
    rows: [
      ...rows,
      // What the aggregator says of the account that asks is about the aggregator.
      ...unread.filter(({ accountId }) => isWanted(accountId) || (accountId === ownAccountId && !left.has(accountId))),
      ...strangers.map(rowOf),
    ],
  }
}

function rowOf(accountId: string): CoverageEntry {
  const reason = `the aggregator does not collect from account ${accountId}`
  return { accountId, region: '*', resourceType: '*', status: 'unknown', reason }
}
