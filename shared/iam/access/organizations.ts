import { hasWildcard, matchesWildcard } from '../match/wildcard.ts'
import { fill } from './text-candidates.ts'
import { freshOrganization, isOutOfReach, mentioned, otherOrganization, type World } from './world.ts'

const keys = ['aws:principalorgid', 'aws:vpceorgid', 'aws:principalorgpaths', 'aws:vpceorgpaths'] as const
const remembered = new WeakMap<World, readonly string[]>()

/** Organizations of nobody we know: one no pattern is meant for, and one for each pattern that lets in strangers. */
export function strangeOrganizations(world: World): readonly string[] {
  const before = remembered.get(world)
  if (before !== undefined) return before
  const made = gather(world)
  remembered.set(world, made)
  return made
}

function gather(world: World): readonly string[] {
  const ids = keys.flatMap((key) => mentioned(world, key)).map((text) => text.split('/')[0] ?? '')
  const patterns = [...new Set(ids)].filter((id) => hasWildcard(id) && !isOutOfReach('aws:principalorgid', id))
  const filled = patterns.map((pattern) => fill(pattern, freshOrganization.slice(2)))
  const tellsApart = (pattern: string) =>
    matchesWildcard(pattern, freshOrganization) && !matchesWildcard(pattern, otherOrganization)
  const others = patterns.some(tellsApart) ? [otherOrganization] : []
  return [...new Set([freshOrganization, ...others, ...filled.filter((id) => id.startsWith('o-'))])]
}

/** How grants name an organization: by its id, and one whose id nobody told by its account. */
export function organizationName(id: string, world: World): string {
  const isUntold = world.organization.organizationId === undefined && id === world.ours
  return `organization ${isUntold ? `of ${world.resourceAccountId}` : id}`
}
