import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonValue, own, ownString } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import { listProperty } from './property.ts'
import { unreadTags } from './unread-tags.ts'

/** Tags as sources write them: a map, or a list of `{key, value}` in either spelling. What is of no such form is left out. */
export function parsedTags(value: JsonValue | undefined): ReadonlyMap<string, string> {
  if (Array.isArray(value)) return new Map(value.flatMap(tagOfEntry))
  if (!isJsonObject(value)) return new Map()
  return new Map(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])))
}

/**
 * All tags of the resource of an item, none included. Unknown where nobody read them: an item that says nothing of tags is
 * not one of a resource without tags.
 */
export function tagsOfItem(item: ConfigurationItem): Fact<ReadonlyMap<string, string>> {
  const { tags, arn, configuration, supplementaryConfiguration } = item
  if (tags.size > 0) return known(tags)
  const unread = unreadTags(supplementaryConfiguration)
  if (unread !== undefined) return unknown(`the tags of ${arn} were not read: ${unread.reason}`, unread.transience)
  const listed = listProperty(configuration, 'Tags')
  if (listed === undefined) return item.saysNoTags === true ? unknown(`the tags of ${arn} were not read`) : known(tags)
  const found = parsedTags(listed)
  return found.size === listed.length ? known(found) : unknown(`the tags of ${arn} are not of a known form`)
}

function tagOfEntry(entry: JsonValue): [string, string][] {
  if (!isJsonObject(entry)) return []
  const key = ownString(entry, 'key') ?? ownString(entry, 'Key')
  const value = own(entry, 'value') ?? own(entry, 'Value')
  return key !== undefined && typeof value === 'string' ? [[key, value]] : []
}
