import { nestsDeeperThan } from '../../inventory/json-text.ts'
import { normalizeItem } from '../../inventory/normalize-item.ts'
import { isJsonObject, type JsonObject, type JsonValue, own, ownObject, ownString } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { coverageOfSection } from '../config-snapshot/coverage-section.ts'
import { SnapshotFormatError } from '../config-snapshot/value-span.ts'
import { accountType, organizationType, policyType, unitType } from '../organizations/reader.ts'

/** The types that the hub publishes. */
export const organizationTypes = [organizationType, accountType, unitType, policyType] as const

/** Deepest nesting of the file: documents of policies are text in it. */
const MAX_DEPTH = 64
/** Clocks differ by this much at most, milliseconds. */
const FUTURE_TOLERANCE = 15 * 60_000

/** An organization as the hub publishes it. */
export interface OrganizationFile {
  /** When the hub read it, ISO 8601. */
  readonly collectedAt: string
  /** The account whose items these are. */
  readonly managementAccountId: string
  readonly items: readonly JsonObject[]
  /** A row for each type, all of them known. */
  readonly coverage: readonly CoverageEntry[]
  /** Regions that the hub account has enabled, sorted. */
  readonly regions: readonly string[]
}

/**
 * Reads `organization.json`: a snapshot file whose items are those of one organization and no others, with every type listed.
 * @throws SnapshotFormatError that names what is wrong, nothing of what was there
 */
export function organizationFileOf(text: string, now: Date): OrganizationFile {
  const document = documentOf(text)
  const section = ownObject(document, 'pullpath') ?? refuse('pullpath', 'an object')
  const collectedAt = timeOf(section, now)
  const items = itemsOf(document)
  const managementAccountId = soleAccountOf(items)
  const coverage = coverageOf(section, managementAccountId)
  return { collectedAt, managementAccountId, items, coverage, regions: regionsOf(section) }
}

function refuse(field: string, expected: string): never {
  throw new SnapshotFormatError(`${field}: expected ${expected}`)
}

function documentOf(text: string): JsonObject {
  if (nestsDeeperThan(MAX_DEPTH, text)) refuse('the file', `at most ${MAX_DEPTH} levels`)
  const document = parsed(text)
  return isJsonObject(document) ? document : refuse('the file', 'an object')
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return refuse('the file', 'JSON')
  }
}

function timeOf(section: JsonObject, now: Date): string {
  const stated = ownString(section, 'collectedAt') ?? ''
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(stated) ? Date.parse(stated) : Number.NaN
  if (Number.isNaN(time)) refuse('pullpath.collectedAt', 'an ISO 8601 time')
  if (time > now.getTime() + FUTURE_TOLERANCE) refuse('pullpath.collectedAt', 'a time that is not in the future')
  return new Date(time).toISOString()
}

function itemsOf(document: JsonObject): readonly JsonObject[] {
  const items = own(document, 'configurationItems')
  if (!Array.isArray(items)) return refuse('configurationItems', 'a list')
  const types: ReadonlySet<string> = new Set(organizationTypes)
  return items.map((item: JsonValue, index) => {
    const where = `configurationItems[${index}]`
    const normalized = normalizeItem(item)
    if (!normalized.ok) return refuse(`${where}.${normalized.reason.split(':', 1)[0]}`, 'what an item has there')
    if (normalized.deleted) return refuse(where, 'a resource that exists')
    if (!types.has(normalized.item.resourceType)) return refuse(`${where}.resourceType`, 'a type of AWS Organizations')
    return item as JsonObject
  })
}

/** There is one organization, and all items are its management account's. */
function soleAccountOf(items: readonly JsonObject[]): string {
  const accounts = new Set(items.map((item) => ownString(item, 'awsAccountId') ?? ownString(item, 'accountId')))
  const organizations = items.filter((item) => ownString(item, 'resourceType') === organizationType)
  const [accountId] = accounts
  if (organizations.length !== 1) refuse('configurationItems', 'one organization')
  if (accountId === undefined || accounts.size !== 1) return refuse('configurationItems', 'items of one account')
  return accountId
}

function coverageOf(section: JsonObject, accountId: string): readonly CoverageEntry[] {
  const rows = coverageOfSection(JSON.stringify({ coverage: own(section, 'coverage') ?? [] }))
  return organizationTypes.map((type) => {
    const mine = (rows ?? []).filter((row) => row.resourceType === type && row.accountId === accountId)
    const [row] = mine
    const complete = mine.every(({ status, resourceArn }) => status === 'known' && resourceArn === undefined)
    return row !== undefined && complete ? row : refuse('pullpath.coverage', `${type} listed completely`)
  })
}

function regionsOf(section: JsonObject): readonly string[] {
  const regions = own(section, 'regions')
  if (!Array.isArray(regions)) return refuse('pullpath.regions', 'a list')
  return regions.map((name: JsonValue) =>
    typeof name === 'string' && /^[a-z]{2,}(?:-[a-z0-9]+)+$/.test(name) && name.length <= 32
      ? name
      : refuse('pullpath.regions', 'names of regions'),
  )
}
