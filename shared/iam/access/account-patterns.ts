import { isAccountId } from '../../model/arn.ts'
import { commonMatch } from '../match/overlap.ts'
import { compileGlob, type Glob, hasWildcard, matchesGlob } from '../match/wildcard.ts'
import { type AccountKinds, type AccountPattern, kindsOfAccounts } from './account-kinds.ts'
import { isOutOfReach, mentioned, type World } from './world.ts'

/** Accounts that stand for all that conditions judge by patterns. */
export interface Accounts {
  /** Accounts of nobody we know, one for each way in which patterns together match them or do not. */
  readonly strangers: readonly string[]
  /** False when there were too many to find each. */
  readonly complete: boolean
  /** Patterns so nearly complete that a stranger does not come to have an account of them. */
  readonly narrow: readonly AccountsOfPattern[]
}

/** Accounts that stand for all that a nearly complete pattern matches. */
export interface AccountsOfPattern {
  /** As conditions have it: a pattern of account ids, or of ARNs. */
  readonly pattern: string
  /** Accounts we know, or that conditions spell out, that it matches. */
  readonly known: readonly string[]
  /** Of the others one for each way in which all patterns together match them. */
  readonly others: readonly string[]
  /** False when there were too many to look at each. */
  readonly complete: boolean
}

/** A pattern, and what it asks of the account alone. */
interface Pattern {
  readonly text: string
  readonly account: string
}

/** How a pattern judges accounts. */
interface Judge extends AccountPattern {
  readonly isNarrow: boolean
}

const anyAccount = '?'.repeat(12)
const mostPairs = 256
/** Comparisons of samples with patterns. */
const mostMatches = 200_000
/** A search for each of more strangers than this is not begun. */
const mostStrangers = 128
const callers = new WeakMap<World, Accounts>()
const sources = new WeakMap<World, Accounts>()

/** By what conditions say of callers and of the owners of endpoints. */
export function callerAccounts(world: World): Accounts {
  return remembered(callers, world, () => {
    const ids = accountsAt(world, ['aws:principalaccount', 'aws:vpceaccount'])
    const arns = arnsWithAccount(world, 'aws:principalarn', 'iam')
    const networks = arnsWithAccount(world, 'aws:sourcevpcarn', '*')
    return gather([...ids, ...arns, ...networks], [...[...ids, ...networks].map(whole), ...withinArns(world)], world)
  })
}

/** By what conditions say of whom a service calls for. */
export function sourceAccounts(world: World): Accounts {
  return remembered(sources, world, () => {
    const patterns = [...accountsAt(world, ['aws:sourceaccount']), ...arnsWithAccount(world, 'aws:sourcearn', '*')]
    return gather(patterns, patterns.map(whole), world)
  })
}

function remembered<T extends object, R>(memory: WeakMap<T, R>, key: T, make: () => R): R {
  const before = memory.get(key)
  if (before !== undefined) return before
  const made = make()
  memory.set(key, made)
  return made
}

function accountsAt(world: World, keys: readonly string[]): readonly Pattern[] {
  return distinct(keys.flatMap((key) => mentioned(world, key)).map((text) => ({ text, account: text })))
}

function arnsWithAccount(world: World, key: string, service: string): readonly Pattern[] {
  const arns = mentioned(world, key).flatMap((text) => {
    const account = hasWildcard(text) && !text.includes('${') ? accountIn(text, world.partition, service) : undefined
    return account === undefined ? [] : [{ text, account }]
  })
  return distinct(arns)
}

function distinct(patterns: readonly Pattern[]): readonly Pattern[] {
  const all = patterns.filter(({ account }) => hasWildcard(account) && !account.includes('${'))
  return [...new Map(all.map((pattern) => [pattern.text, pattern])).values()]
}

function whole({ account }: Pattern): Judge {
  return { glob: compileGlob(account), before: '', after: undefined, isNarrow: isNarrowPattern(account) }
}

function withinArns(world: World): readonly Judge[] {
  const patterns = mentioned(world, 'aws:principalarn').filter((text) => hasWildcard(text) && !text.includes('${'))
  return patterns.flatMap((text) => {
    const account = accountIn(text, world.partition, 'iam')
    const judge = { glob: compileGlob(text), after: ':', isNarrow: account !== undefined && isNarrowPattern(account) }
    return ['iam', 'sts'].map((service) => ({ ...judge, before: `arn:${world.partition}:${service}::` }))
  })
}

/** What a pattern of ARNs asks of the account: `12??????????` of `arn:aws:iam::12*`. */
function accountIn(pattern: string, partition: string, service: string): string | undefined {
  const parts = pattern.split(':')
  if (parts.length >= 6) return parts[4]
  // A star stands for parts too: the account is where an ARN of that service has it.
  if (service === '*') return undefined
  const before = `arn:${partition}:${service}::`
  const found = commonMatch(pattern, `${before}${anyAccount}:?*`)
  return typeof found === 'object' ? asPattern(found.text.slice(before.length, before.length + 12)) : undefined
}

/** In what two patterns have in common an `x` stands for what both leave open. */
function asPattern(text: string): string {
  return text.replaceAll('x', '?')
}

