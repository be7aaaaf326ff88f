import type { NetworkResource } from './network.ts'

/** One resource per id: of several items about a shared one, that in the files of the account that owns it, else the first. */
export function byId<T extends NetworkResource>(resources: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const resource of resources) {
    const other = found.get(resource.id)
    if (other === undefined || (isOwners(resource) && !isOwners(other))) found.set(resource.id, resource)
  }
  return found
}

function isOwners({ ownerId, ref }: NetworkResource): boolean {
  return ownerId === ref.accountId
}
