import { parseArn } from '../model/arn.ts'
import { absent, type Fact, known, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { Repository } from './ecr.ts'
import type { ManagedPolicy, Role } from './iam.ts'
import { nameOfArn } from './iam-role.ts'
import type { Inventory } from './inventory.ts'
import { scopeKey } from './listings.ts'
import { globalRegion } from './recordable-types.ts'

const roleType = 'AWS::IAM::Role'
const policyType = 'AWS::IAM::Policy'
const repositoryType = 'AWS::ECR::Repository'

/** What lookups rest on: the listings and the accounts that some file spoke of. */
export interface LookupGround {
  readonly listing: Inventory['listing']
  readonly accounts: ReadonlySet<string>
}

/** The `role` of an inventory. An ARN is matched whole, path included; a bare name within the account of `near`. */
export function roleLookup(roles: readonly Role[], ground: LookupGround): Inventory['role'] {
  const byArn = newestBy(roles, ({ ref }) => ref.arn)
  const byName = newestBy(roles, ({ ref, name }) => `${ref.accountId} ${name}`)
  return (arnOrName, near) => {
    const arn = parseArn(arnOrName)
    if (arn && (arn.service !== 'iam' || !arn.resource.startsWith('role/')))
      return unknown(`${arnOrName} does not name a role`)
    const accountId = arn?.accountId ?? near.accountId
    const role = arn ? byArn.get(arnOrName) : byName.get(`${accountId} ${arnOrName}`)
    return role ? known(role) : missing(roleType, `the role ${arnOrName}`, accountId, ground)
  }
}

/** The `managedPolicy` of an inventory, by ARN. */
export function managedPolicyLookup(
  policies: readonly ManagedPolicy[],
  ground: LookupGround,
): Inventory['managedPolicy'] {
  const byArn = newestBy(policies, ({ ref }) => ref.arn)
  return (text) => {
    const policy = byArn.get(text)
    if (policy) return known(policy)
    const arn = parseArn(text)
    if (arn?.service !== 'iam' || !arn.resource.startsWith('policy/')) return unknown(`${text} does not name a policy`)
    if (arn.accountId === 'aws') return unknown(`the text of the AWS-managed policy ${nameOfArn(text)} was not read`)
    return missing(policyType, `the policy ${text}`, arn.accountId, ground)
  }
}

/** The `repository` of an inventory, by registry and name. */
export function repositoryLookup(
  repositories: readonly Repository[],
  { listing }: LookupGround,
): Inventory['repository'] {
  const byName = newestBy(repositories, ({ ref, name }) => `${scopeKey(ref)} ${name}`)
  return (name, scope) => {
    const repository = byName.get(`${scopeKey(scope)} ${name}`)
    if (repository) return known(repository)
    const listed = listing(repositoryType, scope)
    return listed.state === 'unknown' ? listed : absent(listed.assumptions)
  }
}

function missing<T>(type: string, what: string, accountId: string, { listing, accounts }: LookupGround): Fact<T> {
  const kind = type === roleType ? 'roles' : 'policies'
  if (!accounts.has(accountId))
    return unknown(`${what} is not known: the ${kind} of account ${accountId} were not read`)
  const scope: Scope = { accountId, region: globalRegion }
  const listed = listing(type, scope)
  if (listed.state === 'unknown') return unknown(`${what} is not known: ${listed.reason}`, listed.transience)
  // AWS Config runs with a role and records roles in one region of the account: no role at all means other files hold them.
  if (type === roleType && listed.state === 'absent' && listed.assumptions.length > 0)
    return unknown(`${what} is not known: no role of account ${accountId} was read`)
  return absent(listed.assumptions)
}

/** Where a name was given twice (deleted and made anew while nobody recorded it), the newest word counts. */
function newestBy<T extends { readonly observedAt: string | undefined }>(
  resources: readonly T[],
  keyOf: (resource: T) => string,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const resource of resources) {
    const other = found.get(keyOf(resource))
    if (other === undefined || (other.observedAt ?? '') <= (resource.observedAt ?? ''))
      found.set(keyOf(resource), resource)
  }
  return found
}
