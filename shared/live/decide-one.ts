import type { ChangedResource } from '../events/audit-request.ts'
import type { Finding } from '../model/finding.ts'
import { type JsonObject, ownString } from '../model/json.ts'
import type { ResourceRef } from '../model/resource.ts'
import { joinReadings, type Reading } from '../sources/reading.ts'
import { type Decision, everywhere, type Ground, gone, unread } from './decision.ts'
import { type Judged, judge, statedFinding } from './judge.ts'
import { judgeTagged } from './judge-tagged.ts'
import { judgedRef, lookAt, readContext } from './live.ts'
import type { LiveResource } from './live-source.ts'
import type { SelectedRule } from './select-rule.ts'
import { withTagExceptions } from './tag-exceptions.ts'

/** Decides about one resource; `item` is what the event says of it, if it says anything. */
export async function decideOne(
  resource: ChangedResource,
  item: JsonObject | undefined,
  ground: Ground,
): Promise<Decision> {
  const { selected, view } = ground
  const named = judgedRef(view, resource)
  const live = await lookAt(view, named)
  if (live.state === 'gone') return gone(selected, named)
  if (live.state === 'replaced') return replaced(named, ground)
  // An event that states no ARN names a role without its path, a profile without its last part.
  const ref = live.state === 'present' ? { ...named, arn: ownString(live.item, 'arn') ?? named.arn } : named
  const claimed = item && claimOf(item, ref)
  const seen = live.state === 'present' ? live.item : claimed
  if (seen === undefined) return everywhere([await liveFinding(live, nothing, ref, ground)])
  const context = await readContext(view, selected.rule, seen)
  const finding = await liveFinding(live, context, ref, ground)
  if (finding.compliance !== 'UNDETERMINED' || claimed === undefined) return everywhere([finding])
  return everywhere([(await suspicion(claimed, context, ref, ground)) ?? finding])
}

const nothing: Reading = { items: [], coverage: [], gaps: [] }

/** The finding in Security Hub is known by the ARN, which is the new resource's now: only Config is told of the old one. */
function replaced(ref: ResourceRef, { selected }: Ground): Decision {
  const reason = 'The resource is gone; another one has its name.'
  return { config: [statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason })], securityHub: [] }
}

async function liveFinding(
  live: Extract<LiveResource, { state: 'present' | 'unknown' }>,
  context: Reading,
  ref: ResourceRef,
  { selected, view }: Ground,
): Promise<Finding> {
  if (live.state === 'unknown') return unread(selected, ref, live.gaps)
  const own = { items: [live.item, ...(live.alongside ?? [])], coverage: [], gaps: live.gaps }
  const judged = await judgeTagged(selected, view, joinReadings([context, own]), (one) => isSame(one, ref))
  const [finding] = judged.findings
  // AWS Config knows the resource under the id of its own event.
  if (finding) return { ...finding, resource: { ...finding.resource, id: ref.id } }
  return notCurrent(judged, ref, selected)
}

function isSame(one: ResourceRef, ref: ResourceRef): boolean {
  return one.arn === ref.arn && one.type === ref.type
}

/** Task definitions are the one type of which not every resource is judged. */
function notCurrent({ inventory }: Judged, ref: ResourceRef, selected: Ground['selected']): Finding {
  const definition = inventory.taskDefinitions.find((one) => isSame(one.ref, ref))
  if (definition === undefined) throw new Error(`no verdict on ${ref.arn}`)
  const services = inventory.listing('AWS::ECS::Service', { accountId: ref.accountId, region: ref.region })
  if (services.state === 'unknown') {
    const reason = `Cannot be decided: whether a service uses this revision (${services.reason})`
    return statedFinding(selected, ref, { compliance: 'UNDETERMINED', reason, transience: services.transience })
  }
  const newer = inventory.supersededBy(definition)
  const reason =
    newer === undefined
      ? 'The revision is not active and no service uses it.'
      : `Superseded by ${newer.family}:${newer.revision}, and no service uses it.`
  return statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason })
}

/** The event's item under the identity that we looked for. */
function claimOf(item: JsonObject, ref: ResourceRef): JsonObject {
  return {
    ...item,
    awsAccountId: ref.accountId,
    awsRegion: ref.region,
    ARN: ref.arn,
    resourceType: ref.type,
    resourceId: ref.id,
  }
}

/** What the event's own item says, if it is bad. It may not say anything good, so its tags are not heard either. */
async function suspicion(
  claimed: JsonObject,
  context: Reading,
  ref: ResourceRef,
  { selected, view }: Ground,
): Promise<Finding | undefined> {
  try {
    const reading = { ...context, items: [...context.items, claimed] }
    const { findings } = judge(untagged(selected), view, reading, (one) => isSame(one, ref))
    const told = await withTagExceptions(findings, view, selected)
    return told.find((finding) => finding.compliance === 'NON_COMPLIANT')
  } catch {
    // An item that cannot be read adds no suspicion; the undetermined verdict stands.
    return undefined
  }
}

/** The rule without exceptions by tag. */
function untagged({ rule, settings }: SelectedRule): SelectedRule {
  return { rule, settings: { ...settings, exceptions: settings.exceptions.filter(({ tag }) => tag === undefined) } }
}
