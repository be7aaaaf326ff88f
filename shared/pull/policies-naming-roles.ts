import type { Repository } from '../inventory/ecr.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { globalRegion } from '../inventory/recordable-types.ts'
import type { JsonValue } from '../model/json.ts'

/** Which repositories of an account name a role in their policy, and where that could not be seen. */
export interface NamingPolicies {
  /** Repositories whose policy holds the role's ARN, as a principal or in a condition. */
  naming(roleArn: string): readonly Repository[]
  /** What is taken for granted about policies nobody could read, one sentence each. */
  readonly assumptions: readonly string[]
}

const mostNamed = 3
const remembered = new WeakMap<Inventory, Map<string, NamingPolicies>>()

/** The repository policies of an account, read once for all its roles. */
export function policiesNamingRoles(inventory: Inventory, accountId: string): NamingPolicies {
  const accounts = remembered.get(inventory) ?? new Map<string, NamingPolicies>()
  remembered.set(inventory, accounts)
  const found = accounts.get(accountId) ?? indexOf(inventory, accountId)
  accounts.set(accountId, found)
  return found
}

function indexOf(inventory: Inventory, accountId: string): NamingPolicies {
  const own = inventory.repositories.filter(({ ref }) => ref.accountId === accountId)
  const byRole = new Map<string, Repository[]>()
  for (const repository of own) {
    for (const arn of rolesIn(repository)) byRole.set(arn, [...(byRole.get(arn) ?? []), repository])
  }
  return {
    naming: (roleArn) => byRole.get(roleArn) ?? [],
    assumptions: [...unreadPolicies(own), ...unlistedRegions(inventory, accountId)],
  }
}

/** ARNs of roles anywhere in a policy: every text of the document is looked at, however it is written. */
function rolesIn({ policy }: Repository): ReadonlySet<string> {
  const roles = new Set<string>()
  if (policy.state !== 'known') return roles
  const waiting: JsonValue[] = [policy.value.json]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string' && value.includes(':role/')) roles.add(value)
    else if (typeof value === 'object' && value !== null) waiting.push(...Object.values(value))
  }
  return roles
}

/** A policy that cannot be read may name any role; one such repository must not leave every role of the account open. */
function unreadPolicies(repositories: readonly Repository[]): readonly string[] {
  const unread = repositories.filter(({ policy }) => policy.state === 'unknown').map(({ name }) => name)
  if (unread.length === 0) return []
  const named = unread.slice(0, mostNamed).join(', ')
  const more = unread.length > mostNamed ? ` and ${unread.length - mostNamed} more` : ''
  return [`assumes that the unreadable policies of ${named}${more} do not name the role`]
}

function unlistedRegions(inventory: Inventory, accountId: string): readonly string[] {
  return inventory.scopes
    .filter((scope) => scope.accountId === accountId && scope.region !== globalRegion)
    .filter((scope) => inventory.listing('AWS::ECR::Repository', scope).state === 'unknown')
    .map(
      ({ region }) =>
        `assumes that no repository policy in ${region}, where repositories were not listed, names the role`,
    )
}
