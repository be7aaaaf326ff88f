import { parseArn } from '../../model/arn.ts'
import { absentKey, type ContextValue, present, unknownKey } from '../conditions/context.ts'
import { parseBlock } from '../conditions/ip-address.ts'
import { hasWildcard, matchesWildcard } from '../match/wildcard.ts'
import type { Actor, EndpointOwner, Route } from './actor.ts'
import { privateAddresses, publicAddresses, publicAddressesOf } from './address-candidates.ts'
import { federatedUserLike, federatedUsersOf, isFederatedUser } from './federated-users.ts'
import { crossed, fill, freshText, freshTexts, type Texts, textCandidates } from './text-candidates.ts'
import { vpcArnKey, vpcArns } from './vpc-arns.ts'
import { isOutOfReach, mentioned, mentionedOrganizations, type World } from './world.ts'

/** What a request says of tags: of the repository it makes, of those it changes, or nothing. */
export type RequestKind = 'creates' | 'tags' | 'other'

/** One caller in one situation. */
export interface Situation {
  readonly actor: Actor
  readonly organization: string | undefined
  readonly route: Route
  /** Of the endpoint on the way, where there is one. */
  readonly owner: EndpointOwner | undefined
  readonly request: RequestKind
}

type Source = (situation: Situation, world: World, key: string) => readonly ContextValue[]

const one = (text: string | undefined): readonly ContextValue[] => [text === undefined ? absentKey : present(text)]
const many = (texts: readonly string[]): readonly ContextValue[] => texts.map((text) => present(text))
/** Stands for the values of a key that were too many to try. */
export const untried: ContextValue = { state: 'unknown' }
const tried = ({ texts, complete }: Texts): readonly ContextValue[] => [...many(texts), ...(complete ? [] : [untried])]
/** Values that hold the account of an actor, and one that stands for those of the accounts it is a sample of. */
const sampled = ({ isSample }: Actor, values: readonly ContextValue[]): readonly ContextValue[] =>
  isSample ? [...values, untried] : values
const chosen: Source = (_situation, world, key) => [absentKey, ...tried(textCandidates(mentioned(world, key)))]
const flag: Source = () => [absentKey, present('true'), present('false')]
const undecided: Source = () => [unknownKey]

/** What each key may hold, by name in lower case. Keys that are in neither table are unknown. */
const sources: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['aws:principalaccount', ({ actor }) => sampled(actor, one(actor.account))],
  ['aws:principalarn', (situation, world) => sampled(situation.actor, principalArns(situation, world))],
  ['aws:principalorgid', ({ actor, organization }) => one(actor.service === undefined ? organization : undefined)],
  [
    'aws:principalorgpaths',
    ({ actor, organization }, world, key) =>
      actor.service === undefined ? organizationPaths(organization, world, key) : [absentKey],
  ],
  ['aws:principalisawsservice', ({ actor }) => one(String(actor.service !== undefined))],
  ['aws:principalservicename', ({ actor }) => one(actor.service)],
  ['aws:principalservicenameslist', ({ actor }) => one(actor.service)],
  ['aws:principaltype', ({ actor }, world, key) => principalTypes(actor, mentioned(world, key))],
  [
    'aws:userid',
    (situation, world, key) =>
      situation.actor.service === undefined
        ? [...many(freshTexts(mentioned(world, key))), ...identifiers(situation, world, key)]
        : [absentKey],
  ],
  ['aws:sourceip', (situation, world, key) => sourceAddresses(situation, world, key)],
  ['aws:vpcsourceip', ({ route }, world, key) => vpcAddresses(route, world, key)],
  ['aws:sourcevpce', (situation, world, key) => network('vpce-0zzfreshzz', situation, world, key)],
  ['aws:sourcevpc', (situation, world, key) => network('vpc-0zzfreshzz', situation, world, key)],
  [
    vpcArnKey,
    ({ actor, owner }, world) =>
      owner?.account === undefined ? [absentKey] : sampled(actor, tried(vpcArns(owner.account, actor, world))),
  ],
  ['aws:ec2instancesourcevpc', (situation, world, key) => [absentKey, ...identifiers(situation, world, key)]],
  [
    'aws:ec2instancesourceprivateipv4',
    (_situation, world, key) => [absentKey, ...vpcAddresses('endpoint', world, key)],
  ],
  ['aws:vpceaccount', ({ owner }) => one(owner?.account)],
  ['aws:vpceorgid', ({ owner }) => one(owner?.organization)],
  ['aws:vpceorgpaths', ({ owner }, world, key) => organizationPaths(owner?.organization, world, key)],
  [
    'aws:sourceaccount',
    ({ actor }) =>
      actor.sourceAccount === undefined ? [absentKey] : sampled(actor, [absentKey, present(actor.sourceAccount)]),
  ],
  ['aws:sourcearn', ({ actor }, world, key) => sampled(actor, sourceArns(actor.sourceAccount, world, key))],
  ['aws:sourceorgid', ({ actor, organization }) => sourceOrganization(actor, organization)],
  [
    'aws:sourceorgpaths',
    ({ actor, organization }, world, key) =>
      actor.sourceAccount === undefined ? [absentKey] : organizationPaths(organization, world, key),
  ],
  ['aws:securetransport', () => [present('true')]],
  ['aws:requestedregion', (_situation, world) => one(world.region)],
  ['aws:resourceaccount', (_situation, world) => one(world.resourceAccountId)],
  ['aws:resourceorgid', (situation, world, key) => resourceOrganizations(situation, world, key)],
  ['aws:currenttime', (_situation, world, key) => times(world, key)],
  ['aws:epochtime', (_situation, world, key) => times(world, key)],
  ['aws:multifactorauthpresent', flag],
  ['aws:viaawsservice', flag],
  ...`aws:calledvia aws:calledviafirst aws:calledvialast aws:multifactorauthage aws:tokenissuetime aws:username
    aws:useragent aws:referer aws:sourceidentity aws:federatedprovider aws:rolesessionname aws:chatbotsourcearn aws:assumedroot ecr:cachecontrol`
    .split(/\s+/)
    .map((key): [string, Source] => [key, chosen]),
])

