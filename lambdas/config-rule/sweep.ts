import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import { type Decision, everywhere, type Ground, gone, unread } from './decision.ts'
import { judge, statedFinding } from './judge.ts'
import { accountRef, readEverything } from './live.ts'
import type { SelectedRule } from './select-rule.ts'

const nodegroupType = 'AWS::EKS::Nodegroup'

/** Judges everything in the region, and says of the account itself whether it could be listed. */
export async function sweep({ selected, view }: Ground): Promise<Decision> {
  const { rule } = selected
  const reading = await readEverything(view, rule)
  const { findings, inventory } = judge(selected, view.reader, reading)
  if (rule.judges === 'AWS::::Account') return everywhere(findings)
  const account = accountRef(view)
  const unlisted = gapsOfListing(reading, rule.judges)
  if (unlisted !== undefined) return everywhere([...findings.filter(isBad), unread(selected, account, unlisted)])
  const reason = `${findings.length} resources of type ${rule.judges} were judged one by one.`
  const summary = statedFinding(selected, account, { compliance: 'NOT_APPLICABLE', reason })
  const empty = rule.judges === nodegroupType ? emptyClusters(inventory).map((ref) => without(selected, ref)) : []
  return { config: [...findings, ...empty, summary], securityHub: [...findings, summary] }
}

/** Judges the node groups of one cluster: AWS Config records the cluster, never them. */
export async function sweepCluster(cluster: ChangedResource, { selected, view }: Ground): Promise<Decision> {
  const reading = await readEverything(view, selected.rule)
  const { accountId, region } = view.reader
  const { findings, inventory } = judge(selected, view.reader, reading)
  const arnPart = `:nodegroup/${cluster.id}/`
  const ofCluster = findings.filter(({ resource }) => resource.arn.includes(arnPart))
  const { type, id } = cluster
  const ref = { type, id, arn: cluster.arn ?? id, accountId, region }
  const unlisted = gapsOfListing(reading, nodegroupType) ?? gapsOfListing(reading, type)
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
function isBad({ compliance }: Finding): boolean {
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
