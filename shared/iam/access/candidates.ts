import { parseArn } from '../../model/arn.ts'
import { absentKey, type ContextValue, present, unknownKey } from '../conditions/context.ts'
import { parseBlock } from '../conditions/ip-address.ts'
import { hasWildcard } from '../match/wildcard.ts'
import type { Actor, Route } from './actor.ts'
import { privateAddresses, publicAddresses, publicAddressesOf } from './address-candidates.ts'
import { crossed, fill, freshText, type Texts, textCandidates } from './text-candidates.ts'
import { isOutOfReach, mentioned, type World } from './world.ts'

/** One caller in one situation. */
export interface Situation {
  readonly actor: Actor
  readonly organization: string | undefined
  readonly route: Route
}

type Source = (situation: Situation, world: World, key: string) => readonly ContextValue[]

const one = (text: string | undefined): readonly ContextValue[] => [text === undefined ? absentKey : present(text)]
const many = (texts: readonly string[]): readonly ContextValue[] => texts.map((text) => present(text))
/** Stands for the values of a key that were too many to try. */
export const untried: ContextValue = { state: 'unknown' }
const tried = ({ texts, complete }: Texts): readonly ContextValue[] => [...many(texts), ...(complete ? [] : [untried])]
const chosen: Source = (_situation, world, key) => [absentKey, ...tried(textCandidates(mentioned(world, key)))]
const flag: Source = () => [absentKey, present('true'), present('false')]
const undecided: Source = () => [unknownKey]

/** What each key may hold, by name in lower case. Keys that are in neither table are unknown. */
const sources: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['aws:principalaccount', ({ actor }) => one(actor.account)],
  ['aws:principalarn', (situation, world) => principalArns(situation, world)],
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
      situation.actor.service === undefined ? [present(freshText), ...identifiers(situation, world, key)] : [absentKey],
  ],
  ['aws:sourceip', (situation, world, key) => sourceAddresses(situation, world, key)],
  ['aws:vpcsourceip', ({ route }, world, key) => vpcAddresses(route, world, key)],
  ['aws:sourcevpce', (situation, world, key) => network('vpce-0zzfreshzz', situation, world, key)],
  ['aws:sourcevpc', (situation, world, key) => network('vpc-0zzfreshzz', situation, world, key)],
  ['aws:ec2instancesourcevpc', (situation, world, key) => [absentKey, ...identifiers(situation, world, key)]],
  [
    'aws:ec2instancesourceprivateipv4',
    (_situation, world, key) => [absentKey, ...vpcAddresses('endpoint', world, key)],
  ],
  ['aws:vpceaccount', ({ actor, route }) => one(route === 'endpoint' ? actor.account : undefined)],
  ['aws:vpceorgid', ({ organization, route }) => one(route === 'endpoint' ? organization : undefined)],
  [
    'aws:sourceaccount',
    ({ actor }) => (actor.sourceAccount === undefined ? [absentKey] : [absentKey, present(actor.sourceAccount)]),
  ],
  ['aws:sourcearn', ({ actor }, world, key) => sourceArns(actor.sourceAccount, world, key)],
  ['aws:sourceorgid', ({ actor, organization }) => sourceOrganization(actor, organization)],
  [
    'aws:sourceorgpaths',
    ({ actor, organization }, world, key) =>
      actor.sourceAccount === undefined ? [absentKey] : organizationPaths(organization, world, key),
  ],
  ['aws:securetransport', () => [present('true')]],
  ['aws:requestedregion', (_situation, world) => one(world.region)],
  ['aws:resourceaccount', (_situation, world) => one(world.resourceAccountId)],
  [
    'aws:resourceorgid',
    (_situation, { organization }) =>
      organization.organizationId === undefined ? [unknownKey] : one(organization.organizationId),
  ],
  ['aws:currenttime', (_situation, world, key) => times(world, key)],
  ['aws:epochtime', (_situation, world, key) => times(world, key)],
  ['aws:multifactorauthpresent', flag],
  ['aws:viaawsservice', flag],
  ...`aws:calledvia aws:calledviafirst aws:calledvialast aws:multifactorauthage aws:tokenissuetime aws:username
    aws:useragent aws:referer aws:sourceidentity aws:federatedprovider aws:rolesessionname aws:tagkeys sts:externalid
    sts:rolesessionname aws:chatbotsourcearn aws:assumedroot ecr:cachecontrol`
    .split(/\s+/)
    .map((key): [string, Source] => [key, chosen]),
])

/** Keys whose names end in the name of a tag. */
const prefixes: readonly (readonly [string, Source])[] = [
  ['aws:principaltag/', chosen],
  ['aws:requesttag/', chosen],
  ['aws:resourcetag/', undecided],
  ['ecr:resourcetag/', undecided],
]

/** The values a key may take in a situation, a few that stand for all. Empty never; a lone unknown when nobody can tell. */
export function candidates(key: string, situation: Situation, world: World): readonly ContextValue[] {
  const source = sources.get(key) ?? prefixes.find(([prefix]) => key.startsWith(prefix))?.[1] ?? undecided
  return source(situation, world, key)
}

function principalArns({ actor }: Situation, world: World): readonly ContextValue[] {
  if (actor.account === undefined) return [absentKey]
  if (actor.arn !== undefined && !hasWildcard(actor.arn)) return one(actor.arn)
  const account = `arn:${world.partition}:iam::${actor.account}`
  const forms = [`${account}:role/?*`, `${account}:user/?*`, `${account}:root`]
  const wanted = actor.arn === undefined ? forms : crossed(forms, [actor.arn]).texts
  const values = mentioned(world, 'aws:principalarn')
  const plain = wanted.map((form) => fill(form, freshText))
  const named = values.filter((value) => plain.length > 0 && value.startsWith(`${account}:`) && !hasWildcard(value))
  if (actor.arn !== undefined) {
    // Of the principals a pattern stands for only samples are known, so long patterns leave the rest open.
    const { complete } = crossed(forms, [actor.arn])
    return tried({ texts: plain, complete })
  }
  const matching = crossed(forms, values.filter(hasWildcard))
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