const ofTagging: Source = (situation, world, key) =>
  situation.request === 'other' ? [absentKey] : chosen(situation, world, key)

/** Keys by what their names start with. */
const prefixes: readonly (readonly [string, Source])[] = [
  ['aws:principaltag/', chosen],
  ['aws:requesttag/', ofTagging],
  ['aws:tagkeys', ofTagging],
  ['aws:resourcetag/', resourceTag],
  ['ecr:resourcetag/', resourceTag],
  // Keys of requests to other services.
  ...['s3:', 'ecs:', 'eks:', 'sts:'].map((prefix): [string, Source] => [prefix, () => [absentKey]]),
]

/** The values a key may take in a situation, a few that stand for all. Empty never; a lone unknown when nobody can tell. */
export function candidates(key: string, situation: Situation, world: World): readonly ContextValue[] {
  const source = sources.get(key) ?? prefixes.find(([prefix]) => key.startsWith(prefix))?.[1] ?? undecided
  return source(situation, world, key)
}

function resourceTag({ request }: Situation, { tags }: World, key: string): readonly ContextValue[] {
  // A template may tag what is being made.
  if (tags === undefined || request === 'creates') return [unknownKey]
  const values = tags.get(key.slice(key.indexOf('/') + 1)) ?? []
  return values.length > 1 ? [unknownKey] : one(values[0])
}

/** While nobody told the id: none, the same as the resource's account has in this situation, or one like no stranger's. */
function resourceOrganizations({ actor, organization }: Situation, world: World, key: string): readonly ContextValue[] {
  const { ours } = world
  if (world.organization.organizationId !== undefined) return one(ours)
  if (ours === undefined) return [unknownKey]
  // What is spelled out may be its id.
  const open = mentioned(world, key).some((value) => !value.includes('${') && value !== '*') ? [unknownKey] : []
  if ((actor.account ?? actor.sourceAccount) === world.resourceAccountId) return [...one(organization), ...open]
  const spelled = mentionedOrganizations(world).filter((id) => id === organization)
  return [absentKey, ...many([ours, ...spelled]), ...open]
}

function principalArns({ actor }: Situation, world: World): readonly ContextValue[] {
  if (actor.account === undefined) return [absentKey]
  if (actor.arn !== undefined && !hasWildcard(actor.arn)) return one(actor.arn)
  const account = `arn:${world.partition}:iam::${actor.account}`
  const federated = federatedUsersOf(actor.account, world.partition)
  const forms = [`${account}:role/?*`, `${account}:user/?*`, `${account}:root`]
  const isOne = (arn: string) => forms.some((form) => matchesWildcard(form, arn)) || isFederatedUser(arn, federated)
  const matched = (patterns: readonly string[]): Texts => {
    const { texts, complete } = crossed(forms, patterns)
    return { texts: [...texts, ...patterns.flatMap((one) => federatedUserLike(one, federated) ?? [])], complete }
  }
  const all = [...forms, `${federated}?*`]
  const own = actor.arn === undefined ? undefined : matched([actor.arn])
  const values = mentioned(world, 'aws:principalarn')
  const plain = (own?.texts ?? all).flatMap((form) => freshTexts(values, (text) => fill(form, text)))
  // Of the principals a pattern stands for only samples are known, so long patterns leave the rest open.
  if (own !== undefined) return tried({ texts: plain, complete: own.complete })
  const named = values.filter((value) => !hasWildcard(value) && isOne(value))
  const matching = matched(values.filter(hasWildcard))
  return tried({ texts: [...new Set([...plain, ...named, ...matching.texts])], complete: matching.complete })
}

