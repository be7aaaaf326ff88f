import type { AuditRequest, ChangedResource } from '../../shared/events/audit-request.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import type { Gap } from '../../shared/sources/reading.ts'
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

/** What deciding needs besides the request. */
export interface Ground {
  readonly selected: SelectedRule
  readonly view: View
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
