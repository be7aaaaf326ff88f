import { isAccountId, parseArn } from '../../model/arn.ts'
import { sourceAccounts } from './account-patterns.ts'
import { type Actor, actor } from './actor.ts'
import { fill } from './text-candidates.ts'
import { audienceOf, freshOrganization, isMaybeMember, mentioned, type World } from './world.ts'

/** A service called by anyone, then for accounts that policies name, then for our own and trusted ones. */
export function services(service: string, principal: string, world: World): readonly Actor[] {
  const { ours } = world
  const told = world.organization.organizationId
  const call = (
    sourceAccount: string | undefined,
    organizationIds: readonly (string | undefined)[],
    boundToSource: boolean,
  ): Actor =>
    actor({ audience: 'service', principal, service, sourceAccount, organizations: organizationIds, boundToSource })
  const mentionedOnes = mentionedSourceOrganizations(world)
  const others = told === undefined ? [] : mentionedOnes.filter((id) => id !== told)
  const foreign = [undefined, freshOrganization, ...others]
  const { strangers: strange, complete, narrow } = sourceAccounts(world)
  const named = [...new Set([...spelledSources(world), ...narrow.flatMap(({ known }) => known)])]
  const isOurs = (account: string): boolean => audienceOf(account, world) !== 'external'
  const unsure = told === undefined ? [undefined, ...mentionedOnes] : []
  // Which account a member has that nobody lists matters only to patterns.
  const members = ours === undefined || strange.length === 1 ? [world.freshMember] : strange
  return [
    { ...call(undefined, [undefined], false) },
    ...strange.map((account) => ({ ...call(account, foreign, false), isSample: !complete })),
    ...narrow.flatMap((pattern) =>
      pattern.others.map((account) => ({ ...call(account, foreign, false), isSample: !pattern.complete })),
    ),
    ...named
      .filter((account) => !isOurs(account))
      .map((account) => ({ ...call(account, foreign, false), maybeMember: isMaybeMember(account, world) })),
    call(world.resourceAccountId, [...(ours === undefined ? [] : [ours]), ...unsure], true),
    ...members.map((account) => call(account, [ours], true)),
    ...named.filter(isOurs).map((account) => call(account, [ours, undefined], true)),
  ]
}

function mentionedSourceOrganizations(world: World): readonly string[] {
  const paths = mentioned(world, 'aws:sourceorgpaths').map((path) => path.split('/')[0] ?? '')
  return [...new Set([...mentioned(world, 'aws:sourceorgid'), ...paths].map((id) => fill(id, '')))].filter(
    isOrganization,
  )
}

/** What a variable leaves is no id. */
function isOrganization(id: string): boolean {
  return id !== '' && !id.includes('${')
}

function spelledSources(world: World): readonly string[] {
  const ofArns = mentioned(world, 'aws:sourcearn').map((text) => parseArn(text)?.accountId ?? '')
  return [...new Set([...mentioned(world, 'aws:sourceaccount'), ...ofArns])].filter(isAccountId)
}
