import { isAccountId, parseArn } from '../../model/arn.ts'
import type { ContextLookup, Truth } from '../conditions/context.ts'
import { anyTrue } from '../conditions/context.ts'
import type { PrincipalElement, PrincipalEntry } from '../policy/policy.ts'
import { type Caller, lastPart, sessionRole } from './caller.ts'

/**
 * How a principal element names a caller. `direct`: the very principal or everyone; not limited by what a boundary or a
 * session policy leaves out. `entity`: the role behind a session; limited by both. `account`: hands the decision
 * to the identity policies of the account.
 */
export interface Naming {
  readonly direct: Truth
  readonly entity: Truth
  readonly account: Truth
  /** What an unknown depends on; a context key when it starts with `key `. */
  readonly facts: readonly string[]
}

type Reach = 'direct' | 'entity' | 'account'

/** One listed principal, read. */
type Entry =
  | { readonly kind: 'account'; readonly accountId: string; readonly partition: string | undefined }
  | { readonly kind: 'principal'; readonly arn: string }
  | { readonly kind: 'session'; readonly arn: string; readonly accountId: string; readonly role: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'unclear'; readonly fact: string }

/** A principal element, read once. */
export interface CompiledPrincipal {
  readonly not: boolean
  readonly isAny: boolean
  readonly entries: readonly Entry[]
}

/** Reads a principal element. */
export function compilePrincipal(element: PrincipalElement): CompiledPrincipal {
  return element.kind === 'any'
    ? { not: element.not, isAny: true, entries: [] }
    : { not: element.not, isAny: false, entries: element.entries.map(readEntry) }
}

function readEntry({ type, value }: PrincipalEntry): Entry {
  switch (type) {
    case 'AWS':
      return readAws(value)
    case 'Service':
      return value.includes('*')
        ? { kind: 'unclear', fact: `meaning of the service principal ${value}` }
        : { kind: 'service', name: value.toLowerCase() }
    case 'Federated':
      return { kind: 'federated', provider: value }
    case 'CanonicalUser':
      return { kind: 'unclear', fact: `account of the canonical user ${value}` }
    default:
      return { kind: 'unclear', fact: `meaning of the principal type ${type}` }
  }
}

function readAws(value: string): Entry {
  if (isAccountId(value)) return { kind: 'account', accountId: value, partition: undefined }
  const arn = parseArn(value)
  // Unique ids of deleted principals name nobody, and a wildcard inside a principal matches nothing.
  if (arn === undefined || value.includes('*') || value.includes('?')) return { kind: 'never' }
  if (arn.resource === 'root') return { kind: 'account', accountId: arn.accountId, partition: arn.partition }
  const role = sessionRole(value)
  return role === undefined
    ? { kind: 'principal', arn: value }
    : { kind: 'session', arn: value, accountId: arn.accountId, role }
}

const nobody: Naming = { direct: 'false', entity: 'false', account: 'false', facts: [] }
const everyone: Naming = { ...nobody, direct: 'true' }
/**
 * Users and roles need no other permission where everyone is allowed. A federated user session without permissions of its own
 * needs a policy that "specifically references" it, and AWS does not say whether `*` does.
 */
const everyoneAndSession: Naming = {
  ...nobody,
  direct: 'unknown',
  entity: 'true',
  facts: ['whether "Principal": "*" grants to a federated user session beyond its session policy'],
}

function everyoneFor({ kind }: Caller): Naming {
  return kind === 'federatedUser' ? everyoneAndSession : everyone
}

/** How the element (of an Allow, or a Principal of a Deny) names the caller. */
export function namingOf(element: CompiledPrincipal, caller: Caller, context: ContextLookup): Naming {
  if (element.not) return exceptionOf(element, caller, context)
  if (element.isAny) return everyoneFor(caller)
  let naming = nobody
  for (const entry of element.entries) {
    const found = matchEntry(entry, caller, context)
    if (found !== undefined) naming = merge(naming, found)
  }
  return naming
}

/** NotPrincipal: everyone but those listed, anonymous callers included. */
function exceptionOf(element: CompiledPrincipal, caller: Caller, context: ContextLookup): Naming {
  if (element.isAny) return nobody
  const listed = listing(element, caller, context)
  if (listed.self === 'true' || listed.role || (caller.kind === 'root' && listed.account)) return nobody
  const fact = listed.account ? spared(caller, false) : listed.facts[0]
  return fact === undefined ? everyoneFor(caller) : { ...nobody, direct: 'unknown', facts: [fact] }
}

