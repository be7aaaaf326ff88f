// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { isJsonObject, type JsonObject, type JsonValue } from '../../../shared/model/json.ts'
import { Refusal } from './refusal.ts'

/** What AWS Config holds, and how far its answers about that can be relied on. */
export interface FakeConfig {
  /** Items as the files of AWS Config spell them, of any account and region. */
  readonly items: JsonObject[]
  /** Ids that queries leave out. */
  readonly forgotten: Set<string>
  /** Ids that listings leave out. */
  readonly unlisted: Set<string>
  /** Ids that batches leave unprocessed. */
  readonly unprocessed: Set<string>
  /** Ids that batches say are deleted, as `account id`. */
  readonly deleted: Set<string>
  /** `ConfigurationRecorders` and `ConfigurationRecordersStatus`. */
  readonly recorders: any[]
  readonly recorderStatuses: any[]
  /** Name of an aggregator to its `AggregatedSourceStatusList`. */
  readonly aggregators: Map<string, any[]>
  /** Entries of a page at most, below what the caller asks for. */
  pageSize: number
}

/** AWS Config of which nothing is known to be wrong, without items, with a recorder of everything. */
export function emptyConfig(): FakeConfig {
  return {
    items: [],
    forgotten: new Set(),
    unlisted: new Set(),
    unprocessed: new Set(),
    deleted: new Set(),
    recorders: [
      {
        name: 'default',
        roleARN: 'arn:aws:iam::111122223333:role/config',
        recordingGroup: {
          allSupported: true,
          includeGlobalResourceTypes: true,
          resourceTypes: [],
          recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
        },
        recordingMode: { recordingFrequency: 'CONTINUOUS' },
      },
    ],
    recorderStatuses: [{ name: 'default', recording: true, lastStatus: 'Success' }],
    aggregators: new Map(),
    pageSize: 100,
  }
}

/** Serves the calls of AWS Config that read items, for one account and region; put it under `config`. */
export function configQueryService(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  config: FakeConfig,
): (operation: string, body: any) => unknown {
  const here = (item: JsonObject) =>
    item.accountId === accountId && (item.awsRegion === region || item.awsRegion === 'global')
  return (operation, body) => {
    switch (operation) {
      case 'DescribeConfigurationRecorders':
        return { ConfigurationRecorders: config.recorders }
      case 'DescribeConfigurationRecorderStatus':
        return { ConfigurationRecordersStatus: config.recorderStatuses }
      case 'SelectResourceConfig':
        return selected(config, body, here)
      case 'ListDiscoveredResources':
        return discovered(config, body, here)
      case 'DescribeConfigurationAggregatorSourcesStatus':
        return sources(config, body)
      case 'SelectAggregateResourceConfig':
        return selected(config, body, inAggregator(config, body))
      case 'ListAggregateDiscoveredResources':
        return aggregated(config, body)
      case 'BatchGetAggregateResourceConfig':
        return batch(config, body)
      default:
        throw new Refusal('UnknownOperationException')
    }
  }
}

type Test = (item: JsonObject) => boolean

function selected(config: FakeConfig, body: any, visible: Test) {
  const query = parsedExpression(body.Expression)
  const rows = config.items.filter(
    (item) => visible(item) && !config.forgotten.has(String(item.resourceId)) && query.matches(item),
  )
  const { page, next } = pageOf(rows, body.NextToken, body.Limit ?? 25, config, body.Expression)
  return {
    Results: page.map((item) => rowText(item, query.columns)),
    QueryInfo: { SelectFields: query.columns.map((Name) => ({ Name })) },
    NextToken: next,
  }
}

