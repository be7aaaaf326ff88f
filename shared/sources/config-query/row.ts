import { nestsDeeperThan } from '../../inventory/json-text.ts'
import { regionOfItem } from '../../inventory/normalize-item.ts'
import { isAccountId } from '../../model/arn.ts'
import { isJsonObject, type JsonObject, type JsonValue, own, ownString } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import { MalformedAnswer } from '../failure.ts'
import { needText, present } from '../reading.ts'
import type { NamedResource } from './reader.ts'
import { tagsOf, withPlainWords, wrapsWords } from './spelling.ts'

/** Deepest nesting of a row that is taken. */
const MAX_DEPTH = 256

/** What an answer says of one resource. */
export interface Row extends Scope, NamedResource {
  /** Undefined when the answer names the resource without its configuration. */
  readonly item: JsonObject | undefined
}

/** Reads one result of a query, the JSON text of an item. @throws MalformedAnswer */
export function rowOfText(text: unknown, type: string): Row {
  const json = needText(text, 'the text of a row')
  if (nestsDeeperThan(MAX_DEPTH, json)) throw new MalformedAnswer('a row that nests too deep')
  return rowOf(parsed(json), type)
}

/** Reads one item as AWS Config spells it in rows and in batches. @throws MalformedAnswer when it is not of the type */
export function rowOf(raw: JsonValue | undefined, type: string): Row {
  if (!isJsonObject(raw)) throw new MalformedAnswer('a row that is no object')
  if (own(raw, 'resourceType') !== type) throw new MalformedAnswer('a row of another type')
  const accountId = needText(own(raw, 'accountId'), 'accountId')
  if (!isAccountId(accountId)) throw new MalformedAnswer('a row without an account')
  const id = needText(own(raw, 'resourceId'), 'resourceId')
  const region = needText(regionOfItem(type, ownString(raw, 'awsRegion')), 'awsRegion')
  return { accountId, region, id, name: ownString(raw, 'resourceName'), item: itemOf(raw, type, region) }
}

/** The item in the grammar of AWS Config's files, with the time at which AWS Config itself captured it. */
function itemOf(raw: JsonObject, type: string, region: string): JsonObject | undefined {
  const stated = objectOrText(own(raw, 'configuration'))
  if (stated === undefined) return undefined
  const configuration = wrapsWords(type) ? withPlainWords(stated) : stated
  return present({
    version: ownString(raw, 'version') ?? '1.3',
    accountId: ownString(raw, 'accountId'),
    configurationItemCaptureTime: needText(own(raw, 'configurationItemCaptureTime'), 'configurationItemCaptureTime'),
    configurationItemStatus: needText(own(raw, 'configurationItemStatus'), 'configurationItemStatus'),
    arn: ownString(raw, 'arn'),
    resourceType: type,
    resourceId: ownString(raw, 'resourceId'),
    resourceName: ownString(raw, 'resourceName'),
    awsRegion: region,
    tags: tagsOf(own(raw, 'tags'), configuration),
    relationships: [],
    configuration,
    supplementaryConfiguration: objectOrText(own(raw, 'supplementaryConfiguration')) ?? {},
  })
}

function objectOrText(value: JsonValue | undefined): JsonObject | undefined {
  if (typeof value !== 'string') return isJsonObject(value) ? value : undefined
  if (nestsDeeperThan(MAX_DEPTH, value)) throw new MalformedAnswer('a configuration that nests too deep')
  const decoded = value === '' ? undefined : parsed(value)
  return isJsonObject(decoded) ? decoded : undefined
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    throw new MalformedAnswer('a row that is no JSON')
  }
}
