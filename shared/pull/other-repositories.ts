import type { Missing } from '../iam/evaluate/types.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { neededOnRepository, type PrivateImage } from './can-pull.ts'
import type { RolePermissions } from './role-permissions.ts'

/** Repositories, by ARN, that a role can pull besides those of some images. */
export interface OtherRepositories {
  /** Those it can pull, be it under conditions of the single request. */
  readonly held: readonly string[]
  /** What must be known to say whether it can pull still others. */
  readonly missing: readonly Missing[]
}

/** Repositories of the role's account in the inventory that it can pull and that hold none of the images. */
export function otherRepositories(
  { repositories }: Pick<Inventory, 'repositories'>,
  permissions: RolePermissions,
  images: readonly PrivateImage[],
): OtherRepositories {
  const existing = new Set(repositories.map(({ ref }) => ref.arn))
  const used = new Set(images.map(({ repositoryArn }) => repositoryArn))
  const [manifests, layers] = neededOnRepository.map((action) => allowing(permissions, action))
  const both = [...(manifests ?? [])].flatMap(([arn, open]): [string, readonly Missing[]][] => {
    const more = layers?.get(arn)
    return more === undefined || used.has(arn) || !existing.has(arn) ? [] : [[arn, [...open, ...more]]]
  })
  const isHeld = (open: readonly Missing[]) => open.every(({ kind }) => kind === 'contextKey')
  return {
    held: both.flatMap(([arn, open]) => (isHeld(open) ? [arn] : [])),
    missing: both.flatMap(([, open]) => (isHeld(open) ? [] : open)),
  }
}

/** Repositories on which the role's own side, or a repository policy that names it, allows the action; with what is open. */
function allowing({ grants, allowedOn }: RolePermissions, action: string): ReadonlyMap<string, readonly Missing[]> {
  const own = allowedOn(action).map(({ repository, missing }): [string, readonly Missing[]] => [
    repository.arn,
    missing,
  ])
  const known = new Set(own.map(([arn]) => arn))
  const named = grants.filter(
    (grant) =>
      grant.action === action && grant.scope === 'repository' && grant.inHomeAccount && !known.has(grant.resource),
  )
  return new Map([...own, ...named.map(({ resource, missing }): [string, readonly Missing[]] => [resource, missing])])
}
