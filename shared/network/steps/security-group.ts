import type { SecurityGroupRule } from '../../inventory/network.ts'
import { type AddressRange, coverageOf, merged, rangesOf } from '../addresses.ts'
import { coversPort } from '../ports.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'

/** What the rules of some groups let through on TCP 443, in one direction. */
interface OpenTo {
  readonly addresses: { readonly 4: readonly AddressRange[]; readonly 6: readonly AddressRange[] }
  readonly groupIds: ReadonlySet<string>
  readonly prefixListIds: ReadonlySet<string>
  readonly missing: readonly string[]
}

/** Which end of the connection carries the groups. */
export type GroupSide = 'source' | 'target'

/**
 * Whether the union of the groups' rules lets TCP 443 through between their interface and the other side. Groups are
 * stateful: answers need no rule.
 */
export function groupsStep(
  topology: Topology,
  side: GroupSide,
  groupIds: readonly string[] | undefined,
  remote: Target,
): Answer {
  const step = side === 'source' ? 'sourceSecurityGroup' : 'targetSecurityGroup'
  if (groupIds === undefined) {
    const missing = side === 'source' ? 'security groups of the source' : 'security groups of the endpoint'
    return dependsOn(step, 'security-groups-unknown', `The ${missing} are not known`, [missing])
  }
  const key = `${side}|${[...groupIds].sort().join(',')}`
  return topology.remember(`${key}|${remote.key}`, () => {
    const open = topology.remember(key, () => openTo(topology, side, groupIds))
    return judge(topology, step, groupIds, open, remote)
  })
}

function judge(
  topology: Topology,
  step: 'sourceSecurityGroup' | 'targetSecurityGroup',
  groupIds: readonly string[],
  open: OpenTo,
  remote: Target,
): Answer {
  const names = groupIds.length === 0 ? 'no security group' : groupIds.join(', ')
  const way = step === 'sourceSecurityGroup' ? `out to ${remote.label}` : `in from ${remote.label}`
  const allowed = `${names} lets TCP 443 ${way}`
  const referenced = remote.groupIds?.find((id) => open.groupIds.has(id))
  if (referenced !== undefined && remote.referencesNeed === undefined)
    return passes(step, 'group-reference', `${names} lets TCP 443 to or from ${referenced}`)
  const lists = resolve(topology, open.prefixListIds, remote)
  if (lists.holdsAll) return passes(step, 'prefix-list', allowed)
  const version = remote.ranges[0]?.version ?? 4
  const holder =
    lists.ranges.length === 0 ? open.addresses[version] : merged([...open.addresses[version], ...lists.ranges], version)
  const coverage = coverageOf(holder, remote.ranges)
  if (coverage === 'all') return passes(step, 'rule', allowed)
  const unseen = [...open.missing, ...lists.missing]
  if (referenced !== undefined && remote.referencesNeed !== undefined) unseen.push(remote.referencesNeed)
  if (remote.groupIds === undefined && open.groupIds.size > 0) unseen.push(`security groups of ${remote.label}`)
  if (unseen.length > 0) {
    return dependsOn(step, 'security-group-incomplete', `Whether ${allowed} depends on ${unseen.join(', ')}`, unseen)
  }
  if (coverage === 'some') return partial(step, names, way, remote)
  const code = step === 'sourceSecurityGroup' ? 'no-egress-443' : 'no-ingress-443'
  return stops(step, code, `No rule of ${names} lets TCP 443 ${way}`, { fix: fixOf(step, groupIds, remote) })
}

function partial(
  step: 'sourceSecurityGroup' | 'targetSecurityGroup',
  names: string,
  way: string,
  remote: Target,
): Answer {
  if (remote.kind === 'anyPrivate') {
    const assumptions = [`assumes that the rules of ${names} hold the address of the central endpoint`]
    return passes(step, 'rule-for-part', `${names} lets TCP 443 out to some private addresses`, { assumptions })
  }
  return dependsOn(step, 'rule-for-part', `${names} lets TCP 443 through for a part only: ${way}`, [
    addressFact(remote),
  ])
}

/** The fact that would decide when a rule holds only part of the addresses. */
export function addressFact(remote: Target): string {
  if (remote.kind === 'subnets') return `address of the network interface in ${remote.label}`
  return remote.kind === 'anyPublic' && remote.prefixService !== undefined
    ? `entries of prefix list ${remote.prefixService}`
    : `addresses behind ${remote.label}`
}

function fixOf(
  step: 'sourceSecurityGroup' | 'targetSecurityGroup',
  groupIds: readonly string[],
  remote: Target,
): string {
  const group = groupIds[0]
  if (group === undefined) return 'Attach a security group with a rule for TCP 443'
  const other = (remote.referencesNeed === undefined ? remote.groupIds?.[0] : undefined) ?? peerOf(remote)
  return step === 'sourceSecurityGroup'
    ? `Add an outbound rule TCP 443 from ${group} to ${other}`
    : `Add an inbound rule TCP 443 from ${other} to ${group}`
}

function peerOf(remote: Target): string {
  if (remote.prefixService !== undefined) return `the prefix list ${remote.prefixService}`
  return remote.kind === 'anyPublic' ? (remote.ranges[0]?.version === 6 ? '::/0' : '0.0.0.0/0') : remote.label
}

function openTo(topology: Topology, side: GroupSide, groupIds: readonly string[]): OpenTo {
  const rules: SecurityGroupRule[] = []
  const missing: string[] = []
  for (const id of groupIds) {
    const group = topology.securityGroups.get(id)
    const fact = side === 'source' ? group?.egress : group?.ingress
    if (fact?.state === 'known') rules.push(...fact.value)
    else if (fact?.state !== 'absent') missing.push(`rules of security group ${id}`)
  }
  const relevant = rules.filter((rule) => coversPort(rule, 443))
  const ranges = rangesOf(relevant.flatMap(({ cidrs, ipv6Cidrs }) => [...cidrs, ...ipv6Cidrs]))
  return {
    addresses: { 4: merged(ranges, 4), 6: merged(ranges, 6) },
    groupIds: new Set(relevant.flatMap((rule) => rule.groupIds)),
    prefixListIds: new Set(relevant.flatMap((rule) => rule.prefixListIds)),
    missing,
  }
}

interface ResolvedLists {
  readonly holdsAll: boolean
  readonly ranges: readonly AddressRange[]
  readonly missing: readonly string[]
}

/** A list of another AWS service holds nobody we ask for; one whose entries are not known may hold anybody. */
function resolve(topology: Topology, ids: ReadonlySet<string>, remote: Target): ResolvedLists {
  const ranges: AddressRange[] = []
  const missing: string[] = []
  for (const id of ids) {
    const list = topology.prefixList(id)
    if (list.service !== undefined && list.service === remote.prefixService) return { holdsAll: true, ranges, missing }
    if (list.service !== undefined) continue
    if (list.ranges === undefined) missing.push(`entries of prefix list ${id}`)
    else ranges.push(...list.ranges)
  }
  return { holdsAll: false, ranges, missing }
}
