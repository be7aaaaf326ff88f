import { GetResourcesCommand, type ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { unreadTagsMark } from '../../inventory/unread-tags.ts'
import { parseArn } from '../../model/arn.ts'
import { type JsonObject, own, ownObject, ownString } from '../../model/json.ts'
import type { ReadFailure } from '../failure.ts'
import type { Reader, Reading } from '../reading.ts'
import { readTags, type TagReading } from './read-tags.ts'
import { tagTypes } from './tag-types.ts'

/** Reads an account and region, the client of the Resource Groups Tagging API being one that only sends. */
export type TaggingReader = Reader & { readonly client: Pick<ResourceGroupsTaggingAPIClient, 'send'> }

/** Why nobody asks for the tags of what an account was lent, a shared VPC for example. */
export const foreignTags: ReadFailure = { reason: 'only its own account can read them', transience: 'lasting' }
const lent: TagReading = { tags: new Map(), failure: foreignTags }

/**
 * The reading, what was read live in it of these types with its tags. Items that come from AWS Config keep those it recorded. Tags that cannot be read
 * change nothing else, no coverage and no gap: their items say why (`unreadTags`).
 */
export async function withTags(
  reader: TaggingReader,
  reading: Reading,
  types: ReadonlySet<string> = tagTypes,
): Promise<Reading> {
  const isWanted = (item: JsonObject) => types.has(ownString(item, 'resourceType') ?? '') && isLive(item, reader)
  const asked = reading.items.filter((item) => isWanted(item) && isOwn(item, reader)).map(arnOf)
  const found = await readTags({ ...reader, client: getting(reader.client) }, asked)
  const tell = (item: JsonObject) => tagged(item, isOwn(item, reader) ? found : lent)
  return { ...reading, items: reading.items.map((item) => (isWanted(item) ? tell(item) : item)) }
}

function getting(client: TaggingReader['client']): Parameters<typeof readTags>[0]['client'] {
  return { getResources: (input, options) => client.send(new GetResourcesCommand(input), options) }
}

/** Readers of services give the time of reading as that of their items, AWS Config the time at which it captured them. */
function isLive(item: JsonObject, { readAt }: Reader): boolean {
  return own(item, 'configurationItemCaptureTime') === readAt
}

function isOwn(item: JsonObject, { accountId, region }: Reader): boolean {
  const arn = parseArn(arnOf(item))
  return arn?.accountId === accountId && arn.region === region
}

function arnOf(item: JsonObject): string {
  return ownString(item, 'arn') ?? ''
}

function tagged(item: JsonObject, { tags, failure = foreignTags }: TagReading): JsonObject {
  const found = tags.get(arnOf(item))
  if (found !== undefined) return { ...item, tags: Object.fromEntries(found) }
  const supplementaryConfiguration = { ...ownObject(item, 'supplementaryConfiguration'), ...unreadTagsMark(failure) }
  return { ...item, tags: {}, supplementaryConfiguration }
}
