import type { AuditRequest, ChangedResource } from '../events/audit-request.ts'
import type { Finding } from '../model/finding.ts'
import type { JsonObject } from '../model/json.ts'
import type { ResourceRef } from '../model/resource.ts'
import type { Gap } from '../sources/reading.ts'
import { statedFinding } from './judge.ts'
import type { View } from './live.ts'
import type { SelectedRule } from './select-rule.ts'

/** What goes where. */
export interface Decision {
  readonly config: readonly Finding[]
  readonly securityHub: readonly Finding[]
  /** Called once everything is written. */
  readonly delivered?: () => void
}

/** A request about one resource. */
export type ChangeRequest = Exclude<AuditRequest, { kind: 'scheduled' }>

/** A change in a network, as far as a decision about its VPC asks. */
export interface NetworkChange {
  readonly resource: ChangedResource
  /** Verdicts delivered for one asker (a Config rule, a rule of another function) settle nothing for others. */
  readonly asker: string
  /** The raw item of the change, untrusted, when the event has one: it may say where a deleted resource was. */
  readonly item?: JsonObject
}

/** What deciding needs besides the request. */
export interface Ground {
  readonly selected: SelectedRule
  readonly view: View
  /** What verdicts and their words rest on besides the account, as a sentence: the version and the settings. */
  readonly basis: string
  /** Re-reads the item an oversized notification left out. */
  readonly historyItem: (resource: ChangedResource) => Promise<JsonObject>
}

/** The same findings to both receivers. */
export function everywhere(findings: readonly Finding[]): Decision {
  return { config: findings, securityHub: findings }
}

/** The resource does not exist any more. */
export function gone(selected: SelectedRule, ref: ResourceRef): Decision {
  return everywhere([statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason: 'The resource is gone.' })])
}

/** The resource, or the listing it stands for, could not be read. */
export function unread(selected: SelectedRule, ref: ResourceRef, gaps: readonly Gap[]): Finding {
  return statedFinding(selected, ref, {
    compliance: 'UNDETERMINED',
    reason: `${gaps.map((gap) => gap.reason).join('; ')}: the resource could not be read`,
    transience: gaps.some((gap) => gap.transience === 'passing') ? 'passing' : 'lasting',
  })
}
