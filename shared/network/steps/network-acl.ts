import type { Subnet } from '../../inventory/network.ts'
import { type AclVerdict, compileEntries, judgePackets } from '../acl-match.ts'
import { sizeOf } from '../addresses.ts'
import type { PortRange } from '../ports.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'
import { addressFact } from './security-group.ts'

/** Packets that cross a subnet's border: which way, on which destination ports, and who is outside. */
export interface Crossing {
  readonly egress: boolean
  readonly ports: PortRange
  readonly remote: Target
}

/** Whether a subnet's network ACL lets all crossings through; the worst one decides. */
export function aclStep(
  topology: Topology,
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  subnet: Subnet,
  crossings: readonly Crossing[],
): Answer {
  let worst: Answer | undefined
  for (const crossing of crossings) {
    const answer = crossingStep(topology, step, subnet, crossing)
    if (answer.step.verdict === 'blocked') return answer
    if (worst === undefined || answer.step.verdict === 'unknown') worst = answer
    else worst = withAssumptions(worst, answer.assumptions)
  }
  return worst ?? passes(step, 'nothing-crosses', `Nothing crosses the border of ${subnet.id}`)
}

/** Network ACLs are not asked about traffic within a subnet. */
export function withinSubnet(step: 'sourceNetworkAcl' | 'targetNetworkAcl', subnet: Subnet): Answer {
  return passes(step, 'same-subnet', `Traffic within ${subnet.id} passes no network ACL`)
}

function withAssumptions(answer: Answer, assumptions: readonly string[]): Answer {
  if (assumptions.length === 0) return answer
  return { ...answer, assumptions: [...new Set([...answer.assumptions, ...assumptions])] }
}

function crossingStep(
  topology: Topology,
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  subnet: Subnet,
  crossing: Crossing,
): Answer {
  const acl = topology.networkAclOf(subnet)
  if (acl.state !== 'known') return notKnown(step, subnet, `network ACL of ${subnet.id}`)
  const { id, entries } = acl.value
  if (entries.state !== 'known') return notKnown(step, subnet, `entries of network ACL ${id}`)
  const { egress, ports, remote } = crossing
  const version = remote.ranges[0]?.version ?? 4
  const key = `acl|${id}|${egress}|${version}`
  const answer = topology.remember(`${step}|${key}|${ports.from}-${ports.to}|${remote.key}`, () => {
    const compiled = topology.remember(key, () => compileEntries(entries.value, egress, version))
    return describe(step, id, crossing, judgePackets(compiled, remote.ranges, ports))
  })
  return withAssumptions(answer, acl.assumptions)
}

function notKnown(step: 'sourceNetworkAcl' | 'targetNetworkAcl', subnet: Subnet, missing: string): Answer {
  return dependsOn(step, 'network-acl-unknown', `The ${missing} is not known (it guards ${subnet.id})`, [missing])
}

function describe(
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  id: string,
  crossing: Crossing,
  verdict: AclVerdict,
): Answer {
  const { egress, ports, remote } = crossing
  const range = ports.from === ports.to ? `${ports.from}` : `${ports.from}-${ports.to}`
  const packets = `TCP ${range} ${egress ? 'out to' : 'in from'} ${remote.label}`
  switch (verdict.kind) {
    case 'allow':
      return passes(step, 'network-acl-allows', `Network ACL ${id} lets ${packets}`)
    case 'deny': {
      const fix = `Allow ${packets} in network ACL ${id}`
      return stops(step, codeOf(crossing), `Network ACL ${id} does not let ${packets}`, { fix })
    }
    case 'mixed':
      return mixed(step, id, packets, remote, verdict.deniedAddresses)
    default:
      return verdict satisfies never
  }
}

/** Denying a few public addresses is common and seldom meets AWS; denying many may. */
function mixed(
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  id: string,
  packets: string,
  remote: Target,
  denied: bigint,
): Answer {
  const few = isFew(denied, remote)
  if (few || remote.kind === 'anyPrivate') {
    const assumptions = [`assumes that no address that network ACL ${id} denies is needed`]
    return passes(step, 'network-acl-allows-most', `Network ACL ${id} lets most ${packets}`, { assumptions })
  }
  const missing = [`${addressFact(remote)} and the ephemeral ports of the client`]
  return dependsOn(step, 'network-acl-partial', `Network ACL ${id} lets only a part: ${packets}`, missing)
}

/** True for a part of "any public address" that is small enough to be ignored by assumption. S3's addresses can be known. */
export function isFew(addresses: bigint, remote: Target): boolean {
  return remote.kind === 'anyPublic' && remote.prefixService === undefined && addresses * 256n <= sizeOf(remote.ranges)
}

function codeOf({ egress, ports }: Crossing): string {
  if (ports.from === 443) return egress ? 'acl-no-egress-443' : 'acl-no-ingress-443'
  return egress ? 'acl-no-egress-ephemeral' : 'acl-no-ingress-ephemeral'
}
