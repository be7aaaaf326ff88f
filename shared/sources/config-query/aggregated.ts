import {
  type AggregateResourceIdentifier,
  type BaseConfigurationItem,
  BatchGetAggregateResourceConfigCommand,
  ListAggregateDiscoveredResourcesCommand,
  type ResourceType,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service'
import { regionOfItem } from '../../inventory/normalize-item.ts'
import { globalRegion, isGlobalType } from '../../inventory/recordable-types.ts'
import type { JsonValue } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText } from '../reading.ts'
import { type ConfigReader, type NamedResource, PAGE } from './reader.ts'
import { type Row, rowOf, rowOfText } from './row.ts'

/** A reader with the aggregator it reads through. */
export interface AggregatorReader extends ConfigReader {
  readonly aggregator: string
}

/** A resource that an aggregator lists. */
export interface Listed extends Scope, NamedResource {
  readonly identifier: AggregateResourceIdentifier
}

/** The rows of a query; every account and region the expression covers at once. */
export function aggregatedRows(
  reader: AggregatorReader,
  type: string,
  expression: string,
): Promise<Answer<readonly Row[]>> {
  return askPages(reader, 'config:SelectAggregateResourceConfig', undefined, async (token, abortSignal) => {
    const command = new SelectAggregateResourceConfigCommand({
      ConfigurationAggregatorName: reader.aggregator,
      Expression: expression,
      Limit: PAGE,
      NextToken: token,
    })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.Results, 'Results').map((text) => rowOfText(text, type))
    return { entries, nextToken: output.NextToken }
  })
}

/** What the aggregator lists of a type: of one account, or of all. */
export function aggregatedListing(
  reader: AggregatorReader,
  type: string,
  accountId: string | undefined,
): Promise<Answer<readonly Listed[]>> {
  return askPages(reader, 'config:ListAggregateDiscoveredResources', undefined, async (token, abortSignal) => {
    const command = new ListAggregateDiscoveredResourcesCommand({
      ConfigurationAggregatorName: reader.aggregator,
      ResourceType: type as ResourceType,
      Filters: accountId === undefined ? undefined : { AccountId: accountId },
      Limit: PAGE,
      NextToken: token,
    })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.ResourceIdentifiers, 'ResourceIdentifiers').map((one) => listedOf(one, type))
    return { entries, nextToken: output.NextToken }
  })
}

function listedOf(identifier: AggregateResourceIdentifier, type: string): Listed {
  if (identifier.ResourceType !== type) throw new MalformedAnswer('a resource of another type')
  const region = needText(identifier.SourceRegion, 'SourceRegion')
  return {
    accountId: needText(identifier.SourceAccountId, 'SourceAccountId'),
    region: isGlobalType(type) ? globalRegion : region,
    id: needText(identifier.ResourceId, 'ResourceId'),
    name: identifier.ResourceName || undefined,
    identifier,
  }
}

/** What a batch said of the resources it was asked for. */
export interface Batch {
  readonly rows: readonly Row[]
  /** Resources that are deleted by now. */
  readonly gone: readonly (Scope & NamedResource)[]
}

/** Asks for resources one by one, at most 100 at once. What is not answered is in neither list. */
export function aggregatedBatch(
  reader: AggregatorReader,
  type: string,
  wanted: readonly Listed[],
): Promise<Answer<Batch>> {
  return ask(
    reader,
    'config:BatchGetAggregateResourceConfig',
    undefined,
    (abortSignal) =>
      reader.client.send(
        new BatchGetAggregateResourceConfigCommand({
          ConfigurationAggregatorName: reader.aggregator,
          ResourceIdentifiers: wanted.map(({ identifier }) => identifier),
        }),
        { abortSignal },
      ),
    ({ BaseConfigurationItems }) => batchOf(needList(BaseConfigurationItems, 'BaseConfigurationItems'), type),
  )
}

const live: ReadonlySet<string> = new Set(['OK', 'ResourceDiscovered'])

function batchOf(items: readonly BaseConfigurationItem[], type: string): Batch {
  const rows = items
    .filter(({ configurationItemStatus }) => live.has(String(configurationItemStatus)))
    .map((item) => rowOf(plain(item), type))
  const gone = items
    .filter(({ configurationItemStatus }) => configurationItemStatus === 'ResourceDeleted')
    .map((item) => goneOf(item, type))
  return { rows, gone }
}

function goneOf({ accountId, awsRegion, resourceId, resourceName }: BaseConfigurationItem, type: string) {
  return {
    accountId: needText(accountId, 'accountId'),
    region: needText(regionOfItem(type, awsRegion), 'awsRegion'),
    id: needText(resourceId, 'resourceId'),
    name: resourceName || undefined,
  }
}

/** Dates become ISO text and undefined properties disappear: the grammar of AWS Config's own files. */
function plain(item: BaseConfigurationItem): JsonValue {
  return JSON.parse(JSON.stringify(item)) as JsonValue
}
