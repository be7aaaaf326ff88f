import type { AutoScalingGroup, LaunchTemplate } from '../inventory/compute.ts'
import { type Fact, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { SourceInterface } from '../network/types.ts'
import { versionHeld } from './template-version.ts'
import type { WorkloadGround } from './workload-ground.ts'

/** Where a workload starts, and what filters it there. */
export interface Placement {
  readonly vpcId: string | undefined
  readonly interfaces: readonly SourceInterface[]
  readonly unplaced: string | undefined
  /** What the interfaces rest on besides the inventory. */
  readonly assumptions?: readonly string[]
}

/** What all interfaces of a workload have in common. */
export interface InterfaceTraits {
  readonly scope: Scope
  /** Absent: the VPC's default group is used. */
  readonly groups: Fact<readonly string[]>
  /** Absent: the subnet decides. Unknown: not known. */
  readonly publicIp: Fact<boolean>
  readonly operatingSystem: 'linux' | 'windows'
  readonly usesIpv6: boolean
  /** What groups and public address rest on besides the inventory. */
  readonly assumptions?: readonly string[]
}

/** One interface per subnet. All subnets of a workload lie in one VPC: AWS takes no others. */
export function placedIn(ground: WorkloadGround, subnetIds: readonly string[], traits: InterfaceTraits): Placement {
  const known = subnetIds.map((id) => ground.subnet(id)).find((subnet) => subnet !== undefined)
  const groups = groupsOf(ground, traits.groups, known?.vpcId)
  const { scope, operatingSystem, usesIpv6, assumptions = [] } = traits
  const interfaces = subnetIds.map((subnetId) => ({
    scope,
    subnetId,
    securityGroupIds: groups,
    hasPublicIp: publicIpIn(ground, subnetId, traits.publicIp),
    operatingSystem,
    usesIpv6,
  }))
  if (subnetIds.length === 0) return nowhere('its subnets are not in the inventory')
  const unplaced = known === undefined ? `subnet ${subnetIds.join(', ')} is not in the inventory` : undefined
  return { vpcId: known?.vpcId, interfaces, unplaced, ...(assumptions.length === 0 ? {} : { assumptions }) }
}

/** A workload whose subnets are not known. */
export function nowhere(unplaced: string, vpcId?: string): Placement {
  return { vpcId, interfaces: [], unplaced }
}

/** Ephemeral ports differ by the operating system. */
export function operatingSystemOf(family: string | undefined): 'linux' | 'windows' {
  return family?.toUpperCase().startsWith('WINDOWS') === true ? 'windows' : 'linux'
}

/** Groups and public address of instances, as far as they come from a launch template. */
export type TemplateTraits = Pick<InterfaceTraits, 'groups' | 'publicIp' | 'assumptions'>

/** What a version of a launch template says of the instances it makes; unknown when the inventory holds another version. */
export function traitsOfTemplate(template: LaunchTemplate, version: string | undefined): TemplateTraits {
  const held = versionHeld(template, version)
  if (held.state === 'missing') return { groups: unknown(held.reason), publicIp: unknown(held.reason) }
  const { assumptions } = held
  return { groups: template.securityGroupIds, publicIp: template.associatePublicIp, assumptions }
}

/** As above, of the instances an Auto Scaling group launches. */
export function traitsOfGroup(
  ground: WorkloadGround,
  { name, ref, launchTemplate, launchTemplateVersion, launchConfiguration }: AutoScalingGroup,
): TemplateTraits {
  const template = launchTemplate.state === 'known' ? ground.launchTemplate(launchTemplate.value, ref) : undefined
  if (template !== undefined) return traitsOfTemplate(template, launchTemplateVersion)
  const kind = launchConfiguration.state === 'known' ? 'launch configuration' : 'launch template'
  const missing = unknown<never>(`the ${kind} of Auto Scaling group ${name} is not in the inventory`)
  return { groups: missing, publicIp: missing }
}

function groupsOf(
  ground: WorkloadGround,
  groups: Fact<readonly string[]>,
  vpcId: string | undefined,
): readonly string[] | undefined {
  if (groups.state === 'known') return groups.value
  const standard = groups.state === 'absent' && vpcId !== undefined ? ground.defaultGroup(vpcId) : undefined
  return standard === undefined ? undefined : [standard]
}

function publicIpIn(ground: WorkloadGround, subnetId: string, stated: Fact<boolean>): boolean | undefined {
  if (stated.state === 'known') return stated.value
  return stated.state === 'absent' ? ground.subnet(subnetId)?.mapPublicIpOnLaunch : undefined
}
