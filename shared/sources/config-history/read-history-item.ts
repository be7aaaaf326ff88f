import {
  type ConfigServiceClient,
  type ConfigurationItem,
  GetResourceConfigHistoryCommand,
  type ResourceType,
} from '@aws-sdk/client-config-service'
import type { JsonObject } from '../../model/json.ts'

/** IAM actions of this source; none can be scoped to a resource. */
export const permissions = [{ action: 'config:GetResourceConfigHistory', resource: '*' }] as const

/** One call spans seven days of history, so a year of empty pages and then some. */
const MAX_PAGES = 100

/** Which version of which resource. */
export interface HistoryQuery {
  readonly resourceType: string
  readonly resourceId: string
  /** Capture time of the wanted version, ISO 8601: nothing newer is returned. */
  readonly capturedAt: string
}

/** AWS Config has recorded no such version. */
export class NoHistoryItem extends Error {
  override readonly name = 'NoHistoryItem'
}

/**
 * Reads the configuration item that an oversized notification left out, in the raw grammar of AWS Config.
 * Empty pages that carry a token are followed.
 * @throws NoHistoryItem when AWS Config has no such item; Error when it repeats a page token, answers about another resource, or fails
 */
export async function readHistoryItem(
  client: Pick<ConfigServiceClient, 'send'>,
  query: HistoryQuery,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const seen = new Set<string>()
  let nextToken: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const output = await client.send(pageOf(query, nextToken), { abortSignal: callSignal(signal) })
    if (!Array.isArray(output.configurationItems))
      throw new Error('config:GetResourceConfigHistory answered without items')
    const [item] = output.configurationItems
    if (item) return rawItemOf(item, query)
    nextToken = output.nextToken
    if (nextToken === undefined || nextToken === '') break
    if (seen.has(nextToken)) throw new Error('config:GetResourceConfigHistory repeats a page token')
    seen.add(nextToken)
  }
  throw new NoHistoryItem(`AWS Config has no item of ${query.resourceType} at ${query.capturedAt}`)
}

function pageOf(query: HistoryQuery, nextToken: string | undefined): GetResourceConfigHistoryCommand {
  return new GetResourceConfigHistoryCommand({
    resourceType: query.resourceType as ResourceType,
    resourceId: query.resourceId,
    laterTime: new Date(query.capturedAt),
    limit: 1,
    ...(nextToken === undefined ? {} : { nextToken }),
  })
}

function callSignal(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(10_000)
  return signal ? AbortSignal.any([timeout, signal]) : timeout
}

function rawItemOf(item: ConfigurationItem, query: HistoryQuery): JsonObject {
  if (item.resourceId !== query.resourceId || item.resourceType !== query.resourceType) {
    throw new Error('config:GetResourceConfigHistory answered about another resource')
  }
  // Dates become ISO text and undefined properties disappear: the grammar of Config's own files.
  return JSON.parse(JSON.stringify(item)) as JsonObject
}