function gather(patterns: readonly Pattern[], judges: readonly Judge[], world: World): Accounts {
  const accounts = [...new Set(patterns.map(({ account }) => account))]
  const spelled = spelledAccounts(world)
  const isKnown = (id: string) => spelled.has(id) || isListed(id, world)
  const narrow = accounts.filter(isNarrowPattern).map(compileGlob)
  const isTaken = (id: string) => isKnown(id) || narrow.some((glob) => matchesGlob(glob, id))
  const loose = kindsOfAccounts(
    judges.filter((judge) => !judge.isNarrow),
    isTaken,
    world.freshAccount,
  )
  const strangers = withSamples(loose, accounts, world).filter((id) => !isTaken(id))
  return {
    strangers: strangers.length === 0 ? [world.freshAccount] : strangers.slice(0, mostStrangers),
    complete: loose.complete && strangers.length <= mostStrangers,
    narrow: narrow.length === 0 ? [] : ofNarrow(patterns, judges, isKnown, world),
  }
}

function ofNarrow(
  patterns: readonly Pattern[],
  judges: readonly Judge[],
  isKnown: (account: string) => boolean,
  world: World,
): readonly AccountsOfPattern[] {
  const known = knownAccounts(world)
  const narrow = patterns.filter(({ account }) => isNarrowPattern(account))
  const kinds = kindsOfAccounts(judges, isKnown, world.freshAccount)
  const accounts = patterns.map(({ account }) => account)
  const unknown = withSamples(kinds, accounts, world).filter((id) => !isKnown(id))
  return narrow.flatMap(({ text, account }): readonly AccountsOfPattern[] => {
    const glob = compileGlob(account)
    const found = unknown.filter((id) => matchesGlob(glob, id))
    const others = found.length > 0 || kinds.complete ? found : oneSample(account, isKnown, world)
    const matched = known.filter((id) => matchesGlob(glob, id))
    const accountsOf = { pattern: text, known: matched, others, complete: kinds.complete }
    return others.length + matched.length === 0 ? [] : [accountsOf]
  })
}

/** What was found; where that is not all, also some accounts that patterns match, alone and two together. */
function withSamples(
  { accounts, complete }: AccountKinds,
  patterns: readonly string[],
  world: World,
): readonly string[] {
  if (complete) return accounts
  const all = [...new Set(patterns)]
  const shapes = all.slice(0, mostPairs).flatMap((pattern) => shapesOf(pattern, all))
  return oneOfEachKind([...accounts, ...samplesOf(shapes, world.freshAccount)], all.map(compileGlob))
}

/** Where not every kind was found, a pattern still has an account of its own. */
function oneSample(account: string, isKnown: (id: string) => boolean, world: World): readonly string[] {
  const shape = shared(account, anyAccount)
  const samples = shape === undefined ? [] : samplesOf([shape], world.freshAccount)
  return samples.filter((id) => !isKnown(id)).slice(0, 1)
}

function isNarrowPattern(account: string): boolean {
  return isOutOfReach('aws:principalaccount', account)
}

function spelledAccounts(world: World): ReadonlySet<string> {
  const keys = ['aws:principalaccount', 'aws:vpceaccount', 'aws:sourceaccount']
  return new Set([world.resourceAccountId, ...keys.flatMap((key) => mentioned(world, key)).filter(isAccountId)])
}

/** An organization may have thousands of accounts, which are not gathered anew for each policy. */
function isListed(account: string, { organization }: World): boolean {
  const { ownAccounts, organizationAccounts, trustedAccounts } = organization
  return ownAccounts.has(account) || organizationAccounts.has(account) || trustedAccounts.has(account)
}

function knownAccounts(world: World): readonly string[] {
  const { ownAccounts, organizationAccounts, trustedAccounts } = world.organization
  const all = [...spelledAccounts(world), ...ownAccounts, ...organizationAccounts, ...trustedAccounts]
  return [...new Set(all.filter(isAccountId))]
}

/** The pattern as twelve characters, alone and together with each other one. */
function shapesOf(account: string, all: readonly string[]): readonly string[] {
  const others = [anyAccount, ...all.filter((other) => other !== account).slice(0, mostPairs / Math.max(1, all.length))]
  const shape = shared(account, anyAccount)
  if (shape === undefined) return []
  const together = others.flatMap((other) => shared(shape, other) ?? [])
  return [...new Set([shape, ...together])]
}

function shared(a: string, b: string): string | undefined {
  const found = commonMatch(a, b)
  return typeof found === 'object' ? asPattern(found.text) : undefined
}

/** Fills shapes with digits of the sample, then with each digit alone. */
function samplesOf(shapes: readonly string[], sample: string): readonly string[] {
  const fills = [(at: number) => sample[at] ?? '0', ...[...'0123456789'].map((digit) => () => digit)]
  const filled = (shape: string, fill: (at: number) => string) =>
    [...shape].map((character, at) => (character === '?' ? fill(at) : character)).join('')
  return fills.flatMap((fill) => shapes.map((shape) => filled(shape, fill))).filter(isAccountId)
}

/** The first of those that the same patterns match, as far as comparisons last. */
function oneOfEachKind(accounts: readonly string[], patterns: readonly Glob[]): readonly string[] {
  const kinds = new Map<string, string>()
  for (const account of accounts.slice(0, Math.ceil(mostMatches / patterns.length))) {
    const kind = patterns.map((pattern) => (matchesGlob(pattern, account) ? '1' : '0')).join('')
    if (!kinds.has(kind)) kinds.set(kind, account)
  }
  return [...kinds.values()]
}
