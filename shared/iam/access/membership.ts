import type { Audience } from '../access-types.ts'
import { strangeOrganizations } from './organizations.ts'
import { fill } from './text-candidates.ts'
import { audienceOf, isMaybeMember, mentionedOrganizations, type World } from './world.ts'

const ownershipUnknown = 'organization id of the account is not known (settings: organizationId)'

/** What an account may be to us, with the organizations it may then belong to; undefined is none. */
export interface Membership {
  readonly audience: Audience
  readonly organizations: readonly (string | undefined)[]
  readonly maybeMember: boolean
}

/** One membership; a second one when the account might be a member of our organization. */
export function membershipsOf(accountId: string, world: World): readonly Membership[] {
  const audience = audienceOf(accountId, world)
  const { ours } = world
  const maybeMember = isMaybeMember(accountId, world)
  const foreign = [
    undefined,
    ...strangeOrganizations(world),
    ...mentionedOrganizations(world)
      .map((id) => fill(id, ''))
      .filter((id) => id !== ours),
  ]
  if (ours === undefined) return [{ audience, organizations: foreign, maybeMember }]
  // Whatever its id is: members of it are told apart, and of others nobody knows which organization is which.
  if (world.organization.organizationId === undefined && (audience === 'own' || audience === 'organization'))
    return [{ audience, organizations: [ours, ...foreign], maybeMember }]
  if (audience === 'own' && accountId === world.resourceAccountId)
    return [{ audience, organizations: [ours], maybeMember }]
  if (audience === 'organization') return [{ audience, organizations: [ours], maybeMember }]
  if (audience === 'own') return [{ audience, organizations: [ours, ...foreign], maybeMember }]
  return [
    { audience, organizations: foreign, maybeMember },
    // A condition that demands our organization proves that the account is a member, though nobody listed it.
    { audience: 'organization', organizations: [ours], maybeMember: false },
  ]
}

/** That nobody can say whose an organization is, and why not. */
export function ownershipOpen({ organization: { unread } }: World): string {
  return unread === undefined ? ownershipUnknown : `${ownershipUnknown}: ${unread}`
}

/** Whether it is known whose an organization is: of one that conditions spell out only where the id of ours is. */
export function isOwnerTold(id: string, { organization, ours }: World): boolean {
  return organization.organizationId !== undefined || id === ours
}
