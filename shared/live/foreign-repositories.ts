import { taskDefinitionOf } from '../inventory/ecs-task-definition.ts'
import { scopeKey } from '../inventory/listings.ts'
import { normalizeItem } from '../inventory/normalize-item.ts'
import { type JsonObject, ownString } from '../model/json.ts'
import type { Scope } from '../model/resource.ts'
import { isAwsOwnedRegistry } from '../pull/aws-owned-registries.ts'
import { privateImagesOf } from '../pull/task-can-pull.ts'
import type { ForeignLookUp } from '../sources/foreign-repositories/look-up.ts'
import { covered, joinReadings, type Reader, type Reading } from '../sources/reading.ts'

const definitionType = 'AWS::ECS::TaskDefinition'
const repositoryType = 'AWS::ECR::Repository'
/** Repositories of other registries that one reading asks for; more are unknown. */
const MOST_REPOSITORIES = 100

/** Repositories of other accounts and regions, completing what was read of the own ones. */
export interface ForeignRepositories {
  /**
   * The repositories that task definitions in a reading, or the judged `item`, name in other registries, with what is known of these.
   * Nothing unless repositories are among the types.
   */
  readonly alongside: (
    reader: Reader,
    types: readonly string[],
    reading: Reading,
    item?: JsonObject,
  ) => Promise<Reading>
}

interface Registry extends Scope {
  readonly names: Set<string>
}

/** Completes readings with what `lookUp` finds. */
export function foreignRepositories(lookUp: ForeignLookUp): ForeignRepositories {
  return {
    alongside: async (reader, types, { items }, item) => {
      if (!types.includes(repositoryType)) return nothing
      const definitions = [...items, ...(item === undefined ? [] : [item])]
      const { asked, left } = registriesIn(definitions, reader)
      const readings = await Promise.all(asked.map(({ names, ...scope }) => lookUp(reader, scope, [...names].sort())))
      return joinReadings([...readings, { items: [], coverage: left.map((scope) => tooMany(reader, scope)), gaps: [] }])
    },
  }
}

const nothing: Reading = { items: [], coverage: [], gaps: [] }

/** The registries that are named, and those of which some name was left out. */
function registriesIn(definitions: readonly JsonObject[], own: Scope) {
  const registries = new Map<string, Registry>()
  const left = new Map<string, Scope>()
  let count = 0
  for (const { accountId, region, repository } of definitions.flatMap(imagesOf)) {
    const isOwn = accountId === own.accountId && region === own.region
    if (isOwn || isAwsOwnedRegistry(accountId, region)) continue
    const scope = { accountId, region }
    const registry = registries.get(scopeKey(scope)) ?? { ...scope, names: new Set<string>() }
    if (registry.names.has(repository)) continue
    if (count >= MOST_REPOSITORIES) {
      left.set(scopeKey(scope), scope)
      continue
    }
    count += 1
    registry.names.add(repository)
    registries.set(scopeKey(scope), registry)
  }
  return { asked: [...registries.values()], left: [...left.values()] }
}

/** Untrusted: what names no image of a registry is none. */
function imagesOf(item: JsonObject) {
  if (ownString(item, 'resourceType') !== definitionType) return []
  const normalized = normalizeItem(item)
  if (!normalized.ok || normalized.deleted) return []
  const images = privateImagesOf(taskDefinitionOf(normalized.item))
  return images.state === 'known' ? images.value : []
}

function tooMany(reader: Reader, { accountId, region }: Scope) {
  const reason = `images name more than ${MOST_REPOSITORIES} repositories of other registries`
  return covered({ ...reader, accountId, region }, repositoryType, { reason, transience: 'lasting' })
}
