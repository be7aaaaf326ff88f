import { accountType } from '../../shared/inventory/recordable-types.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { type AccountChoice, accountsToRead } from '../../shared/sources/organizations/accounts-to-read.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import type { OrganizationScope } from './collect-plan.ts'

/** Accounts to enter, and rows for those that were asked for and cannot be. */
export interface ChosenAccounts {
  readonly accounts: readonly string[]
  readonly rows: readonly CoverageEntry[]
}

/**
 * The accounts a plan means. Where the organization could not be listed they are those that are known to belong to it,
 * those that were named, and the caller's own; a row says that there may be more.
 * @throws InputError for an organizational unit that the organization does not have
 */
export function chooseAccounts(scope: OrganizationScope, ownAccountId: string, organization: Reading): ChosenAccounts {
  const { accounts, ous } = scope
  const choice = accountsToRead(organization, {
    ...(accounts === undefined ? {} : { accounts }),
    ...(ous === undefined ? {} : { ous }),
  })
  refuseUnknownUnit(choice)
  const chosen = chosenOf(scope, ownAccountId, choice)
  return { accounts: chosen, rows: rowsOf(choice, chosen, accounts === undefined ? ownAccountId : undefined) }
}

/**
 * The accounts a plan means, for a reading that enters none; undefined when nobody could list them and none was named. With rows
 * for those that are not active or not there.
 * @throws InputError for an organizational unit that the organization does not have
 */
export function membersOf(
  scope: OrganizationScope,
  ownAccountId: string,
  organization: Reading,
): { readonly accountIds: readonly string[] | undefined; readonly rows: readonly CoverageEntry[] } {
  const { accounts, rows } = chooseAccounts(scope, ownAccountId, organization)
  const isListed = scope.accounts !== undefined || scope.ous !== undefined
  const isComplete = !rows.some(({ resourceType }) => resourceType === accountType)
  return { accountIds: isListed || isComplete ? accounts : undefined, rows }
}

function chosenOf(
  { accounts, ous }: OrganizationScope,
  ownAccountId: string,
  choice: AccountChoice,
): readonly string[] {
  const listed = choice.accounts.map(({ accountId }) => accountId)
  if (choice.incomplete === undefined || ous !== undefined) return listed
  const skipped = new Set(choice.skipped.map(({ accountId }) => accountId))
  const all = new Set([...listed, ...(accounts ?? [ownAccountId])])
  return [...all].filter((id) => !skipped.has(id)).sort()
}

function refuseUnknownUnit({ missing, incomplete }: AccountChoice): void {
  const unit = missing.find(({ asked }) => !/^\d{12}$/.test(asked))
  if (unit !== undefined && incomplete === undefined) throw new InputError(`--ou: ${unit.reason}`)
}

/** `reporter`: the account that stands for those nobody could list; undefined when only named accounts are wanted. */
function rowsOf(
  { skipped, missing, incomplete }: AccountChoice,
  chosen: readonly string[],
  reporter: string | undefined,
): readonly CoverageEntry[] {
  const strangers = missing.filter(({ asked }) => /^\d{12}$/.test(asked) && !chosen.includes(asked))
  const rows = [
    ...skipped.map(({ accountId, reason }) => rowOf(accountId, reason)),
    ...strangers.map(({ asked, reason }) => rowOf(asked, reason)),
  ]
  if (incomplete === undefined || reporter === undefined) return rows
  const reason = `the accounts of the organization could not be listed: ${incomplete.reason}`
  return [...rows, { accountId: reporter, region: 'global', resourceType: accountType, status: 'unknown', reason }]
}

function rowOf(accountId: string, reason: string): CoverageEntry {
  return { accountId, region: '*', resourceType: '*', status: 'unknown', reason }
}
