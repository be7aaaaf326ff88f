import { isAccountId } from '../../model/arn.ts'
import type { Audience } from '../access-types.ts'
import { callerAccounts } from './account-patterns.ts'
import type { EndpointOwners } from './actor.ts'
import { isOwnerTold, membershipsOf, ownershipOpen } from './membership.ts'
import { organizationName } from './organizations.ts'
import { fill } from './text-candidates.ts'
import { vpcArnKey, vpcOwner } from './vpc-arns.ts'
import { isOutOfReach, mentioned, type World } from './world.ts'

/** One owner of endpoints that conditions name, and whose it is. */
export interface NamedOwner {
  /** `111122223333`, a pattern of few accounts, `organization o-…`. */
  readonly name: string
  readonly audience: Audience
  /** What requests through the endpoints may say of their owner. */
  readonly owners: EndpointOwners
  readonly missing: readonly string[]
  readonly maybeMember: boolean
}

const remembered = new WeakMap<World, readonly NamedOwner[]>()

/** The owners of endpoints that conditions spell out: by account, by organization, or by a network of theirs. */
export function ownersNamed(world: World): readonly NamedOwner[] {
  const before = remembered.get(world)
  if (before !== undefined) return before
  const owners = [...accounts(world), ...organizations(world)]
  remembered.set(world, owners)
  return owners
}

function accounts(world: World): readonly NamedOwner[] {
  const values = mentioned(world, 'aws:vpceaccount').map((text) =>
    filled(text, resourceAccount, world.resourceAccountId),
  )
  const networks = mentioned(world, vpcArnKey)
  // Participants of a shared VPC make no endpoints in it: they are its owner's.
  const owners = networks.map((arn) => vpcOwner(filled(arn, resourceAccount, world.resourceAccountId)) ?? '')
  const literal = [...new Set([...values, ...owners])]
    .filter(isAccountId)
    .map((account) => ({ name: account, account }))
  const byPattern = callerAccounts(world)
    .narrow.filter(({ pattern }) => values.includes(pattern) || networks.includes(pattern))
    .flatMap(({ pattern, known, others }) => [
      ...others.map((account) => ({ name: pattern, account })),
      ...known.map((account) => ({ name: account, account })),
    ])
  return [...literal, ...byPattern].flatMap(({ name, account }) =>
    membershipsOf(account, world).map(({ audience, organizations: ids, maybeMember }) => ({
      ...{ name, audience, maybeMember, missing: [] },
      owners: { accounts: [account], organizations: ids },
    })),
  )
}

function organizations(world: World): readonly NamedOwner[] {
  const texts = ['aws:vpceorgid', 'aws:vpceorgpaths'].flatMap((key) => mentioned(world, key))
  const ids = texts.map((text) => filled(text.split('/')[0] ?? '', resourceOrganization, world.ours ?? ''))
  const { strangers } = callerAccounts(world)
  const members = [world.freshMember, ...(strangers.length === 1 ? [] : strangers)]
  return [...new Set(ids)]
    .filter((written) => isOutOfReach('aws:principalorgid', written))
    .map((written) => {
      const organization = fill(written, '')
      return {
        name: organizationName(written, world),
        audience: organization === world.ours ? 'organization' : 'external',
        owners: { accounts: members, organizations: [organization] },
        missing: isOwnerTold(organization, world) ? [] : [ownershipOpen(world)],
        maybeMember: false,
      }
    })
}

const resourceAccount = 'aws:resourceaccount'
const resourceOrganization = 'aws:resourceorgid'

/** Puts the value in the place of the one variable of that name. */
function filled(text: string, name: string, value: string): string {
  const variable = `\${${name}}`
  const at = text.toLowerCase().indexOf(variable)
  return at < 0 ? text : `${text.slice(0, at)}${value}${text.slice(at + variable.length)}`
}
