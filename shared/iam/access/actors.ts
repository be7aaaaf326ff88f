import { isAccountId, parseArn } from '../../model/arn.ts'
import { hasWildcard } from '../match/wildcard.ts'
import type { PrincipalEntry } from '../policy/policy.ts'
import { type Actor, actor } from './actor.ts'
import { type PrincipalForm, principalForm } from './principal.ts'
import { tooComplex } from './solve.ts'
import { fill } from './text-candidates.ts'
import {
  audienceOf,
  freshOrganization,
  isMaybeMember,
  isOutOfReach,
  mentioned,
  mentionedOrganizations,
  type World,
} from './world.ts'

const maximumHolders = 1000
const ownershipUnknown = 'organization id of the account is not known (settings: organizationId)'

/** Callers that `Principal: "*"` may let in, widest first: whoever a wider one covers need not be asked again. */
export function openActors(world: World): readonly Actor[] {
  return [
    ...strangers(world),
    ...holders(world),
    ...organizations(world),
    ...named(world),
    ...ofAccount(world.resourceAccountId, undefined, world),
    ...services('*', 'any AWS service', world),
  ]
}

/** Callers that a listed principal lets in; none when it can never call. */
export function listedActors(entry: PrincipalEntry, world: World): readonly Actor[] {
  const form: PrincipalForm = principalForm(entry, world.partition)
  switch (form.kind) {
    case 'account':
      return ofAccount(form.accountId, undefined, world)
    case 'principal':
      return ofAccount(form.accountId, { arn: form.arn, shown: entry.value }, world)
    case 'service':
      return form.service === 'ecs-tasks.amazonaws.com' ? [] : services(form.service, form.service, world)
    case 'unknown':
      return [notUnderstood(entry, form.accountId, world)]
    case 'deleted':
    case 'never':
      return []
    default:
      return form satisfies never
  }
}

/** An arbitrary outsider: any account but those mentioned, any organization but those mentioned. */
function strangers(world: World): readonly Actor[] {
  const loose = (key: string, values = mentioned(world, key)): readonly string[] =>
    values.filter((value) => hasWildcard(value) && !isOutOfReach(key, value))
  const accounts = loose('aws:principalaccount', mentionedAccounts(world))
    .map((pattern) => fillTo(pattern, world.freshAccount, 12))
    .filter(isAccountId)
  const paths = mentioned(world, 'aws:principalorgpaths').map((path) => path.split('/')[0] ?? '')
  const patterns = loose('aws:principalorgid', [
    ...mentioned(world, 'aws:principalorgid'),
    ...mentioned(world, 'aws:vpceorgid'),
    ...paths,
  ])
  const ids = patterns.map((pattern) => fill(pattern, freshOrganization.slice(2))).filter((id) => id.startsWith('o-'))
  const organizationIds = [undefined, ...new Set([freshOrganization, ...ids])]
  return [...new Set([world.freshAccount, ...accounts])].map((account) =>
    actor({ audience: 'anyone', principal: '*', account, organizations: organizationIds, holdsLiterals: false }),
  )
}

/** Fills a pattern of account ids so that it has the wanted length, taking digits from the sample. */
function fillTo(pattern: string, sample: string, length: number): string {
  const fixed = pattern.replaceAll('*', '').length
  const [head = '', ...tail] = pattern.split('*')
  const filled = tail.length === 0 ? head : head + sample.slice(0, Math.max(0, length - fixed)) + tail.join('')
  return filled.replaceAll('?', '7')
}

/** Otherwise unknown callers who hold one identifier or network that a condition spells out. */
function holders(world: World): readonly Actor[] {
  const keys = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:ec2instancesourcevpc', 'aws:userid']
  const held = keys.flatMap((key) =>
    mentioned(world, key)
      .filter((value) => isOutOfReach(key, value))
      .map((value) => ({ key, value })),
  )
  const blocks = mentioned(world, 'aws:sourceip').map((value) => ({ key: 'aws:sourceip', value }))
  const all = [...blocks, ...held]
  const known = {
    audience: 'external',
    account: world.freshAccount,
    organizations: [undefined, freshOrganization],
  } as const
  const told = all.slice(0, maximumHolders).map((holds) =>
    actor({
      ...known,
      principal: holderName(holds),
      holds,
      missing: holds.key === 'aws:sourceip' ? [] : [`owner of ${holds.value} is not known`],
    }),
  )
  // One caller who may hold any of them stands for all that are too many to tell apart.
  const rest = actor({ ...known, principal: 'any account through what conditions name', uncertain: [tooComplex] })
  return all.length > maximumHolders ? [...told, rest] : told
}

function holderName({ key, value }: { readonly key: string; readonly value: string }): string {
  if (key === 'aws:sourceip') return `any account from ${value}`
  return key === 'aws:userid' ? `unique id ${value}` : `any account through ${value}`
}

/** Members of every organization that conditions name, and of ours. */
function organizations(world: World): readonly Actor[] {
  const ours = world.organization.organizationId
  const ids = new Set([...(ours === undefined ? [] : [ours]), ...mentionedOrganizations(world)])
  return [...ids].map((written) => {
    const id = fill(written, '')
    return actor({
      audience: id === ours ? 'organization' : 'external',
      principal: `organization ${written}`,
      account: world.freshMember,
      organizations: [id],
      missing: ours === undefined ? [ownershipOpen(world)] : [],
    })
  })
}

function ownershipOpen({ organization: { unread } }: World): string {
  return unread === undefined ? ownershipUnknown : `${ownershipUnknown}: ${unread}`
}

