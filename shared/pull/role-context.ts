import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { Role } from '../inventory/iam.ts'
import { parseArn } from '../model/arn.ts'
import { contextOf } from './decide.ts'
import { oneOrUnknown, timeKeys } from './known-values.ts'
import { organizationIdOf } from './membership.ts'
import type { Puller, PullWorld } from './types.ts'

/**
 * Who uses the role: a puller in a region, whose requests are known well; whoever gets at the credentials of one
 * (`by: 'holder'`), such as the code of a container; or anybody who may assume it.
 */
export type RoleUse = { readonly puller: Puller; readonly region: string; readonly by?: 'holder' } | 'anybody'

/**
 * The keys of a request that a role makes on a repository, or on the registry when the ARN is `*`. Its permissions outlive
 * the tags that a repository has today: those stay unknown.
 */
export function roleContext(
  world: PullWorld,
  role: Role,
  use: RoleUse,
  action: string,
  resourceArn: string,
): RequestContext {
  const arn = parseArn(resourceArn)
  if (use === 'anybody') return anybodysContext(world, role, arn?.accountId ?? role.ref.accountId)
  const details = { isByHolder: use.by === 'holder' }
  if (arn === undefined) return contextOf(world, role, use.puller, { action, region: use.region }, details)
  const { accountId, region, resource } = arn
  const repository = { accountId, region, name: resource.replace(/^repository\//, ''), arn: resourceArn }
  return contextOf(world, role, use.puller, { action, region, repository }, details)
}

/** Where the request comes from and which tags the session carries is up to whoever assumes the role. */
function anybodysContext(world: PullWorld, role: Role, resourceAccountId: string): RequestContext {
  const { arn, accountId } = role.ref
  const path = world.inventory.organizationTree.pathOf(accountId)
  const { now } = world
  return new Map<string, ContextValue>([
    ['aws:principalarn', present(arn)],
    ['aws:principalaccount', present(accountId)],
    ['aws:principaltype', present('AssumedRole')],
    ['aws:principalorgid', oneOrUnknown(organizationIdOf(world, accountId))],
    ['aws:principalorgpaths', path.state === 'known' ? present(path.value) : unknownKey],
    ['aws:principalisawsservice', present('false')],
    ['aws:username', absentKey],
    ['aws:resourceaccount', present(resourceAccountId)],
    ['aws:resourceorgid', oneOrUnknown(organizationIdOf(world, resourceAccountId))],
    ...timeKeys(now),
  ])
}
