import type { Fact } from '../model/fact.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::EC2::LaunchTemplate`, the version the source carried. */
export interface LaunchTemplate extends InventoryResource {
  readonly name: string
  /** ARN or name; absent when the template names none. */
  readonly instanceProfile: Fact<string>
  /** Ids of the groups of the primary network interface; absent when the template names none (the VPC's default group then). */
  readonly securityGroupIds: Fact<readonly string[]>
  /** Whether the primary network interface gets a public IPv4 address; absent when the subnet decides. */
  readonly associatePublicIp: Fact<boolean>
  /**
   * Numbers of its default and its newest version, of which it carries one. Undefined when the source does not say, or carries
   * what all versions in use have in common.
   */
  readonly versions: { readonly standard: string; readonly latest: string } | undefined
}

/** `AWS::AutoScaling::AutoScalingGroup`. */
export interface AutoScalingGroup extends InventoryResource {
  readonly name: string
  /** Id or name of the launch template; absent for groups made from a launch configuration or an instance. */
  readonly launchTemplate: Fact<string>
  /** A number, `$Default` or `$Latest`; the default version when it is not stated. */
  readonly launchTemplateVersion: string | undefined
  /** Name; absent when a launch template is used. */
  readonly launchConfiguration: Fact<string>
  readonly subnets: readonly string[]
  readonly tags: ReadonlyMap<string, string>
}
