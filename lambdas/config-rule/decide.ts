import type { AuditRequest, ChangedResource } from '../../shared/events/audit-request.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import type { EcrReader, EcrReading, Gap } from '../../shared/sources/ecr/reader.ts'
import { judge, statedFinding } from './judge.ts'
import { judgedRef, type LiveResource, lookAt, readContext, readEverything } from './live.ts'
import type { SelectedRule } from './select-rule.ts'

/** What goes where. */
export interface Decision {
  readonly config: readonly Finding[]
  readonly securityHub: readonly Finding[]
}

/** What deciding needs besides the request. */
export interface Ground {
  readonly selected: SelectedRule
  readonly reader: EcrReader
  /** Re-reads the item an oversized notification left out. */
  readonly historyItem: (resource: ChangedResource) => Promise<JsonObject>
}

/**
 * Decides a request by looking at the resources themselves. The event says where to look and when; its item can only
 * add suspicion, when the live resource cannot be judged.
 */
export async function decide(request: AuditRequest, ground: Ground): Promise<Decision> {
  const { rule } = ground.selected
  if (request.kind === 'scheduled') return sweep(ground)
  const { resource } = request
  if (resource.type !== rule.judges) {
    if (!rule.reads.includes(resource.type)) {
      throw new InputError(`configurationItem.resourceType: rule ${rule.id} has nothing to do with ${resource.type}`)
    }
    return sweep(ground)
  }
  if (resource.leftScope || resource.status === 'ResourceNotRecorded') return leave(resource, ground)
  if (isDeleted(resource.status)) return decideOne(resource, undefined, ground)
  const item = request.kind === 'change' ? (request.item as JsonObject) : await ground.historyItem(resource)
  return decideOne(resource, item, ground)
}

function isDeleted(status: ChangedResource['status']): boolean {
  return status === 'ResourceDeleted' || status === 'ResourceDeletedNotRecorded'
}

/**
 * AWS Config no longer asks about the resource. That is a fact about Config's scope, so Config gets NOT_APPLICABLE;
 * the resource's own finding is archived only when the resource is really gone.
 */
async function leave(resource: ChangedResource, { selected, reader }: Ground): Promise<Decision> {
  const ref = judgedRef(reader, resource.type, resource.id)
  const live = await lookAt(reader, ref)
  if (live.state === 'gone') return gone(selected, ref)
  if (live.state === 'unknown' && live.gaps.some((gap) => gap.transience === 'passing')) {
    return everywhere([unread(selected, ref, live.gaps)])
  }
  const reason = 'The resource is no longer in the scope of this rule.'
  return { config: [statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason })], securityHub: [] }
}

async function decideOne(resource: ChangedResource, item: JsonObject | undefined, ground: Ground): Promise<Decision> {
  const { selected, reader } = ground
  const ref = judgedRef(reader, resource.type, resource.id)
  const live = await lookAt(reader, ref)
  if (live.state === 'gone') return gone(selected, ref)
  const context = await readContext(reader, selected.rule)
  const finding = liveFinding(live, context, ref, ground)
  if (finding.compliance !== 'UNDETERMINED' || item === undefined) return everywhere([finding])
  return everywhere([suspicion(item, context, ref, ground) ?? finding])
}

function liveFinding(
  live: Exclude<LiveResource, { state: 'gone' }>,
  context: EcrReading,
  ref: ResourceRef,
  { selected, reader }: Ground,
): Finding {
  if (live.state === 'unknown') return unread(selected, ref, live.gaps)
  const reading = { ...context, items: [...context.items, live.item], gaps: [...context.gaps, ...live.gaps] }
  const [finding] = judge(selected, reader, reading, (one) => one.arn === ref.arn && one.type === ref.type)
  if (finding === undefined) throw new Error(`no verdict on ${ref.arn}`)
  return finding
}

/** What the event's own item says, if it is bad. It may not say anything good. */
function suspicion(item: JsonObject, context: EcrReading, ref: ResourceRef, ground: Ground): Finding | undefined {
  const { selected, reader } = ground
  const claimed = {
    ...item,
    awsAccountId: ref.accountId,
    awsRegion: ref.region,
    ARN: ref.arn,
    resourceType: ref.type,
    resourceId: ref.id,
  }
  try {
    const reading = { ...context, items: [...context.items, claimed] }
    const found = judge(selected, reader, reading, (one) => one.arn === ref.arn && one.type === ref.type)
    return found.find((finding) => finding.compliance === 'NON_COMPLIANT')
  } catch {
    // An item that cannot be read adds no suspicion; the undetermined verdict stands.
    return undefined
  }
}

/** Judges everything in the region, and says of the account itself whether it could be listed. */
async function sweep({ selected, reader }: Ground): Promise<Decision> {
  const { rule } = selected
  const reading = await readEverything(reader, rule)
  const findings = judge(selected, reader, reading)
  if (rule.judges === 'AWS::::Account') return everywhere(findings)
  const account = judgedRef(reader, 'AWS::::Account', reader.accountId)
  const unlisted = reading.coverage.some((row) => row.resourceType === rule.judges && row.status === 'unknown')
  if (unlisted) {
    const gaps = reading.gaps.filter((gap) => gap.resourceType === rule.judges)
    return everywhere([unread(selected, account, gaps)])
  }
  const reason = `${findings.length} resources of type ${rule.judges} were judged one by one.`
  return everywhere([...findings, statedFinding(selected, account, { compliance: 'NOT_APPLICABLE', reason })])
}

function unread(selected: SelectedRule, ref: ResourceRef, gaps: readonly Gap[]): Finding {
  return statedFinding(selected, ref, {
    compliance: 'UNDETERMINED',
    reason: `${gaps.map((gap) => gap.reason).join('; ')}: the resource could not be read`,
    transience: gaps.some((gap) => gap.transience === 'passing') ? 'passing' : 'lasting',
  })
}

function gone(selected: SelectedRule, ref: ResourceRef): Decision {
  return everywhere([statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason: 'The resource is gone.' })])
}

function everywhere(findings: readonly Finding[]): Decision {
  return { config: findings, securityHub: findings }
}
