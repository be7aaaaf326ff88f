import type { EcsService, TaskDefinition } from './ecs.ts'
import { taskDefinitionName } from './ecs-task-definition.ts'
import type { Inventory } from './inventory.ts'
import { scopeKey } from './listings.ts'

/** Days after which the newest revision of a family nobody uses counts as left behind. */
export const recentDays = 90

const dayInMilliseconds = 24 * 60 * 60 * 1000

/** Which revisions matter: the answers of an inventory about its task definitions. */
export interface TaskDefinitionUse {
  /** Revisions a service uses, and the newest active revision of every family that is in use, recent, or of unknown use. Sorted as given. */
  current(now?: Date): readonly TaskDefinition[]
  /** The newer active revision of the family; undefined when there is none or when a service uses this revision. */
  supersededBy(definition: TaskDefinition): TaskDefinition | undefined
}

interface Family {
  /** Newest active revision. */
  readonly newest: TaskDefinition | undefined
  /** When the newest revision was registered, or first seen; undefined when some revision has no time. */
  readonly observedAt: string | undefined
}

/** Reads services and revisions once; the answers are lookups. */
export function taskDefinitionUse(
  definitions: readonly TaskDefinition[],
  services: readonly EcsService[],
  listing: Inventory['listing'],
): TaskDefinitionUse {
  const families = familiesOf(definitions)
  const used = usedBy(services)
  const servicesKnown = (definition: TaskDefinition) => listing('AWS::ECS::Service', definition.ref).state !== 'unknown'
  const isCurrent = (definition: TaskDefinition, now: Date | undefined) => {
    if (used.revisions.has(revisionKey(definition))) return true
    const key = familyKey(definition.ref, definition.family)
    const family = families.get(key)
    if (family?.newest !== definition) return false
    return used.families.has(key) || isRecent(family.observedAt, now) || !servicesKnown(definition)
  }
  const remembered = new Map<number | undefined, readonly TaskDefinition[]>()
  return {
    current: (now) => {
      const time = now?.getTime()
      const current = remembered.get(time) ?? definitions.filter((definition) => isCurrent(definition, now))
      remembered.set(time, current)
      return current
    },
    supersededBy: (definition) => {
      const newest = families.get(familyKey(definition.ref, definition.family))?.newest
      const newer = newest !== undefined && newest.revision > definition.revision
      return newer && !used.revisions.has(revisionKey(definition)) ? newest : undefined
    },
  }
}

function isRecent(observedAt: string | undefined, now: Date | undefined): boolean {
  if (now === undefined || observedAt === undefined) return true
  return Date.parse(observedAt) >= now.getTime() - recentDays * dayInMilliseconds
}

function familiesOf(definitions: readonly TaskDefinition[]): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>()
  for (const definition of definitions) {
    const key = familyKey(definition.ref, definition.family)
    families.set(key, joined(families.get(key), definition))
  }
  return families
}

function joined(family: Family | undefined, definition: TaskDefinition): Family {
  const active = definition.status === undefined || definition.status === 'ACTIVE'
  const observedAt = definition.registeredAt ?? definition.observedAt
  if (family === undefined) return { newest: active ? definition : undefined, observedAt }
  const newer = active && (family.newest === undefined || family.newest.revision < definition.revision)
  return { newest: newer ? definition : family.newest, observedAt: later(family.observedAt, observedAt) }
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined
  return a < b ? b : a
}

function usedBy(services: readonly EcsService[]) {
  const families = new Set<string>()
  const revisions = new Set<string>()
  for (const { ref, taskDefinitionArn } of services) {
    const name = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
    if (name === undefined) continue
    families.add(familyKey(ref, name.family))
    if (name.revision !== undefined) revisions.add(`${familyKey(ref, name.family)}:${name.revision}`)
  }
  return { families, revisions }
}

function familyKey(scope: TaskDefinition['ref'], family: string): string {
  return `${scopeKey(scope)} ${family}`
}

function revisionKey({ ref, family, revision }: TaskDefinition): string {
  return `${familyKey(ref, family)}:${revision}`
}