function discovered(config: FakeConfig, body: any, visible: Test) {
  if (typeof body.resourceType !== 'string') throw new Refusal('ValidationException')
  const listed = config.items.filter(
    (item) => visible(item) && item.resourceType === body.resourceType && !config.unlisted.has(String(item.resourceId)),
  )
  const { page, next } = pageOf(listed, body.nextToken, body.limit ?? 100, config, body.resourceType)
  const resourceIdentifiers = page.map(({ resourceType, resourceId, resourceName }) => ({
    resourceType,
    resourceId,
    resourceName,
  }))
  return { resourceIdentifiers, nextToken: next }
}

function sources(config: FakeConfig, body: any) {
  const list = aggregatorOf(config, body)
  const { page, next } = pageOf(list, body.NextToken, body.Limit ?? 100, config, 'sources')
  return { AggregatedSourceStatusList: page, NextToken: next }
}

function aggregated(config: FakeConfig, body: any) {
  const visible = inAggregator(config, body)
  const wanted = (item: JsonObject) =>
    body.Filters?.AccountId === undefined || item.accountId === body.Filters.AccountId
  const listed = config.items.filter(
    (item) =>
      visible(item) &&
      wanted(item) &&
      item.resourceType === body.ResourceType &&
      !config.unlisted.has(String(item.resourceId)),
  )
  const bound = JSON.stringify([body.ResourceType, body.Filters])
  const { page, next } = pageOf(listed, body.NextToken, body.Limit ?? 100, config, bound)
  return { ResourceIdentifiers: page.map(identifierOf), NextToken: next }
}

function identifierOf(item: JsonObject) {
  return {
    SourceAccountId: item.accountId,
    SourceRegion: item.awsRegion === 'global' ? 'us-east-1' : item.awsRegion,
    ResourceId: item.resourceId,
    ResourceType: item.resourceType,
    ResourceName: item.resourceName,
  }
}

/** Batches bring neither tags nor relationships, and the configuration as text. */
function batch(config: FakeConfig, body: any) {
  aggregatorOf(config, body)
  const wanted: any[] = body.ResourceIdentifiers ?? []
  if (wanted.length < 1 || wanted.length > 100) throw new Refusal('ValidationException')
  const answers = wanted.map((one) => ({ one, item: config.items.find((item) => same(identifierOf(item), one)) }))
  const processed = answers.filter(({ one }) => !config.unprocessed.has(one.ResourceId))
  return {
    BaseConfigurationItems: processed.flatMap(({ item }) => (item ? [baseItem(config, item)] : [])),
    UnprocessedResourceIdentifiers: wanted.filter((one) => config.unprocessed.has(one.ResourceId)),
  }
}

function same(a: any, b: any): boolean {
  return ['SourceAccountId', 'SourceRegion', 'ResourceId', 'ResourceType', 'ResourceName'].every(
    (key) => a[key] === b[key],
  )
}

