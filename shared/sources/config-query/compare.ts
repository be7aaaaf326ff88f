import { isGlobalType } from '../../inventory/recordable-types.ts'
import { type JsonObject, own } from '../../model/json.ts'
import type { ReadFailure } from '../failure.ts'
import { covered, type Reader } from '../reading.ts'
import type { ConfigReading, NamedResource } from './reader.ts'
import type { Row } from './row.ts'

/** What AWS Config's two answers about a type say, side by side. */
export interface Comparison {
  /** Listed, and not returned with a configuration. */
  readonly missing: readonly NamedResource[]
  /** Returned, and not listed. */
  readonly unlisted: readonly NamedResource[]
}

/** Compares what a query returned with what AWS Config lists. */
export function compared(rows: readonly Row[], listed: readonly NamedResource[]): Comparison {
  return {
    missing: without(listed, described(rows)).map(({ id, name }) => ({ id, name })),
    unlisted: without(rows, listed).map(({ id, name }) => ({ id, name })),
  }
}

/** The rows that came with a configuration. */
export function described(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ item }) => item !== undefined)
}

/** The resources of the first list that are not in the second. A name that one of them leaves out matches any. */
export function without<T extends NamedResource>(all: readonly T[], found: readonly NamedResource[]): readonly T[] {
  const lists = byId(found)
  return all.filter((one) => !holds(lists, one))
}

function byId(resources: readonly NamedResource[]): ReadonlyMap<string, readonly NamedResource[]> {
  const lists = new Map<string, NamedResource[]>()
  for (const one of resources) {
    const list = lists.get(one.id)
    if (list) list.push(one)
    else lists.set(one.id, [one])
  }
  return lists
}

function holds(lists: ReadonlyMap<string, readonly NamedResource[]>, { id, name }: NamedResource): boolean {
  const same = lists.get(id) ?? []
  return same.some((one) => one.name === undefined || name === undefined || one.name === name)
}

/**
 * Why the answers prove no complete list; undefined when they do. An empty one only does so for a type that is known to be
 * recorded, and never for a type of the account: every account has roles, so none means that another region records them.
 */
export function doubtAbout(
  type: string,
  rows: readonly Row[],
  { missing, unlisted }: Comparison,
  recorded: boolean,
): ReadFailure | undefined {
  if (missing.length > 0) return passing(`AWS Config lists ${missing.length} ${type} it does not return`)
  if (unlisted.length > 0) return passing(`AWS Config returns ${unlisted.length} ${type} it does not list`)
  if (rows.length > 0) return undefined
  if (isGlobalType(type)) return lasting(`AWS Config returns no ${type}: another region may record it`)
  return recorded ? undefined : lasting(`AWS Config returns no ${type}, and nothing says that it records the type`)
}

/** Rows, what is missing of them, and whether they are all, as a reading of the reader's scope. */
export function readingOf(
  reader: Reader,
  type: string,
  rows: readonly Row[],
  missing: readonly NamedResource[],
  doubt: ReadFailure | undefined,
): ConfigReading {
  return {
    items: newestOf(rows),
    coverage: [covered(reader, type, doubt)],
    gaps: doubt ? [{ resourceType: type, ...doubt }] : [],
    missing,
  }
}

/** Each resource once: pages may repeat one, and several regions may record the same role. */
function newestOf(rows: readonly Row[]): readonly JsonObject[] {
  const newest = new Map<string, JsonObject>()
  for (const { id, name, item } of rows) {
    if (item === undefined) continue
    const key = JSON.stringify([own(item, 'arn') ?? null, id, name ?? null])
    const other = newest.get(key)
    if (other === undefined || timeOf(other) <= timeOf(item)) newest.set(key, item)
  }
  return [...newest.values()]
}

function timeOf(item: JsonObject): string {
  return String(own(item, 'configurationItemCaptureTime'))
}

function passing(reason: string): ReadFailure {
  return { reason, transience: 'passing' }
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}