/** Whether NotPrincipal of a Deny leaves the caller out: then the Deny does not apply. */
export function deniedByException(element: CompiledPrincipal, caller: Caller, context: ContextLookup): Naming {
  if (element.isAny) return nobody
  const { self, role, account, facts } = listing(element, caller, context)
  if (caller.kind === 'anonymous' || caller.kind === 'service' || caller.kind === 'root') {
    const isListed = caller.kind === 'root' ? account : self === 'true'
    return isListed ? nobody : facts.length === 0 ? everyone : { ...nobody, direct: 'unknown', facts }
  }
  if (self === 'true' && account && (role || caller.kind !== 'session')) return nobody
  // AWS checks the account, the role and the session one after the other; leaving one out may deny them all.
  if (caller.kind === 'session' && role && self === 'false') return everyone
  if (self === 'false' && !role && !account) return everyone
  return { ...nobody, direct: 'unknown', facts: facts.length > 0 ? facts : [spared(caller, role)] }
}

function spared(caller: Caller, role: boolean): string {
  return caller.kind === 'role' && role
    ? 'name of the role session'
    : `whether NotPrincipal spares ${caller.name} when it does not list the account and the principal both`
}

interface Listing {
  readonly self: Truth
  readonly role: boolean
  readonly account: boolean
  readonly facts: readonly string[]
}

/** Which of session, role and account the element lists. For a role `self` is its session, whose name is not known. */
function listing(element: CompiledPrincipal, caller: Caller, context: ContextLookup): Listing {
  let self: Truth = 'false'
  let role = false
  let account = false
  const facts: string[] = []
  for (const entry of element.entries) {
    const found = matchEntry(entry, caller, context)
    if (found === undefined) continue
    if (entry.kind === 'account') account = true
    else if (found.reach === 'entity' && found.truth === 'true') role = true
    else self = anyTrue([self, found.truth])
    if (found.fact !== undefined) facts.push(found.fact)
  }
  return { self, role, account, facts }
}

interface Match {
  readonly truth: 'true' | 'unknown'
  readonly reach: Reach
  readonly fact?: string
}

const directly: Match = { truth: 'true', reach: 'direct' }
const asEntity: Match = { truth: 'true', reach: 'entity' }
const asAccount: Match = { truth: 'true', reach: 'account' }
const nameOfSession: Match = { truth: 'unknown', reach: 'direct', fact: 'name of the role session' }

function matchEntry(entry: Entry, caller: Caller, context: ContextLookup): Match | undefined {
  switch (entry.kind) {
    case 'account':
      return entry.accountId === caller.accountId && (entry.partition ?? caller.partition) === caller.partition
        ? caller.kind === 'root'
          ? directly
          : asAccount
        : undefined
    case 'principal':
      return matchArn(entry.arn, caller)
    case 'session':
      if (entry.arn === caller.name) return directly
      return caller.kind === 'role' && entry.accountId === caller.accountId && entry.role === caller.roleName
        ? nameOfSession
        : undefined
    case 'service':
      return caller.kind === 'service' && entry.name === caller.name.toLowerCase() ? directly : undefined
    case 'federated':
      return caller.kind === 'anonymous' ? matchProvider(entry.provider, context) : undefined
    case 'never':
      return undefined
    case 'unclear':
      return caller.kind === 'anonymous' ? undefined : { truth: 'unknown', reach: 'account', fact: entry.fact }
    default:
      return entry satisfies never
  }
}

function matchArn(arn: string, caller: Caller): Match | undefined {
  if (arn === caller.name) return caller.kind === 'role' ? asEntity : directly
  if (caller.kind === 'session') return namesRoleOf(arn, caller) ? asEntity : undefined
  if (caller.kind !== 'federatedUser' || !arn.startsWith(`arn:${caller.partition}:iam::${caller.accountId}:user/`)) {
    return undefined
  }
  return { truth: 'unknown', reach: 'entity', fact: 'name of the user who asked for the federated session' }
}

/** Names of roles are unique in an account, so a session whose role has an unknown path is known by the name. */
function namesRoleOf(arn: string, caller: Caller): boolean {
  if (caller.roleArn !== undefined) return arn === caller.roleArn
  return arn.startsWith(`arn:${caller.partition}:iam::${caller.accountId}:role/`) && lastPart(arn) === caller.roleName
}

/** A token of an identity provider: the caller has no AWS identity yet. */
function matchProvider(provider: string, context: ContextLookup): Match | undefined {
  const actual = context.get('aws:federatedprovider') ?? { state: 'unknown' }
  if (actual.state === 'unknown') return { truth: 'unknown', reach: 'direct', fact: 'key aws:FederatedProvider' }
  return actual.state === 'present' && actual.values.includes(provider) ? directly : undefined
}

function merge(naming: Naming, found: Match): Naming {
  const truth = anyTrue([naming[found.reach], found.truth])
  const facts = found.fact === undefined ? naming.facts : [...naming.facts, found.fact]
  return { ...naming, [found.reach]: truth, facts }
}
