import { isAccountId, parseArn } from '../../model/arn.ts'
import type { PrincipalEntry } from '../policy/policy.ts'
import { type AccountsOfPattern, callerAccounts } from './account-patterns.ts'
import { type Actor, actor } from './actor.ts'
import { ownersNamed } from './endpoint-owners.ts'
import { isOwnerTold, membershipsOf, ownershipOpen } from './membership.ts'
import { organizationName, strangeOrganizations } from './organizations.ts'
import { type PrincipalForm, principalForm } from './principal.ts'
import { services } from './service-actors.ts'
import { tooComplex } from './solve.ts'
import { fill } from './text-candidates.ts'
import { isVpcOfNobody, vpcArnKey } from './vpc-arns.ts'
import { audienceOf, isMaybeMember, isOutOfReach, mentioned, mentionedOrganizations, type World } from './world.ts'

const maximumHolders = 1000

/** Callers that `Principal: "*"` may let in, widest first: whoever a wider one covers need not be asked again. */
export function openActors(world: World): readonly Actor[] {
  return [
    ...strangers(world),
    ...holders(world),
    ...guests(world),
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
  const known = {
    audience: 'anyone',
    principal: '*',
    organizations: [undefined, ...strangeOrganizations(world)],
    holdsLiterals: false,
    isSample: !callerAccounts(world).complete,
  } as const
  return callerAccounts(world).strangers.map((account) => actor({ ...known, account }))
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
  const networks = mentioned(world, vpcArnKey)
    .filter(isVpcOfNobody)
    .map((value) => ({ key: vpcArnKey, value }))
  const all = [...blocks, ...held, ...networks]
  const known = {
    audience: 'external',
    account: world.freshAccount,
    organizations: [undefined, ...strangeOrganizations(world)],
  } as const
  const { accounts, isSample } = strangersFor(Math.min(all.length, maximumHolders), world)
  const told = all.slice(0, maximumHolders).flatMap((holds) =>
    accounts.map((account) =>
      actor({
        ...{ ...known, account, isSample },
        principal: holderName(holds),
        holds,
        missing: holds.key === 'aws:sourceip' ? [] : [`owner of ${holds.value} is not known`],
      }),
    ),
  )
  // One caller who may hold any of them stands for all that are too many to tell apart.
  const rest = actor({ ...known, principal: 'any account through what conditions name', uncertain: [tooComplex] })
  return all.length > maximumHolders ? [...told, rest] : told
}

/** Accounts of strangers for each of so many names: one that stands for all where together they would be too many. */
function strangersFor(
  count: number,
  world: World,
): { readonly accounts: readonly string[]; readonly isSample: boolean } {
  const { strangers, complete } = callerAccounts(world)
  const isTooMany = strangers.length > 1 && count * strangers.length > maximumHolders
  return { accounts: isTooMany ? strangers.slice(0, 1) : strangers, isSample: isTooMany || !complete }
}

/** Otherwise unknown callers who come through endpoints of an owner that a condition spells out. */
function guests(world: World): readonly Actor[] {
  const { accounts, isSample } = strangersFor(ownersNamed(world).length, world)
  return ownersNamed(world).flatMap(({ name, audience, owners, missing, maybeMember }) =>
    accounts.map((account) =>
      actor({
        ...{ audience, account, missing, maybeMember, isSample, through: owners },
        principal: `any account through endpoints of ${name}`,
        organizations: [undefined, ...strangeOrganizations(world)],
      }),
    ),
  )
}

function holderName({ key, value }: { readonly key: string; readonly value: string }): string {
  if (key === 'aws:sourceip') return `any account from ${value}`
  return key === 'aws:userid' ? `unique id ${value}` : `any account through ${value}`
}

/** Members of every organization that conditions name, and of ours. */
function organizations(world: World): readonly Actor[] {
  const { ours } = world
  const ids = new Set([...(ours === undefined ? [] : [ours]), ...mentionedOrganizations(world)])
  const { accounts, isSample } = strangersFor(ids.size, world)
  return [...ids].flatMap((written) => {
    const id = fill(written, '')
    return accounts.map((account) =>
      actor({
        audience: id === ours ? 'organization' : 'external',
        principal: organizationName(written, world),
        ...{ account, isSample },
        organizations: [id],
        missing: isOwnerTold(id, world) ? [] : [ownershipOpen(world)],
      }),
    )
  })
}

/** Accounts and principals that conditions spell out or a Deny spares, accounts first: they cover the rest. */
function named(world: World): readonly Actor[] {
  const forms = world.spared.map((entry) => ({ entry, form: principalForm(entry, world.partition) }))
  const accounts = [
    ...mentionedAccounts(world).filter(isAccountId),
    ...forms.flatMap(({ form }) => (form.kind === 'account' ? [form.accountId] : [])),
  ]
  const networks = new Set(mentioned(world, vpcArnKey))
  const arns = mentioned(world, 'aws:principalarn').flatMap((text) => {
    const accountId = parseArn(text)?.accountId ?? ''
    return isAccountId(accountId) ? [{ accountId, arn: text }] : []
  })
  return [
    ...[...new Set(accounts)].flatMap((accountId) => ofAccount(accountId, undefined, world)),
    ...callerAccounts(world)
      .narrow.filter(({ pattern }) => !networks.has(pattern))
      .flatMap((accounts) => ofAccounts(accounts, world)),
    ...arns.flatMap(({ accountId, arn }) => ofAccount(accountId, { arn, shown: arn }, world)),
    ...forms.flatMap(({ entry, form }) => (form.kind === 'principal' ? listedActors(entry, world) : [])),
  ]
}

function mentionedAccounts(world: World): readonly string[] {
  return [...new Set([...mentioned(world, 'aws:principalaccount'), ...mentioned(world, 'aws:vpceaccount')])]
}

/** The few accounts that a nearly complete pattern stands for. */
function ofAccounts({ pattern, known, others, complete }: AccountsOfPattern, world: World): readonly Actor[] {
  const isArn = pattern.startsWith('arn:')
  const ofOne = (accountId: string): readonly Actor[] => {
    const arn = isArn ? inAccount(pattern, accountId) : undefined
    return ofAccount(accountId, arn === undefined ? undefined : { arn, shown: arn }, world)
  }
  const unknown = others.flatMap(ofOne).map((one) => ({
    ...one,
    principal: pattern,
    accountId: undefined,
    isSample: !complete,
  }))
  return [...unknown, ...known.flatMap(ofOne)]
}

/** A pattern of ARNs within one account; undefined where a star stands for the account and more. */
function inAccount(pattern: string, accountId: string): string | undefined {
  const parts = pattern.split(':')
  return parts.length < 6 ? undefined : parts.with(4, accountId).join(':')
}

/** An account, or one principal of it; a second caller when it might be a member of our organization. */
function ofAccount(
  accountId: string,
  one: { readonly arn: string; readonly shown: string } | undefined,
  world: World,
): readonly Actor[] {
  const known = {
    principal: one?.shown ?? accountId,
    accountId,
    account: accountId,
    wholeAccount: one === undefined,
    arn: one?.arn,
  }
  return membershipsOf(accountId, world).map((membership) => actor({ ...known, ...membership }))
}

function notUnderstood(entry: PrincipalEntry, accountId: string | undefined, world: World): Actor {
  const account = accountId !== undefined && isAccountId(accountId) ? accountId : undefined
  return actor({
    audience: account === undefined ? 'external' : audienceOf(account, world),
    principal: entry.value,
    accountId: account,
    account: account ?? world.freshAccount,
    organizations: [undefined, ...strangeOrganizations(world), world.ours],
    uncertain: [`principal of type ${entry.type}`],
    maybeMember: account !== undefined && isMaybeMember(account, world),
  })
}
