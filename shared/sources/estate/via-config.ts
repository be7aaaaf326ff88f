import type { JsonObject } from '../../model/json.ts'
import type { ConfigReader, ConfigReading, NamedResource } from '../config-query/reader.ts'
import { recordedTypes } from '../config-query/recorder.ts'
import { selectItems } from '../config-query/select-items.ts'
import { type Answer, covered, forEachConcurrently, type Gap, type Reading } from '../reading.ts'
import type { EstateChoice, EstateReader } from './reader.ts'

/** Resources read live at the same time because AWS Config did not return them. */
const CONCURRENCY = 8
/** With more than this missing AWS Config is of no use, and the listing is read live. */
const MOST_MISSING = 50

/** What looking at one resource gave; the readers of single resources have this in common. */
type One =
  | { readonly state: 'present'; readonly item: JsonObject; readonly gaps: readonly Gap[] }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/** The recorder of each reading, asked for once. */
const recorders = new WeakMap<EstateReader['clients'], Map<string, Promise<Answer<(type: string) => boolean>>>>()

/**
 * Reads a type through AWS Config when its recorder records the type as it changes, because live it takes calls for each
 * resource. What AWS Config lists and does not return is read live one by one (`readOne`). Whatever leaves the listing in doubt
 * makes it be read live as a whole: an answer of AWS Config alone never decides that something is not there.
 */
export async function viaConfig(
  reader: EstateReader,
  choice: EstateChoice,
  type: string,
  readLive: () => Promise<Reading>,
  readOne?: (resource: NamedResource) => Promise<One>,
): Promise<Reading> {
  const reading = choice.config ? await selected(reader, type) : undefined
  if (reading === undefined) return readLive()
  const isKnown = reading.coverage.every(({ status }) => status === 'known')
  if (isKnown && reading.items.length > 0) return reading
  const { missing } = reading
  const isMendable = missing.length > 0 && missing.length <= MOST_MISSING && reading.items.length > 0
  return isMendable && readOne !== undefined ? mended(reader, type, reading, readOne) : readLive()
}

async function selected(reader: EstateReader, type: string): Promise<ConfigReading | undefined> {
  const { clients, ...place } = reader
  const config: ConfigReader = { ...place, client: clients.config }
  const recorded = await recorderOf(reader, config)
  return recorded.state === 'known' && recorded.value(type) ? selectItems(config, type, recorded.value) : undefined
}

function recorderOf(reader: EstateReader, config: ConfigReader): Promise<Answer<(type: string) => boolean>> {
  const held = recorders.get(reader.clients) ?? new Map<string, Promise<Answer<(type: string) => boolean>>>()
  recorders.set(reader.clients, held)
  const answer = held.get(reader.readAt) ?? recordedTypes(config)
  held.set(reader.readAt, answer)
  return answer
}

async function mended(
  reader: EstateReader,
  type: string,
  reading: ConfigReading,
  readOne: (resource: NamedResource) => Promise<One>,
): Promise<Reading> {
  const items = [...reading.items]
  const gaps: Gap[] = []
  await forEachConcurrently(reading.missing, CONCURRENCY, async (resource) => {
    const one = await readOne(resource)
    if (one.state === 'present') items.push(one.item)
    if (one.state === 'present') gaps.push(...one.gaps)
    if (one.state === 'unknown') gaps.push(one.gap)
  })
  return { items, coverage: [covered(reader, type)], gaps }
}
