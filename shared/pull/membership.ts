import type { PullWorld } from './types.ts'

/**
 * The organization an account is known to belong to: listed by AWS Organizations, or an account of our own while its
 * members are not listed and settings name the organization. Undefined when nothing says so.
 */
export function organizationIdOf({ organization, inventory }: PullWorld, accountId: string): string | undefined {
  const { organizationId, organizationAccounts, ownAccounts } = organization
  if (organizationId === undefined) return undefined
  if (organizationAccounts.has(accountId)) return organizationId
  const isOwn = ownAccounts.has(accountId) || inventory.scopes.some((scope) => scope.accountId === accountId)
  return organizationAccounts.size === 0 && isOwn ? organizationId : undefined
}
