import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry, ResourceRef } from '../../shared/model/resource.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { coverageOf, type Reading } from '../../shared/sources/reading.ts'

/** An account and region with what was read of it. */
export interface ScopeReading {
  readonly accountId: string
  /** `global` for what belongs to no region. */
  readonly region: string
  readonly reading: Reading
}

/** The rules that run when nobody chooses. */
export const usualRules: readonly Rule[] = catalogue.filter(({ defaultEnabled }) => defaultEnabled)
/** What an audit says of what was read. */
export interface Audited {
  readonly findings: readonly Finding[]
  readonly byId: ReadonlyMap<string, Finding>
  readonly coverage: readonly CoverageEntry[]
  /** The ledger as it was read, types no rule asks for included. */
  readonly stated: readonly CoverageEntry[]
}

/** Judges readings as `pullpath audit` judges the files made of them; `rows` are those of what no reading speaks of. */
export function audited(
  scopes: readonly ScopeReading[],
  rows: readonly CoverageEntry[] = [],
  chosen: readonly Rule[] = usualRules,
): Audited {
  const raws = scopes.flatMap(({ reading }) => reading.items)
  const items = raws.map((raw) => {
    const normalized = normalizeItem(raw)
    if (!normalized.ok || normalized.deleted) throw new Error(`not a live item: ${JSON.stringify(raw).slice(0, 200)}`)
    return normalized.item
  })
  const stated = [...rowsOf(scopes), ...rows]
  const inventory = buildInventory({
    items,
    types: typesOf(chosen),
    coverage: stated,
    scopesSeen: items.map(({ accountId, region }) => ({ accountId, region, recordedByConfig: false })),
    assumeRecorded: true,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, defaultSettings)
  const now = new Date('2026-03-01T12:00:00.000Z')
  const findings = auditInventory({ inventory, rules: chosen, settings: defaultSettings, organization, now })
  return { findings, byId: new Map(findings.map((one) => [one.id, one])), coverage: inventory.coverage, stated }
}

/** The coverage ledger of what was read, as the files hold it. */
export function rowsOf(scopes: readonly ScopeReading[]): readonly CoverageEntry[] {
  return scopes.flatMap(({ reading, ...place }) => coverageOf(reading, place))
}

/**
 * What is wrong with an audit under faults, beside the one without: a violation that became a pass, or is gone without a
 * word about it, and a failure that nothing in the estate supports.
 */
export function unfounded(truth: Audited, faulty: Audited): readonly string[] {
  const lost = truth.findings.flatMap((before) => {
    const after = faulty.byId.get(before.id)
    const what = `${before.rule} on ${before.resource.arn}: ${before.compliance} became ${after?.compliance ?? 'nothing'}`
    if (after?.compliance === before.compliance || after?.compliance === 'UNDETERMINED') return []
    if (after === undefined || after.compliance === 'NOT_APPLICABLE') return isNamed(before, faulty) ? [] : [what]
    return [what]
  })
  const invented = faulty.findings.flatMap((after) => {
    const known = truth.byId.has(after.id) || after.compliance === 'UNDETERMINED'
    return known || after.compliance === 'NOT_APPLICABLE' ? [] : [`${after.rule} on ${after.resource.arn} is new`]
  })
  return [...lost, ...invented]
}

function isNamed({ resource }: Finding, { coverage, stated }: Audited): boolean {
  return coverage.some((row) => speaksOf(row, resource)) || isUnheardOf(resource.accountId, stated)
}

/** True when a row says that nobody knows which accounts there are, and none says anything of this one. */
function isUnheardOf(accountId: string, rows: readonly CoverageEntry[]): boolean {
  const open = rows.some((row) => row.resourceType === 'AWS::Organizations::Account' && row.status === 'unknown')
  return open && !rows.some((row) => row.accountId === accountId)
}

/** True when a row says that the resource, its type or its account was not seen. */
function speaksOf(row: CoverageEntry, resource: ResourceRef): boolean {
  return (
    row.status === 'unknown' &&
    row.accountId === resource.accountId &&
    (row.region === resource.region || row.region === '*') &&
    (row.resourceType === resource.type || row.resourceType === '*') &&
    (row.resourceArn === undefined || row.resourceArn === resource.arn)
  )
}

/**
 * What is wrong with a reading under faults, beside the one without: an item that is gone or changed without a row about it,
 * one that is there twice, and one the estate does not hold.
 */
export function unaccounted(
  truth: readonly ScopeReading[],
  faulty: readonly ScopeReading[],
  further: readonly CoverageEntry[] = [],
): readonly string[] {
  const rows = [...rowsOf(faulty), ...further]
  const held = heldBy(faulty)
  const there = heldBy(truth)
  const lost = [...there].flatMap(([arn, [item]]) => {
    const found = held.get(arn)?.[0]
    if (item === undefined || (found !== undefined && found.text === item.text)) return []
    const what = found === undefined ? 'is gone' : 'is another'
    const said = rows.some((row) => speaksOf(row, item.ref)) || isUnheardOf(item.ref.accountId, rows)
    return said ? [] : [`${arn} ${what} and no row says so`]
  })
  const twice = [...held].flatMap(([arn, items]) => (items.length > 1 ? [`${arn} is there ${items.length} times`] : []))
  const invented = [...held.keys()].flatMap((arn) => (there.has(arn) ? [] : [`${arn} is not of the estate`]))
  return [...lost, ...twice, ...invented]
}

interface HeldItem {
  readonly ref: ResourceRef
  readonly text: string
}

/** Items by type and ARN. */
function heldBy(scopes: readonly ScopeReading[]): ReadonlyMap<string, readonly HeldItem[]> {
  const held = new Map<string, HeldItem[]>()
  for (const raw of scopes.flatMap(({ reading }) => reading.items)) {
    const normalized = normalizeItem(raw)
    if (!normalized.ok || normalized.deleted) throw new Error(`not a live item: ${JSON.stringify(raw).slice(0, 200)}`)
    const { resourceType: type, resourceId: id, arn, accountId, region } = normalized.item
    const key = `${accountId} ${type} ${arn}`
    const items = held.get(key) ?? []
    items.push({ ref: { type, id, arn, accountId, region }, text: JSON.stringify(raw) })
    held.set(key, items)
  }
  return held
}
