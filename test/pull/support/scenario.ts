import type { Inventory } from '../../../shared/inventory/inventory.ts'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import type { PullTrace } from '../../../shared/model/pull.ts'
import type { PullToTrace, TraceWorld } from '../../../shared/pull/trace-types.ts'
import * as builders from '../../support/builders.ts'
import { type EstatePart, inventoryOf } from '../../support/builders.ts'
import { estates } from './estates.ts'

/** A whole pull as a row of a JSON table: an estate, what is different in it, and what a trace must say. */
export interface Scenario {
  readonly name: string
  /** Key of `estates`. */
  readonly base: string
  /**
   * Parts that take the place of those with the same type and id, or are added. `{"$subnet": [{"id": "subnet-9"}]}` calls
   * a builder; so do parts inside of parts, such as `{"$https": ["sg-1"]}`.
   */
  readonly with?: readonly JsonValue[]
  /** Resource ids. */
  readonly without?: readonly string[]
  /** Of the container of the service, or of the pull in place of an add-on. */
  readonly image?: string
  /** Properties of the pull that are different. */
  readonly pull?: JsonObject
  readonly centralEndpoints?: TraceWorld['centralEndpoints']
  readonly verdict: PullTrace['verdict']
  /** Hop and code of the first failing hop, `ecr-api: no-route`; of the first unknown one where none fails. */
  readonly at?: string
  /** Hops that fail after the first. */
  readonly next?: readonly string[]
  /** `hop: status code` of others. */
  readonly hops?: readonly string[]
  readonly fix?: string
  readonly intermittent?: readonly string[]
  readonly missing?: readonly string[]
  /** Privacy, then least privilege; `-` for none. */
  readonly grades?: string
  /** Texts that the reason of the hop at `at` contains. */
  readonly says?: readonly string[]
}

const callable = new Map<string, (...parameters: never[]) => JsonValue | EstatePart | readonly EstatePart[]>([
  ...(Object.entries(builders) as never),
  ['repositoryWithImages', repositoryWithImages],
])

/** A repository with one image for each tag. */
function repositoryWithImages(name: string, tags: readonly string[]): EstatePart {
  const part = builders.repository({ name })
  if (!('item' in part)) throw new Error('no item')
  const Images = tags.map((tag, index) => ({
    ImageDigest: `sha256:${String(index).padStart(64, '0')}`,
    ImageTags: [tag],
  }))
  return { item: { ...part.item, supplementaryConfiguration: { Images } } }
}

/** The estate of a scenario. */
export function partsOf({ base, with: added = [], without = [] }: Scenario): readonly EstatePart[] {
  const parts = estates[base]
  if (parts === undefined) throw new Error(`no estate ${base}`)
  const more = added.flatMap((part) => built(part) as EstatePart | readonly EstatePart[])
  const gone = new Set(more.map(keyOf))
  const kept = parts.filter((part) => !gone.has(keyOf(part)) && !without.includes(idOf(part)))
  return [...kept, ...more]
}

/** What a row says with its builders called. */
export function built(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(built)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [name, parameters] = entries[0] ?? ['', null]
  if (entries.length === 1 && name.startsWith('$')) {
    const builder = callable.get(name.slice(1))
    if (builder === undefined) throw new Error(`no builder ${name}`)
    return builder(...(built(parameters as JsonValue) as never[]))
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, built(member)]))
}

/** The world of a scenario. */
export function worldOfScenario(scenario: Scenario): TraceWorld {
  return worldOfInventory(inventoryOf(partsOf(scenario)), scenario.centralEndpoints)
}

/** An inventory with the organization and time of every scenario. */
export function worldOfInventory(
  inventory: Inventory,
  centralEndpoints: TraceWorld['centralEndpoints'] = [],
): TraceWorld {
  return { inventory, organization, now: new Date('2026-11-21T00:00:00Z'), centralEndpoints }
}

const organization = {
  organizationId: 'o-exampleorg1',
  ownAccounts: new Set<string>(),
  organizationAccounts: new Set<string>(),
  trustedAccounts: new Set<string>(),
}

/** The pull with what the scenario changes in it. */
export function changed(pull: PullToTrace, { image, pull: changes }: Scenario): PullToTrace {
  const given = image === undefined ? pull : { ...pull, image }
  return { ...given, ...(changes as Partial<PullToTrace> | undefined) }
}

function idOf(part: EstatePart): string {
  return 'item' in part ? String(part.item.resourceId) : ''
}

function keyOf(part: EstatePart): string {
  if (!('item' in part)) return JSON.stringify(part)
  return [part.item.resourceType, part.item.resourceId, part.item.awsAccountId, part.item.awsRegion].join(' ')
}
