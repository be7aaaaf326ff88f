import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { type Decision, everywhere, type Ground, gone, unread } from '../../shared/live/decision.ts'
import { type Judged, statedFinding, switchedOff } from '../../shared/live/judge.ts'
import { judgeTagged } from '../../shared/live/judge-tagged.ts'
import { accountRef, readEverything } from '../../shared/live/live.ts'
import { isSwitchedOff, type SelectedRule } from '../../shared/live/select-rule.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import type { Reading } from '../../shared/sources/reading.ts'

const nodegroupType = 'AWS::EKS::Nodegroup'
const clusterType = 'AWS::EKS::Cluster'

/** Everything a rule judges in the region. */
export interface Survey extends Judged {
  /** Why the listing is not complete; undefined when it is. */
  readonly unlisted: Reading['gaps'] | undefined
  /** Verdicts only AWS Config is told: clusters that stand for node groups and have none. */
  readonly empty: readonly Finding[]
}

/** Lists and judges everything in the region. */
export async function survey({ selected, view }: Ground): Promise<Survey> {
  const { rule } = selected
  const reading = await readEverything(view, rule)
  const judged = await judgeTagged(selected, view, reading)
  const nodegroups = rule.judges === nodegroupType
  const listed = [...judgedTypes(rule), ...(nodegroups ? [clusterType] : [])]
  const unlisted = listed.map((type) => gapsOfListing(reading, type)).find((gaps) => gaps !== undefined)
  const empty = nodegroups ? emptyClusters(judged.inventory).map((ref) => without(selected, ref)) : []
  return { ...judged, unlisted, empty }
}

/** A decision about everything in the region. */
export interface WideDecision extends Decision {
  /** The verdict on the account itself: whether everything could be listed. */
  readonly summary: readonly Finding[]
}

/** Judges everything in the region, and says of the account itself whether it could be listed. */
export async function sweep(ground: Ground): Promise<WideDecision> {
  const { findings, unlisted, empty } = await survey(ground)
  if (ground.selected.rule.judges === 'AWS::::Account') return { ...everywhere([]), summary: findings }
  if (unlisted !== undefined) {
    return { ...everywhere(findings.filter(isBad)), summary: [unlistedAccount(ground, unlisted)] }
  }
  const summary = [summaryOf(ground, findings.length)]
  return { config: [...findings, ...empty], securityHub: findings, summary }
}

/** What a complete listing says of the account. */
export function summaryOf({ selected, view, basis }: Ground, judged: number, note = ''): Finding {
  const done = `${judged} resources of type ${selected.rule.judges} were judged one by one.`
  const reason = `${isSwitchedOff(selected) ? switchedOff : done} ${basis}${note && ` ${note}`}`
  return statedFinding(selected, accountRef(view), { compliance: 'NOT_APPLICABLE', reason })
}

/** What a listing that is not complete says of the account. */
export function unlistedAccount({ selected, view }: Ground, gaps: Reading['gaps']): Finding {
  return unread(selected, accountRef(view), gaps)
}

/** Judges the node groups of one cluster: AWS Config records the cluster, never them. */
export async function sweepCluster(cluster: ChangedResource, ground: Ground): Promise<Decision> {
  const { selected, view } = ground
  const { findings, inventory, unlisted } = await survey(ground)
  const { accountId, region } = view.reader
  const arnPart = `:nodegroup/${cluster.id}/`
  const ofCluster = findings.filter(({ resource }) => resource.arn.includes(arnPart))
  const { type, id } = cluster
  const ref = { type, id, arn: cluster.arn ?? id, accountId, region }
  if (unlisted !== undefined) {
    const bad = ofCluster.filter(isBad)
    return { config: [...bad, unread(selected, ref, unlisted)], securityHub: bad }
  }
  if (ofCluster.length > 0) return everywhere(ofCluster)
  const live = inventory.eksClusters.some(({ name }) => name === id)
  return { config: live ? [without(selected, ref)] : gone(selected, ref).config, securityHub: [] }
}

/** The gaps that leave the listing of a type open; undefined when it is complete. */
function gapsOfListing({ coverage, gaps }: Reading, type: string): Reading['gaps'] | undefined {
  const open = coverage.some((row) => row.resourceType === type && row.status === 'unknown')
  return open ? gaps.filter((gap) => gap.resourceType === type) : undefined
}

/** Of a listing that is not complete only what is bad is certain: the worst of the rest is not known. */
export function isBad({ compliance }: Finding): boolean {
  return compliance === 'NON_COMPLIANT' || compliance === 'UNDETERMINED'
}

function emptyClusters({ eksClusters, nodegroups }: Inventory): readonly ResourceRef[] {
  const inUse = new Set(nodegroups.map(({ clusterName }) => clusterName))
  return eksClusters.filter(({ name }) => !inUse.has(name)).map(({ ref }) => ref)
}

function without(selected: SelectedRule, ref: ResourceRef): Finding {
  return statedFinding(selected, ref, {
    compliance: 'NOT_APPLICABLE',
    reason: 'The cluster has no managed node group.',
  })
}