function baseItem({ deleted }: FakeConfig, item: JsonObject) {
  const { tags: _, relationships: __, configuration, supplementaryConfiguration, ...rest } = item
  const base = { ...rest, configurationItemCaptureTime: Date.parse(String(item.configurationItemCaptureTime)) / 1000 }
  if (deleted.has(`${item.accountId} ${item.resourceId}`)) {
    return { ...base, configurationItemStatus: 'ResourceDeleted' }
  }
  const supplementary = Object.entries((supplementaryConfiguration ?? {}) as JsonObject)
  return {
    ...base,
    configuration: JSON.stringify(configuration),
    supplementaryConfiguration: Object.fromEntries(
      supplementary.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  }
}

function aggregatorOf(config: FakeConfig, body: any): any[] {
  const found = config.aggregators.get(body.ConfigurationAggregatorName)
  if (found === undefined) throw new Refusal('NoSuchConfigurationAggregatorException')
  return found
}

/** An aggregator holds what its sources sent, up to date or not. */
function inAggregator(config: FakeConfig, body: any): Test {
  const list = aggregatorOf(config, body).filter((one) => one.SourceType === 'ACCOUNT')
  return (item) =>
    list.some(
      (one) =>
        one.SourceId === item.accountId &&
        one.LastUpdateStatus !== 'FAILED' &&
        (item.awsRegion === 'global' || one.AwsRegion === item.awsRegion),
    )
}

/** A page token is good for the call it came from. */
function pageOf<T>(all: readonly T[], token: any, limit: number, { pageSize }: FakeConfig, bound: string) {
  if (!Number.isInteger(limit) || limit < 0 || limit > 100) throw new Refusal('InvalidLimitException')
  const [start, made] = token === undefined ? [0, bound] : (JSON.parse(String(token)) as [number, string])
  if (made !== bound) throw new Refusal('InvalidNextTokenException')
  const end = start + Math.min(limit === 0 ? 25 : limit, pageSize)
  return { page: all.slice(start, end), next: end < all.length ? JSON.stringify([end, bound]) : undefined }
}

const knownColumns = new Set([
  'version',
  'accountId',
  'awsRegion',
  'availabilityZone',
  'resourceType',
  'resourceId',
  'resourceName',
  'resourceCreationTime',
  'arn',
  'configurationItemCaptureTime',
  'configurationItemStatus',
  'configurationStateId',
  'configuration',
  'supplementaryConfiguration',
  'relationships',
  'tags',
])

const grammar = /^SELECT ([A-Za-z]+(?:, [A-Za-z]+)*) WHERE (.+)$/
const condition = /^([A-Za-z]+) (?:= '([^']+)'|IN \(('[^']+'(?:, '[^']+')*)\))$/

interface Query {
  readonly columns: readonly string[]
  readonly matches: Test
}

/** Reads the expressions this project sends, and no others: `SELECT a, b WHERE c = 'x' AND d IN ('y', 'z')`. */
function parsedExpression(text: unknown): Query {
  if (typeof text !== 'string' || text.length < 1 || text.length > 4_096) throw new Refusal('ValidationException')
  const [, list = '', where = ''] = grammar.exec(text) ?? refuse()
  const columns = list.split(', ')
  const tests = where.split(' AND ').map(parsedCondition)
  if (![...columns, ...tests.map(({ column }) => column)].every((column) => knownColumns.has(column))) refuse()
  return { columns, matches: (item) => tests.every(({ column, words }) => words.has(String(item[column]))) }
}

function parsedCondition(text: string): { readonly column: string; readonly words: ReadonlySet<string> } {
  const [, column = '', word, words] = condition.exec(text) ?? refuse()
  return { column, words: new Set(word === undefined ? (words ?? '').slice(1, -1).split("', '") : [word]) }
}

function refuse(): never {
  throw new Refusal('InvalidExpressionException')
}

/** The JSON text of a row, in the spelling of queries. */
function rowText(item: JsonObject, columns: readonly string[]): string {
  const spelled: JsonObject = {
    ...item,
    tags: Object.entries((item.tags ?? {}) as JsonObject).map(([key, value]) => ({
      tag: `${key}=${value}`,
      key,
      value,
    })),
    configuration: configurationInRow(item),
  }
  return textOf(Object.fromEntries(Object.entries(spelled).filter(([key]) => columns.includes(key))))
}

const wrapped = new Set(['state', 'availabilityZones'])

function configurationInRow(item: JsonObject): JsonValue {
  const configuration = item.configuration as JsonObject
  const type = String(item.resourceType)
  if (type.startsWith('AWS::IAM::')) return mapped(configuration, lone)
  if (!/^AWS::(?:EC2|AutoScaling)::/.test(type)) return configuration
  return mapped(configuration, (value, key) => {
    if (!wrapped.has(key)) return value
    return Array.isArray(value) ? value.map((one) => ({ value: one })) : isJsonObject(value) ? value : { value }
  })
}

/** Rows of IAM write a list of one entry as the entry. */
function lone(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? (value[0] as JsonValue) : value
}

function mapped(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}

/** JSON with whole numbers as floats. */
function textOf(value: JsonValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${JSON.stringify(key)}:${textOf(one)}`)
    .join(',')}}`
}
