import type { ChangedResource } from '../events/audit-request.ts'
import type { ViewGroups } from '../inventory/typed-views.ts'
import type { JsonObject } from '../model/json.ts'
import type { ResourceRef } from '../model/resource.ts'
import type { RuleMeta } from '../rules/define-rule.ts'
import type { Answer, Gap, Reader, Reading } from '../sources/reading.ts'

/** Where and when to read. */
export interface LiveReader extends Reader {
  /** Name of the role the function runs under, when the deployment states it: its listing of roles must hold it. */
  readonly ownRole?: string
  /** Capture time of the change that is to be seen, ISO 8601: an older reading does not show it. Missing on schedule. */
  readonly changedAt?: string
}

/** What looking at the judged resource itself gave. */
export type LiveResource =
  | {
      readonly state: 'present'
      readonly item: JsonObject
      /** Items that belong to the resource and were read with it. */
      readonly alongside?: readonly JsonObject[]
      readonly gaps: readonly Gap[]
    }
  | { readonly state: 'gone' }
  /** The resource with this id is gone, and another one has taken its name. */
  | { readonly state: 'replaced' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }

/** How a resource type is judged one by one. */
export interface JudgedOne {
  /**
   * The reference under which a resource of an event is known: built from our own account and region and the names in the
   * event, which say where to look and nothing else.
   * @throws InputError when the event names no resource of ours
   */
  readonly refOf: (reader: LiveReader, resource: ChangedResource) => ResourceRef
  /** Looks at one resource. */
  readonly lookAt: (reader: LiveReader, ref: ResourceRef) => Promise<LiveResource>
}

/** What a decision about one resource is read for. */
export interface Focus {
  readonly rule: RuleMeta
  /** The judged resource: the live item, or what the event claims when it could not be read. */
  readonly item: JsonObject
}

/** One AWS service, seen live. */
export interface LiveSource {
  /** Types that `list` can read. */
  readonly types: readonly string[]
  /**
   * The views of what it reads, and of what rules ask for beside: an inventory has those of the sources it was read from. Any other
   * throws, so a source names as well what is to be unknown.
   */
  readonly views: ViewGroups
  /** Reads every resource of these types. */
  readonly list: (reader: LiveReader, types: readonly string[]) => Promise<Reading>
  /** Reads what a decision about one resource can ask for, and states no more than was read; `list` when missing. */
  readonly around?: (reader: LiveReader, types: readonly string[], focus: Focus) => Promise<Reading>
  /**
   * Names of the roles that hold a managed policy, as a policy or as their boundary; absent when there is no such policy. Missing in
   * sources that see no roles.
   */
  readonly rolesWith?: (reader: LiveReader, policyArn: string) => Promise<Answer<readonly string[]>>
  /** The types judged one by one. */
  readonly judged: ReadonlyMap<string, JudgedOne>
}
