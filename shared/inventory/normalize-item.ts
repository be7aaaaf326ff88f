import { isAccountId, partitionOf } from '../model/arn.ts'
import { isJsonObject, type JsonObject, type JsonValue, own, ownString } from '../model/json.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import { parsedTags } from './item-tags.ts'
import { globalRegion, isGlobalType } from './recordable-types.ts'

/** An item that says a resource is gone, or no longer recorded. It ends the life of older items about the resource. */
export interface Deletion extends Scope {
  readonly resourceType: string
  readonly resourceId: string
  /** The resource's ARN; its id when the item named none. */
  readonly arn: string
  /** ISO 8601. */
  readonly captureTime: string
  /** True when AWS Config stopped recording the type: the listing is no longer complete. */
  readonly recordingStopped: boolean
}

/** What one raw item turned out to be; `reason` names the field and what was expected of it. */
export type NormalizedItem =
  | { readonly ok: true; readonly deleted: false; readonly item: ConfigurationItem }
  | { readonly ok: true; readonly deleted: true; readonly deletion: Deletion }
  | { readonly ok: false; readonly reason: string }

/**
 * Brings a raw AWS Config item to one spelling, whether it comes from a file, a rule event, the resource history or a query.
 * Never throws.
 */
export function normalizeItem(raw: JsonValue | undefined): NormalizedItem {
  if (!isJsonObject(raw)) return failure('item', 'a JSON object')
  const head = identity(raw)
  if ('ok' in head) return head
  const status = own(raw, 'configurationItemStatus')
  switch (status) {
    case 'OK':
    case 'ResourceDiscovered':
      return liveItem(raw, head, status)
    case 'ResourceDeleted':
      return { ok: true, deleted: true, deletion: { ...head, arn: arnOf(raw, head), recordingStopped: false } }
    case 'ResourceDeletedNotRecorded':
    case 'ResourceNotRecorded':
      return { ok: true, deleted: true, deletion: { ...head, arn: arnOf(raw, head), recordingStopped: true } }
    default:
      return failure('configurationItemStatus', 'OK, ResourceDiscovered or one of the deleted statuses')
  }
}

/** Region of an item: `global` for IAM and Organizations whatever the item says; undefined when a regional item names none. */
export function regionOfItem(resourceType: string, awsRegion: string | undefined): string | undefined {
  return isGlobalType(resourceType) ? globalRegion : awsRegion
}

interface Identity extends Scope {
  readonly resourceType: string
  readonly resourceId: string
  readonly captureTime: string
}

type Failure = Extract<NormalizedItem, { readonly ok: false }>

function failure(field: string, expected: string): Failure {
  return { ok: false, reason: `${field}: expected ${expected}` }
}

function identity(raw: JsonObject): Identity | Failure {
  const resourceType = ownString(raw, 'resourceType')
  if (resourceType === undefined) return failure('resourceType', 'a type name such as AWS::ECR::Repository')
  const resourceId = ownString(raw, 'resourceId')
  if (resourceId === undefined) return failure('resourceId', 'a non-empty string')
  const spelling =
    ownString(raw, 'awsAccountId') === undefined && own(raw, 'accountId') !== undefined ? 'accountId' : 'awsAccountId'
  const accountId = ownString(raw, spelling)
  if (accountId === undefined || !isAccountId(accountId)) return failure(spelling, 'twelve digits')
  const region = regionOfItem(resourceType, ownString(raw, 'awsRegion'))
  if (region === undefined) return failure('awsRegion', 'a region name')
  const captureTime = isoTime(own(raw, 'configurationItemCaptureTime'))
  if (captureTime === undefined) return failure('configurationItemCaptureTime', 'an ISO 8601 time')
  return { accountId, region, resourceType, resourceId, captureTime }
}

function liveItem(raw: JsonObject, head: Identity, status: ConfigurationItem['status']): NormalizedItem {
  const configuration = objectOrText(own(raw, 'configuration'))
  if (configuration === undefined) return failure('configuration', 'an object, or JSON text of one')
  const supplementary = objectOrText(own(raw, 'supplementaryConfiguration') ?? {})
  if (supplementary === undefined) return failure('supplementaryConfiguration', 'an object, or JSON text of one')
  const item: ConfigurationItem = {
    ...head,
    resourceName: ownString(raw, 'resourceName'),
    arn: arnOf(raw, head, configuration),
    status,
    configuration,
    supplementaryConfiguration: Object.fromEntries(
      Object.entries(supplementary).map(([key, value]) => [key, decodedValue(value)]),
    ),
    tags: parsedTags(own(raw, 'tags')),
    ...(own(raw, 'tags') === undefined ? { saysNoTags: true } : {}),
  }
  return { ok: true, deleted: false, item }
}

function arnOf(raw: JsonObject, head: Identity, configuration: JsonObject = {}): string {
  const stated = ownString(raw, 'ARN') ?? ownString(raw, 'arn')
  if (stated !== undefined) return stated
  const { accountId, region, resourceType, resourceId } = head
  const prefix = (service: string) => `arn:${partitionOf(region)}:${service}:${region}:${accountId}`
  // Only for these is the ARN certain from what every item has: the id of a repository is its name.
  if (resourceType === 'AWS::ECR::Repository') return `${prefix('ecr')}:repository/${resourceId}`
  // The id of a task definition is its family or its family and revision; the family alone would make one of many.
  const revision = [resourceId, ownString(raw, 'resourceName') ?? ''].find((name) => /^[^:/]+:\d+$/.test(name))
  if (resourceType === 'AWS::ECS::TaskDefinition' && revision) return `${prefix('ecs')}:task-definition/${revision}`
  return arnIn(configuration) ?? resourceId
}

/** The ARN that the properties of a resource state, under the names its service uses. */
function arnIn(configuration: JsonObject): string | undefined {
  return arnNames.map((name) => ownString(configuration, name)).find((text) => text?.startsWith('arn:'))
}

const arnNames = ['Arn', 'arn', 'TaskDefinitionArn', 'ServiceArn', 'AssociationArn', 'autoScalingGroupARN'] as const

function isoTime(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

function objectOrText(value: JsonValue | undefined): JsonObject | undefined {
  const decoded = typeof value === 'string' ? parsed(value) : value
  return isJsonObject(decoded) ? decoded : undefined
}

/** Some sources write each value as JSON text; plain words (`V2`) and digits (account ids) stay text. */
function decodedValue(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  const looksLikeJson = /^\s*[{["]/.test(value) || value === 'true' || value === 'false'
  return looksLikeJson ? (parsed(value) ?? value) : value
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