/** Accounts and principals that conditions spell out or a Deny spares, accounts first: they cover the rest. */
function named(world: World): readonly Actor[] {
  const forms = world.spared.map((entry) => ({ entry, form: principalForm(entry, world.partition) }))
  const accounts = [
    ...mentionedAccounts(world).filter(isAccountId),
    ...forms.flatMap(({ form }) => (form.kind === 'account' ? [form.accountId] : [])),
  ]
  const arns = mentioned(world, 'aws:principalarn').flatMap((text) => {
    const accountId = parseArn(text)?.accountId ?? ''
    return isAccountId(accountId) ? [{ accountId, arn: text }] : []
  })
  return [
    ...[...new Set(accounts)].flatMap((accountId) => ofAccount(accountId, undefined, world)),
    ...mentionedAccounts(world).flatMap((pattern) => ofAccounts(pattern, world)),
    ...arns.flatMap(({ accountId, arn }) => ofAccount(accountId, { arn, shown: arn }, world)),
    ...forms.flatMap(({ entry, form }) => (form.kind === 'principal' ? listedActors(entry, world) : [])),
  ]
}

function mentionedAccounts(world: World): readonly string[] {
  return [...new Set([...mentioned(world, 'aws:principalaccount'), ...mentioned(world, 'aws:vpceaccount')])]
}

/** The few accounts that a nearly complete pattern stands for; looser ones let in strangers. */
function ofAccounts(pattern: string, world: World): readonly Actor[] {
  if (!hasWildcard(pattern) || !isOutOfReach('aws:principalaccount', pattern)) return []
  const accountId = fillTo(pattern, world.freshAccount, 12)
  if (!isAccountId(accountId)) return []
  return ofAccount(accountId, undefined, world).map((one) => ({ ...one, principal: pattern, accountId: undefined }))
}

/** An account, or one principal of it; a second caller when it might be a member of our organization. */
function ofAccount(
  accountId: string,
  one: { readonly arn: string; readonly shown: string } | undefined,
  world: World,
): readonly Actor[] {
  const audience = audienceOf(accountId, world)
  const ours = world.organization.organizationId
  const foreign = [
    undefined,
    freshOrganization,
    ...mentionedOrganizations(world)
      .map((id) => fill(id, ''))
      .filter((id) => id !== ours),
  ]
  const known = {
    principal: one?.shown ?? accountId,
    accountId,
    account: accountId,
    wholeAccount: one === undefined,
    arn: one?.arn,
    maybeMember: isMaybeMember(accountId, world),
  }
  if (ours === undefined) return [actor({ ...known, audience, organizations: foreign })]
  if (audience === 'own' && accountId === world.resourceAccountId)
    return [actor({ ...known, audience, organizations: [ours] })]
  if (audience === 'organization') return [actor({ ...known, audience, organizations: [ours] })]
  if (audience === 'own') return [actor({ ...known, audience, organizations: [ours, ...foreign] })]
  return [
    actor({ ...known, audience, organizations: foreign }),
    // A condition that demands our organization proves that the account is a member, though nobody listed it.
    actor({ ...known, audience: 'organization', organizations: [ours], maybeMember: false }),
  ]
}

/** A service called by anyone, then for accounts that policies name, then for our own and trusted ones. */
function services(service: string, principal: string, world: World): readonly Actor[] {
  const ours = world.organization.organizationId
  const call = (
    sourceAccount: string | undefined,
    organizationIds: readonly (string | undefined)[],
    boundToSource: boolean,
  ): Actor =>
    actor({ audience: 'service', principal, service, sourceAccount, organizations: organizationIds, boundToSource })
  const mentionedOnes = mentionedSourceOrganizations(world)
  const others = ours === undefined ? [] : mentionedOnes.filter((id) => id !== ours)
  const foreign = [undefined, freshOrganization, ...others]
  const named = sourceAccounts(world)
  const isOurs = (account: string): boolean => audienceOf(account, world) !== 'external'
  return [
    { ...call(undefined, [undefined], false) },
    call(world.freshAccount, foreign, false),
    ...named
      .filter((account) => !isOurs(account))
      .map((account) => ({ ...call(account, foreign, false), maybeMember: isMaybeMember(account, world) })),
    call(world.resourceAccountId, ours === undefined ? [undefined, ...mentionedOnes] : [ours], true),
    call(world.freshMember, ours === undefined ? [undefined] : [ours], true),
    ...named.filter(isOurs).map((account) => call(account, [ours, undefined], true)),
  ]
}

function mentionedSourceOrganizations(world: World): readonly string[] {
  const paths = mentioned(world, 'aws:sourceorgpaths').map((path) => path.split('/')[0] ?? '')
  return [...new Set([...mentioned(world, 'aws:sourceorgid'), ...paths].map((id) => fill(id, '')))]
}

function sourceAccounts(world: World): readonly string[] {
  const ofArns = mentioned(world, 'aws:sourcearn').map((text) => parseArn(text)?.accountId ?? '')
  return [...new Set([...mentioned(world, 'aws:sourceaccount'), ...ofArns])].filter(isAccountId)
}

function notUnderstood(entry: PrincipalEntry, accountId: string | undefined, world: World): Actor {
  const account = accountId !== undefined && isAccountId(accountId) ? accountId : undefined
  return actor({
    audience: account === undefined ? 'external' : audienceOf(account, world),
    principal: entry.value,
    accountId: account,
    account: account ?? world.freshAccount,
    organizations: [undefined, freshOrganization, world.organization.organizationId],
    uncertain: [`principal of type ${entry.type}`],
    maybeMember: account !== undefined && isMaybeMember(account, world),
  })
}
