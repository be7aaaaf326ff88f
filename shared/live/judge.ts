import { auditInventory } from '../engine/audit.ts'
import { findingId } from '../engine/finding-id.ts'
import { organizationOf } from '../engine/organization.ts'
import { assembleInventory } from '../inventory/assemble.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { normalizeItem } from '../inventory/normalize-item.ts'
import type { ViewGroups } from '../inventory/typed-views.ts'
import type { Compliance, Finding } from '../model/finding.ts'
import type { JsonObject } from '../model/json.ts'
import type { ResourceRef, Scope } from '../model/resource.ts'
import type { JudgedType, Rule } from '../rules/define-rule.ts'
import type { Gap, Reading } from '../sources/reading.ts'
import type { View } from './live.ts'
import { isMembershipGap, withUnread } from './membership.ts'
import { isSwitchedOff, type SelectedRule } from './select-rule.ts'

/** What was read, as rules see it, and what could not be. */
export interface Judged {
  readonly findings: readonly Finding[]
  readonly inventory: Inventory
}

/** What a rule that settings switch off says of every resource, and of the account. */
export const switchedOff = 'Settings switch this rule off.'

/**
 * Judges everything in a reading. What could not be read is named in the verdicts that are undetermined because of it. Nothing is
 * applicable to a rule that settings switch off, whatever could be read.
 */
export function judge(
  selected: SelectedRule,
  view: Pick<View, 'reader' | 'sources' | 'services'>,
  reading: Reading,
  only?: (ref: ResourceRef) => boolean,
): Judged {
  const { rule, settings } = selected
  const { reader: own } = view
  const types = [rule.judges, ...rule.reads].filter((type) => type !== 'AWS::::Account')
  const inventory = inventoryOf(reading, types, own, {
    views: viewsOf(view),
    assumeRecorded: settings.assumeRecorded,
  })
  const organization = withUnread(organizationOf(inventory, settings), reading.gaps)
  const findings = auditInventory({
    inventory,
    rules: [rule],
    settings,
    organization,
    now: new Date(own.readAt),
    ...(only ? { only } : {}),
  })
  if (isSwitchedOff(selected)) return { findings: findings.map((finding) => offFinding(finding, selected)), inventory }
  const gapsOf = (finding: Finding) => relevantGaps(finding, reading.gaps)
  return { findings: findings.map((finding) => withBlindSpot(explained(finding, gapsOf(finding)), rule)), inventory }
}

/** The views of an inventory that is read from what a function sees. */
export function viewsOf({ sources, services }: Pick<View, 'sources' | 'services'>): ViewGroups {
  return [...new Set([...sources, ...(services ? [services] : [])].flatMap(({ views }) => views))]
}

function offFinding({ resource }: Finding, selected: SelectedRule): Finding {
  return statedFinding(selected, resource, { compliance: 'NOT_APPLICABLE', reason: switchedOff })
}

/** How an inventory is made of a reading. */
interface Making {
  readonly views: ViewGroups
  readonly assumeRecorded?: boolean
}

/** The inventory of a reading of the own account. @throws Error for an item that is not as expected */
export function inventoryOf(
  reading: Reading,
  types: readonly string[],
  { accountId, region }: Scope,
  { views, assumeRecorded = false }: Making,
): Inventory {
  const parts = {
    items: reading.items.map(itemOf),
    types,
    coverage: reading.coverage,
    assumeRecorded,
    // We read the account ourselves: silence about a type is not a recorder's, and never absence.
    scopesSeen: [{ accountId, region, recordedByConfig: false }],
  }
  return assembleInventory(parts, views)
}

/** What no function of a member account can see, whatever it reads. */
const blindSpots: ReadonlyMap<JudgedType, string> = new Map<JudgedType, string>([
  [
    'AWS::EC2::VPC',
    'assumes that no workload of another account pulls images in shared subnets of the VPC (other accounts are not visible to this function)',
  ],
])

/** A good verdict says what it could not see. */
function withBlindSpot(finding: Finding, { judges }: Rule): Finding {
  const spot = blindSpots.get(judges)
  const good = finding.compliance === 'COMPLIANT' || finding.compliance === 'NOT_APPLICABLE'
  return spot === undefined || !good ? finding : { ...finding, assumptions: [...finding.assumptions, spot] }
}

function itemOf(raw: JsonObject) {
  const normalized = normalizeItem(raw)
  if (!normalized.ok) throw new Error(`an item is not as expected: ${normalized.reason}`)
  if (normalized.deleted) throw new Error('an item says that its resource is deleted')
  return normalized.item
}

/**
 * Gaps of other judged resources are theirs; a gap of anything the rule looks at besides may concern every verdict. Who is a member
 * of the organization concerns those that say so.
 */
function relevantGaps({ resource, reason }: Finding, gaps: readonly Gap[]): readonly Gap[] {
  return gaps.filter((gap) => {
    if (isMembershipGap(gap)) return reason.includes(gap.reason)
    return gap.resourceArn === undefined || gap.resourceArn === resource.arn || gap.resourceType !== resource.type
  })
}

/**
 * An undetermined verdict says which call failed, and is passing when a failure that may have caused it is. A good verdict
 * does not stand when something the rule looks at failed just now, or could not be listed at all.
 */
function explained(finding: Finding, gaps: readonly Gap[]): Finding {
  const passing = gaps.some((gap) => gap.transience === 'passing')
  const unlisted = gaps.some((gap) => gap.resourceArn === undefined && gap.resourceType !== finding.resource.type)
  const good = finding.compliance === 'COMPLIANT' || finding.compliance === 'NOT_APPLICABLE'
  const unsettled = good && (passing || unlisted)
  if (gaps.length === 0 || (finding.compliance !== 'UNDETERMINED' && !unsettled)) return finding
  // The call that failed comes first: what is cut off later is the rest.
  const causes = [...new Set(gaps.map((gap) => gap.reason))]
  const rest = causes.reduce((text, cause) => text.replaceAll(`: ${cause}`, ''), finding.reason)
  return {
    ...finding,
    compliance: 'UNDETERMINED',
    reason: [...causes, rest].join('; '),
    transience: finding.transience === 'passing' || passing ? 'passing' : 'lasting',
  }
}

/** A finding nobody evaluated: the resource is gone, out of scope, or could not be read. */
export function statedFinding(
  { rule, settings }: SelectedRule,
  resource: ResourceRef,
  stated: { readonly compliance: Compliance; readonly reason: string; readonly transience?: Finding['transience'] },
): Finding {
  return {
    id: findingId(rule.id, resource),
    rule: rule.id,
    severity: settings.rules.get(rule.id)?.severity ?? rule.severity,
    compliance: stated.compliance,
    resource,
    title: rule.title,
    reason: stated.reason,
    evidence: [],
    assumptions: [],
    remediation: { text: rule.fix, url: rule.url },
    ...(stated.transience ? { transience: stated.transience } : {}),
  }
}
