import type { Transience } from '../model/fact.ts'
import { type JsonObject, ownString } from '../model/json.ts'
import { clip } from '../model/quote.ts'
import { unreadPrefix } from './policy-source.ts'

/** Why tags are not known. */
export interface UnreadTags {
  readonly reason: string
  readonly transience: Transience
}

/** In front of a reason that passes. */
const passingPrefix = 'unread for now: '

/**
 * What an item whose tags could not be read carries in its supplementary configuration. `tags` itself keeps its type, because tables over
 * files of AWS Config are declared with it.
 */
export function unreadTagsMark({ reason, transience }: UnreadTags): { readonly Tags: string } {
  return { Tags: `${transience === 'passing' ? passingPrefix : unreadPrefix}${reason}` }
}

/** Why the tags of an item are not known, by its supplementary configuration; undefined where they are. */
export function unreadTags(supplementaryConfiguration: JsonObject): UnreadTags | undefined {
  const text = ownString(supplementaryConfiguration, 'Tags') ?? ''
  if (text.startsWith(passingPrefix)) return { reason: clip(text.slice(passingPrefix.length)), transience: 'passing' }
  if (text.startsWith(unreadPrefix)) return { reason: clip(text.slice(unreadPrefix.length)), transience: 'lasting' }
  return undefined
}
