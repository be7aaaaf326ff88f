import type { ChangedResource } from '../events/audit-request.ts'
import { isJsonObject, type JsonObject, own, ownList, ownObject, ownString } from '../model/json.ts'
import type { ResourceRef } from '../model/resource.ts'
import { type Gap, joinReadings } from '../sources/reading.ts'
import { type Decision, everywhere, type Ground, gone, type NetworkChange, unread } from './decision.ts'
import { judgeTagged } from './judge-tagged.ts'
import { judgedRef, readBeside, type View } from './live.ts'
import type { LiveVpcs, VpcReading } from './live-vpcs.ts'
import { isRecent } from './recent.ts'

const vpcType = 'AWS::EC2::VPC'
/** In the place of the id of one VPC. */
const everyVpc = '*'
/** VPCs judged for one event. Zones are asked for VPC by VPC, and Route 53 takes five calls a second of the whole account. */
const MOST_VPCS = 10

/** Decides about the VPC that has changed itself. */
export async function decideVpc(change: NetworkChange, ground: Ground): Promise<Decision> {
  const { selected, view } = ground
  const ref = judgedRef(view, change.resource)
  if (isSettled(change, ref.id, ground)) return everywhere([])
  const seen = await read(ref.id, ground)
  return seen.state === 'gone' ? gone(selected, ref) : await judged(seen, ref, change, ground)
}

/**
 * Decides about the VPC in which something has changed; undefined when nobody can say which it is. The item of a deleted
 * resource may say where it was: that makes us look there, and nothing more.
 */
export async function decideWithinVpc(change: NetworkChange, ground: Ground): Promise<Decision | undefined> {
  const vpcId = await placeOf(change, ground)
  if (vpcId === undefined) return undefined
  if (isSettled(change, vpcId, ground)) return everywhere([])
  const { accountId, region } = ground.view.reader
  const asked = { ...change.resource, type: vpcType, id: vpcId, name: undefined, arn: undefined, accountId, region }
  const seen = await read(vpcId, ground)
  // A VPC that is gone, or was never ours, has an event of its own.
  return seen.state === 'gone' ? everywhere([]) : await judged(seen, judgedRef(ground.view, asked), change, ground)
}

/**
 * Decides about every VPC of the region, or says why that is left to others. Verdicts that were delivered for the same asker and show
 * the change are not reached again.
 * @throws Error when the VPCs could not be listed just now
 */
export async function decideEveryVpc(asker: string, ground: Ground): Promise<Decision | { readonly left: string }> {
  const { selected, view } = ground
  const vpcs = vpcsOf(view)
  const before = vpcs.judged(asker, everyVpc)
  if (before !== undefined && isRecent(before, view.reader)) return everywhere([])
  const seen = await vpcs.readEvery(view.reader, [vpcType, ...selected.rule.reads], MOST_VPCS)
  if (seen.state === 'too many') return { left: `the region has ${seen.count} VPCs, more than ${MOST_VPCS}` }
  if (seen.state === 'unknown') return unlisted(seen.gaps)
  const reading = joinReadings([seen.reading, await readBeside(view, selected.rule, seen.reading)])
  const { accountId } = view.reader
  const isOwn = (ref: ResourceRef) => ref.type === vpcType && ref.accountId === accountId
  const { findings } = await judgeTagged(selected, view, reading, isOwn)
  const settled = [everyVpc, ...findings.map(({ resource }) => resource.id)]
  return {
    ...everywhere(findings),
    delivered: () => {
      for (const id of settled) vpcs.settle(asker, id, seen)
    },
  }
}

function unlisted(gaps: readonly Gap[]): { readonly left: string } {
  const reason = gaps.map((gap) => gap.reason).join('; ')
  if (gaps.some(({ transience }) => transience === 'passing'))
    throw new Error(`VPCs could not be listed yet: ${reason}`)
  return { left: `VPCs could not be listed: ${reason}` }
}

/** True when a verdict for the same asker that shows this change was delivered: nothing is left but to answer. */
function isSettled({ asker }: NetworkChange, vpcId: string, { view }: Ground): boolean {
  const before = vpcsOf(view).judged(asker, vpcId)
  return before !== undefined && isRecent(before, view.reader)
}

function read(vpcId: string, { selected, view }: Ground): Promise<VpcReading> {
  return vpcsOf(view).read(view.reader, vpcId, [vpcType, ...selected.rule.reads])
}

async function judged(
  seen: Exclude<VpcReading, { state: 'gone' }>,
  named: ResourceRef,
  { asker }: NetworkChange,
  { selected, view }: Ground,
): Promise<Decision> {
  if (seen.state === 'unknown') return everywhere([unread(selected, named, seen.gaps)])
  const isNamed = ({ type, id }: ResourceRef) => type === vpcType && id === named.id
  const reading = joinReadings([seen.reading, await readBeside(view, selected.rule, seen.reading)])
  const { findings } = await judgeTagged(selected, view, reading, isNamed)
  if (findings.length === 0) throw new Error(`no verdict on ${named.arn}`)
  return { ...everywhere(findings), delivered: () => vpcsOf(view).settle(asker, named.id, seen) }
}

function vpcsOf({ vpcs }: View): LiveVpcs {
  if (vpcs === undefined) throw new Error('this function sees no VPCs')
  return vpcs
}

/** Where the live resource is; of one that is gone, or not readable for good, where AWS Config says it is or was. */
async function placeOf(change: NetworkChange, ground: Ground): Promise<string | undefined> {
  const { resource, item } = change
  const { view } = ground
  const place = await vpcsOf(view).placeOf(view.reader, resource)
  if (place.state === 'present') return place.vpcId
  const passing = place.state === 'unknown' ? place.gaps.find((gap) => gap.transience === 'passing') : undefined
  if (passing) throw new Error(`where ${resource.type} ${resource.id} is could not be read yet: ${passing.reason}`)
  const stated = item && vpcIdIn(item)
  return stated ?? (await placeInHistory(resource, ground))
}

/** The last item of a deleted resource is empty, the one before it is not. */
async function placeInHistory(resource: ChangedResource, { historyItem }: Ground): Promise<string | undefined> {
  const capturedAt = new Date(Date.parse(resource.capturedAt) - 1).toISOString()
  try {
    return vpcIdIn(await historyItem({ ...resource, capturedAt }))
  } catch {
    // Without a place everything is judged, which needs no history.
    return undefined
  }
}

/** Untrusted text: what does not look like the id of a VPC is none. */
function vpcIdIn(item: JsonObject): string | undefined {
  const related = ownList(item, 'relationships').flatMap((one) =>
    isJsonObject(one) && ownString(one, 'resourceType') === vpcType ? (ownString(one, 'resourceId') ?? []) : [],
  )
  const configuration = configurationOf(item)
  const ids = [ownString(configuration, 'vpcId'), ownString(configuration, 'VpcId'), ...related]
  return ids.find((id) => id !== undefined && /^vpc-[0-9a-z]{1,32}$/.test(id))
}

/** History hands the configuration over as text. */
function configurationOf(item: JsonObject): JsonObject {
  const stated = own(item, 'configuration')
  if (typeof stated !== 'string') return ownObject(item, 'configuration') ?? {}
  try {
    return ownObject({ configuration: JSON.parse(stated) }, 'configuration') ?? {}
  } catch {
    return {}
  }
}
