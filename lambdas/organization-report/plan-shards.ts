import { isJsonObject, type JsonObject, ownObject, ownString } from '../../shared/model/json.ts'
import type { Shard } from './task.ts'

const accountType = 'AWS::Organizations::Account'

/** An account that is not audited because it is not in use. */
export interface LeftOut {
  readonly accountId: string
  readonly accountName: string
  /** In words of AWS Organizations. */
  readonly status: string
}

/** Every account and region that is expected, and the accounts that are not. */
export interface Expected {
  readonly shards: readonly Shard[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * What an organization is expected to have, by its items: every active account in every region, and in the home region, where
 * what belongs to the account is recorded. Sorted.
 */
export function expectedOf(items: readonly JsonObject[], regions: readonly string[], homeRegion: string): Expected {
  const accounts = items.flatMap(accountIn).toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
  const names = [...new Set([...regions, homeRegion])].sort()
  const active = accounts.filter(({ status }) => status === 'ACTIVE')
  return {
    shards: active.flatMap(({ accountId, accountName }) => names.map((region) => ({ accountId, accountName, region }))),
    leftOut: accounts.filter(({ status }) => status !== 'ACTIVE'),
  }
}

function accountIn(item: JsonObject): readonly LeftOut[] {
  const configuration = ownObject(item, 'configuration')
  if (ownString(item, 'resourceType') !== accountType || !isJsonObject(configuration)) return []
  const accountId = ownString(configuration, 'AccountId') ?? ownString(configuration, 'Id')
  if (accountId === undefined) return []
  // Whoever does not say that an account is out of use has it audited.
  const status = ownString(configuration, 'Status') ?? 'ACTIVE'
  const accountName = (ownString(configuration, 'AccountName') ?? '').slice(0, 256)
  return [{ accountId, accountName, status }]
}
