import type { AccessGrant, StatementRef } from '../access-types.ts'
import type { PrincipalElement } from '../policy/policy.ts'
import type { Actor, EndpointOwner, EndpointOwners } from './actor.ts'
import { listedActors, openActors } from './actors.ts'
import type { Situation } from './candidates.ts'
import { ownersNamed } from './endpoint-owners.ts'
import { type OwnPrincipals, ownPrincipalArns } from './own-principals.ts'
import { type ActionMask, actionNames, byRequest } from './scope.ts'
import {
  type Budget,
  nothing,
  type Prepared,
  situationCost,
  solve,
  tooComplex,
  unsearched as unsearchedReach,
} from './solve.ts'
import { vpcArnKey } from './vpc-arns.ts'
import type { World } from './world.ts'

/** What one Allow statement gives, and keys of it that no caller at all can satisfy. */
export interface StatementAccess {
  readonly grants: readonly AccessGrant[]
  /** Keys, in lower case, that kept every caller out. */
  readonly impossibleKeys: ReadonlySet<string>
}

interface Reached {
  readonly actor: Actor
  readonly certain: ActionMask
  readonly possible: ActionMask
}

/** Asks for every caller the statement's principals stand for what Deny statements leave it. */
export function statementAccess(
  statement: StatementRef,
  principal: PrincipalElement,
  allow: Prepared,
  denies: readonly Prepared[],
  world: World,
  budget: Budget,
): StatementAccess {
  const grants: AccessGrant[] = []
  const reached: Reached[] = []
  const steps = budget.left
  let impossibleKeys: ReadonlySet<string> | undefined
  for (const actor of actorsOf(principal, world)) {
    const covered = reached.filter((other) => covers(other.actor, actor, world))
    const surely = covered.reduce((mask, other) => mask | other.certain, 0n)
    const wanted = allow.mask & ~surely
    if (wanted === 0n) continue
    const found = reachBesides(guestsBeside(actor, reached), actor, { ...allow, mask: wanted }, denies, world, budget)
    const maybe = covered.reduce((mask, other) => mask | other.possible, 0n)
    const possible = found.possible & ~maybe
    if (found.certain !== 0n || found.possible !== 0n) impossibleKeys = new Set()
    else impossibleKeys = intersection(impossibleKeys, found.impossible)
    // Who reaches nothing covers nothing.
    if ((found.certain | found.possible) !== 0n)
      reached.push({ actor, certain: found.certain, possible: found.possible })
    const granted = grantsOf(actor, found.certain, possible, found, statement)
    if (granted.length === 0) continue
    const ownPrincipals = principalsReaching(actor, { ...allow, mask: wanted }, denies, world, { left: steps })
    grants.push(...granted.map((grant) => (ownPrincipals === undefined ? grant : { ...grant, ownPrincipals })))
  }
  return { grants, impossibleKeys: impossibleKeys ?? new Set() }
}

function intersection(before: ReadonlySet<string> | undefined, keys: ReadonlySet<string>): ReadonlySet<string> {
  return before === undefined ? keys : shared(before, keys)
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((item) => b.has(item)))
}

function actorsOf(principal: PrincipalElement, world: World): readonly Actor[] {
  // Everyone except a few is everyone: an attacker is not among those named.
  if (principal.kind === 'any') return principal.not ? [] : openActors(world)
  if (principal.not) return openActors(world)
  return principal.entries.flatMap((entry) => listedActors(entry, world))
}

/** True when whatever the wider caller may do says all there is to say about the narrower one. */
function covers(wider: Actor, narrower: Actor, world: World): boolean {
  if (wider.audience === 'anyone') return true
  if (wider.audience === 'service') return wider.principal === narrower.principal
  // Accounts of one pattern are one caller to whoever reads of it.
  const isOutside = wider.accountId === undefined && narrower.audience === 'organization'
  if (wider.principal === narrower.principal && (wider.audience === narrower.audience || isOutside)) return true
  if (narrower.service !== undefined) return false
  // Each identifier has an owner of its own to find out, so one holder says nothing about another.
  if (isHolder(wider)) return !isHolder(narrower) && (wider.through === undefined || !isMoreExposed(narrower, wider))
  if (wider.wholeAccount || wider.arn !== undefined) return sameAccount(wider, narrower)
  const ours = world.organization.organizationId
  if (ours === undefined) return narrower.audience === 'own' || narrower.audience === 'organization'
  return wider.audience === 'organization' && narrower.organizations.includes(ours) && !isHolder(narrower)
}

const exposures = ['own', 'organization', 'trusted', 'external', 'service', 'anyone'] as const

function isMoreExposed(a: Actor, b: Actor): boolean {
  return exposures.indexOf(a.audience) > exposures.indexOf(b.audience)
}

/** What whoever comes through endpoints named by conditions may do, where the caller is further away than their owners. */
function guestsBeside(actor: Actor, reached: readonly Reached[]): ActionMask {
  if (actor.service !== undefined || isHolder(actor)) return 0n
  const guests = reached.filter((other) => other.actor.through !== undefined && isMoreExposed(actor, other.actor))
  return guests.reduce((mask, { certain, possible }) => mask | certain | possible, 0n)
}

function isHolder({ holds, through }: Actor): boolean {
  return holds !== undefined || through !== undefined
}

function sameAccount(wider: Actor, narrower: Actor): boolean {
  if (wider.account !== narrower.account || isOfOtherPattern(wider, narrower)) return false
  return wider.wholeAccount || wider.principal === narrower.principal
}

/** Each pattern is told of, also when one account stands for two. */
function isOfOtherPattern(a: Actor, b: Actor): boolean {
  return a.accountId === undefined && b.accountId === undefined && a.principal !== b.principal
}

