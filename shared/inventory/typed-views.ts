import type { Inventory } from './inventory.ts'

/** The part of an inventory that is there before any type is looked at. */
export type Listings = Pick<Inventory, 'scopes' | 'coverage' | 'items' | 'listing' | 'capturedPolicy'>

/** The part of an inventory that reads items: the typed resources, and lookups of them. */
export type TypedViews = Omit<Inventory, keyof Listings>

/** Makes some of the typed views of an inventory. What it returns may be made when it is first asked for. */
export type ViewGroup = (listings: Listings) => Partial<TypedViews>

/** The views an inventory has: who reads few types need not carry the readers of all. */
export type ViewGroups = readonly ViewGroup[]

/** All there are. The compiler holds it to the interface. */
const viewNames: Readonly<Record<keyof TypedViews, true>> = {
  repositories: true,
  registryPolicies: true,
  pullThroughCacheRules: true,
  registryOf: true,
  registries: true,
  roles: true,
  role: true,
  managedPolicy: true,
  instanceProfiles: true,
  taskDefinitions: true,
  currentTaskDefinitions: true,
  supersededBy: true,
  ecsServices: true,
  ecsClusters: true,
  ecsCapacityProviders: true,
  eksClusters: true,
  nodegroups: true,
  fargateProfiles: true,
  podIdentityAssociations: true,
  launchTemplates: true,
  autoScalingGroups: true,
  repository: true,
  organizationTree: true,
  network: true,
}

/**
 * Completes an inventory with the views of these groups. Any other view throws an Error that names it when it is asked for: an empty
 * one would say that there is nothing.
 */
export function withViews(listings: Listings, groups: ViewGroups): Inventory {
  const inventory = {}
  for (const name of Object.keys(viewNames)) Object.defineProperty(inventory, name, missing(name))
  for (const group of groups) Object.defineProperties(inventory, Object.getOwnPropertyDescriptors(group(listings)))
  // Each name of the interface is a listing, made by a group, or throws.
  return Object.freeze(Object.assign(inventory, listings)) as Inventory
}

/** Not enumerable: a copy of an inventory has the views that the inventory has. */
function missing(name: string): PropertyDescriptor {
  return {
    configurable: true,
    get: () => {
      throw new Error(`this inventory was built without the view "${name}"`)
    },
  }
}
