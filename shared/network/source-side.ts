import type { Subnet, Vpc } from '../inventory/network.ts'
import { ephemeralOf, https, type PortRange } from './ports.ts'
import type { Answer } from './steps/answer.ts'
import { aclStep, withinSubnet } from './steps/network-acl.ts'
import { groupsStep } from './steps/security-group.ts'
import { subnetTarget, type Target } from './target.ts'
import type { Topology } from './topology.ts'
import type { SourceInterface } from './types.ts'

/** The pulling interface with what the topology knows of its place. */
export interface SourceSide {
  readonly topology: Topology
  readonly source: SourceInterface
  readonly subnet: Subnet
  /** Undefined when the inventory lacks it. */
  readonly vpc: Vpc | undefined
  /** The IP version the client uses here: 6 only in subnets without IPv4. */
  readonly version: 4 | 6
  /** Ports it is answered on. */
  readonly ephemeral: PortRange
}

/** Places an interface; undefined when the inventory lacks its subnet. */
export function sourceSideOf(topology: Topology, source: SourceInterface): SourceSide | undefined {
  const subnet = topology.subnet(source.subnetId)
  if (subnet === undefined) return undefined
  const version = subnet.ipv6Native || (subnet.cidr === undefined && subnet.ipv6Cidrs.length > 0) ? 6 : 4
  const ephemeral = ephemeralOf(source.operatingSystem ?? 'linux')
  return { topology, source, subnet, vpc: topology.vpc(subnet.vpcId), version, ephemeral }
}

/** Who the other end sees: an interface somewhere in the source's subnet. */
export function asRemote({ source, subnet, version }: SourceSide): Target | undefined {
  return subnetTarget([subnet], version, source.securityGroupIds)
}

/** The filters at the source for a connection to `target`, which is outside the subnet. */
export function sourceFilters(side: SourceSide, target: Target): readonly [Answer, Answer] {
  return [sourceGroups(side, target), sourceAcl(side, target)]
}

/** Whether the source's groups let the connection out. */
export function sourceGroups({ topology, source }: SourceSide, target: Target): Answer {
  return groupsStep(topology, 'source', source.securityGroupIds, target)
}

/** Whether the source's network ACL lets the connection out and its answers in; undefined: the other end is in the same subnet. */
export function sourceAcl({ topology, subnet, ephemeral }: SourceSide, target: Target | undefined): Answer {
  if (target === undefined) return withinSubnet('sourceNetworkAcl', subnet)
  return aclStep(topology, 'sourceNetworkAcl', subnet, [
    { egress: true, ports: https, remote: target },
    { egress: false, ports: ephemeral, remote: target },
  ])
}