/**
 * Asks again for each principal of the resource's account by itself. Where the search runs out of steps everything
 * counts as reached.
 */
function principalsReaching(
  actor: Actor,
  allow: Prepared,
  denies: readonly Prepared[],
  world: World,
  budget: Budget,
): OwnPrincipals | undefined {
  if (!actor.wholeAccount || actor.account !== world.resourceAccountId) return undefined
  return ownPrincipalArns(world)?.flatMap((arn) => {
    const found = reach({ ...actor, arn }, allow, denies, world, budget)
    const mask = found.certain | found.possible
    return mask === 0n ? [] : [{ arn, actions: actionNames(mask) }]
  })
}

interface Found {
  readonly certain: ActionMask
  readonly possible: ActionMask
  readonly uncertain: ReadonlySet<string>
  readonly narrowedBy: ReadonlySet<string>
  readonly impossible: ReadonlySet<string>
}

/** What guests may do counts for the caller only as far as it does not take their endpoints for it. */
function reachBesides(
  guests: ActionMask,
  actor: Actor,
  allow: Prepared,
  denies: readonly Prepared[],
  world: World,
  budget: Budget,
): Found {
  const [alike, rest] = [allow.mask & guests, allow.mask & ~guests]
  if (alike === 0n) return reach(actor, allow, denies, world, budget)
  const found = reach({ ...actor, isGuest: false }, { ...allow, mask: alike }, denies, world, budget)
  return rest === 0n ? found : join(found, reach(actor, { ...allow, mask: rest }, denies, world, budget))
}

function reach(actor: Actor, allow: Prepared, denies: readonly Prepared[], world: World, budget: Budget): Found {
  const parts = partsOf(allow.mask, world)
  let found: Found | undefined
  for (const organization of actor.organizations) {
    for (const way of waysOf(actor, organization, world)) {
      for (const { request, mask } of parts) {
        if (budget.left <= 0) return join(found ?? nothing, unsearchedReach(allow.mask))
        budget.left -= situationCost
        const situation = { actor, organization, ...way, request }
        const here = solve({ ...allow, mask }, denies, situation, world, budget)
        found = found === undefined ? here : join(found, here)
        if (found.certain === allow.mask) return found
      }
    }
  }
  return found ?? nothing
}

function join(a: Found, b: Found): Found {
  const certain = a.certain | b.certain
  return {
    certain,
    possible: (a.possible | b.possible) & ~certain,
    uncertain: new Set([...a.uncertain, ...b.uncertain]),
    narrowedBy: new Set([...a.narrowedBy, ...b.narrowedBy]),
    impossible: shared(a.impossible, b.impossible),
  }
}

/** Apart only where conditions look at tags. */
function partsOf(mask: ActionMask, { mentions }: World): ReturnType<typeof byRequest> {
  const looks = [...mentions.keys()].some((key) => tagKeys.some((prefix) => key.startsWith(prefix)))
  return looks ? byRequest(mask) : [{ request: 'other', mask }]
}

const tagKeys = ['aws:requesttag/', 'aws:tagkeys', 'aws:resourcetag/', 'ecr:resourcetag/']

const networkKeys = [
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpce',
  'aws:sourcevpc',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  vpcArnKey,
]

const internet = { route: 'internet', owner: undefined } as const

type Way = Pick<Situation, 'route' | 'owner'>

/** One at a time: where conditions name many owners and organizations, there are more than the search has steps for. */
function* waysOf(actor: Actor, organization: string | undefined, world: World): Generator<Way> {
  if (actor.through !== undefined) return yield* through(actor.through)
  yield internet
  if (actor.service !== undefined || !networkKeys.some((key) => world.mentions.has(key))) return
  yield endpointOf({ account: actor.account, organization })
  // Who is known by name may be let into a network of others.
  if (!actor.isGuest || !actor.holdsLiterals || actor.holds !== undefined) return
  for (const { owners } of ownersNamed(world)) yield* through(owners)
}

function* through({ accounts, organizations }: EndpointOwners): Generator<Way> {
  for (const account of accounts) for (const organization of organizations) yield endpointOf({ account, organization })
}

function endpointOf(owner: EndpointOwner): Way {
  return { route: 'endpoint', owner }
}

const unsearched = `what the statement allows: ${tooComplex}, and was not searched to the end`

/** One grant for what is certain and one for what could not be decided, so that doubt about one action taints no other. */
function grantsOf(
  actor: Actor,
  certain: ActionMask,
  possible: ActionMask,
  found: Found,
  statement: StatementRef,
): readonly AccessGrant[] {
  const grant = (mask: ActionMask, doubts: ReadonlySet<string>): AccessGrant => ({
    audience: actor.audience,
    principal: actor.principal,
    accountId: actor.accountId,
    wholeAccount: actor.wholeAccount,
    actions: actionNames(mask),
    statement,
    uncertain: [...doubts].filter((doubt) => doubt !== tooComplex).sort(),
    // What nobody has searched is not known: it neither lets anyone in nor keeps anyone out.
    missing: doubts.has(tooComplex) ? [...actor.missing, unsearched] : actor.missing,
    ...(doubts.has(tooComplex) ? { unsearched: true } : {}),
    narrowedBy: [...found.narrowedBy].sort(),
    boundToSource: actor.boundToSource,
    ...(actor.maybeMember ? { maybeMember: true } : {}),
    ...(actor.through === undefined ? {} : { anyCaller: true }),
  })
  return [
    ...(certain === 0n ? [] : [grant(certain, new Set(actor.uncertain))]),
    ...(possible === 0n ? [] : [grant(possible, new Set([...actor.uncertain, ...found.uncertain]))]),
  ]
}