function organizationPaths(organization: string | undefined, world: World, key: string): readonly ContextValue[] {
  if (organization === undefined) return [absentKey]
  const inside = `${organization}/r-zz99/`
  const matching = crossed(mentioned(world, key), [`${organization}/*`])
  const texts = new Set([inside, `${inside}ou-zz99-freshzz9/`, ...matching.texts])
  return tried({ texts: [...texts], complete: matching.complete })
}

function principalTypes(actor: Actor, values: readonly string[]): readonly ContextValue[] {
  if (actor.service !== undefined) return [present('AWSService'), present('Service')]
  const types = ['AssumedRole', 'User', 'Account', 'FederatedUser']
  return many(types.concat(values.filter((value) => types.includes(value))))
}

/** Identifiers that AWS gives out: a stranger holds a fresh one or one that a loose pattern allows. */
function identifiers({ actor }: Situation, world: World, key: string): readonly ContextValue[] {
  const held = mentioned(world, key).filter((value) => {
    if (!isOutOfReach(key, value)) return true
    if (actor.holds?.key === key) return actor.holds.value === value
    return actor.holdsLiterals
  })
  return many(held.flatMap((value) => (hasWildcard(value) ? [fill(value, ''), fill(value, '0zzfresh')] : [value])))
}

function network(fresh: string, situation: Situation, world: World, key: string): readonly ContextValue[] {
  return situation.route === 'internet' ? [absentKey] : [present(fresh), ...identifiers(situation, world, key)]
}

function sourceAddresses({ actor, route }: Situation, world: World, key: string): readonly ContextValue[] {
  if (route === 'endpoint' || actor.service !== undefined) return [absentKey]
  if (actor.holds?.key === key) {
    const block = parseBlock(actor.holds.value)
    return many(block === undefined ? [] : publicAddressesOf(block))
  }
  const anywhere = publicAddresses(world.wideBlocks, world.narrowBlocks)
  return many(actor.holdsLiterals ? [...anywhere, ...world.narrowBlocks.flatMap(publicAddressesOf)] : anywhere)
}

function vpcAddresses(route: Route, world: World, key: string): readonly ContextValue[] {
  if (route === 'internet') return [absentKey]
  return many(privateAddresses(mentioned(world, key).flatMap((text) => parseBlock(text) ?? [])))
}

function sourceArns(account: string | undefined, world: World, key: string): readonly ContextValue[] {
  if (account === undefined) return [absentKey]
  const form = `arn:${world.partition}:*:*:${account}:*`
  const plain = `arn:${world.partition}:lambda:${world.region}:${account}:function:${freshText}`
  const patterns = mentioned(world, key).map((value) => (value.includes('${') ? '*' : value))
  const { texts, complete } = crossed(patterns, [form])
  const matching = texts.filter((arn) => parseArn(arn)?.accountId === account)
  // A bucket's ARN names no account: anybody's may be meant.
  const ownerless = patterns.filter((arn) => parseArn(arn)?.accountId === '').map((arn) => fill(arn, freshText))
  return [absentKey, ...tried({ texts: [...new Set([plain, ...matching, ...ownerless])], complete })]
}

function sourceOrganization(actor: Actor, organization: string | undefined): readonly ContextValue[] {
  return actor.sourceAccount === undefined ? [absentKey] : one(organization)
}

/** 9999-12-31: after whatever a policy names. */
const lastInstant = 253_402_214_400_000

/** From now on: what has run out grants nothing, what opens later is open. */
function times(world: World, key: string): readonly ContextValue[] {
  const now = world.now?.getTime()
  if (now === undefined) return tried(textCandidates(mentioned(world, key)))
  const epoch = key === 'aws:epochtime'
  const texts = (time: number) => (epoch ? String(Math.floor(time / 1000)) : new Date(time).toISOString())
  const instant = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))
  const named = mentioned(world, key)
    .map(instant)
    .filter((time) => time > now && time < lastInstant)
  return many([...new Set([now, ...named, lastInstant].map(texts))])
}
