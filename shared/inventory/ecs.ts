import type { Fact } from '../model/fact.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::ECS::TaskDefinition`, one revision. */
export interface TaskDefinition extends InventoryResource {
  readonly family: string
  readonly revision: number
  /** ACTIVE, INACTIVE or DELETE_IN_PROGRESS; undefined when the source did not say (AWS Config records active ones). */
  readonly status: string | undefined
  /** FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES; empty when the definition names none (it may then run on EC2). */
  readonly requiresCompatibilities: readonly string[]
  readonly networkMode: string | undefined
  /** LINUX, WINDOWS_SERVER_2022_CORE, …; undefined when not stated (LINUX then). */
  readonly operatingSystemFamily: string | undefined
  /** X86_64 or ARM64; undefined when not stated (X86_64 on Fargate then). */
  readonly cpuArchitecture: string | undefined
  /** Absent when the definition has none. As written: an ARN, or a bare role name. */
  readonly taskRoleArn: Fact<string>
  readonly executionRoleArn: Fact<string>
  readonly containers: Fact<readonly Container[]>
  /** ISO 8601; undefined when the source did not say. AWS Config captures a revision when it is registered. */
  readonly registeredAt: string | undefined
}

/** A container of a task definition. */
export interface Container {
  readonly name: string
  /** As written; empty when the source had none. */
  readonly image: string
  readonly essential: boolean
  /** ARN of a secret with registry credentials: then no role is used for this image. */
  readonly repositoryCredentials: string | undefined
  /** `awslogs`, `awsfirelens`, …; undefined when the definition names none. */
  readonly logDriver: string | undefined
  /** Region `awslogs` writes to; undefined when not stated. */
  readonly logRegion: string | undefined
  /** ARNs of secrets of Secrets Manager and ARNs or names of SSM parameters, as written, of the log driver too. */
  readonly secrets: readonly string[]
}

/** `AWS::ECS::Service`. */
export interface EcsService extends InventoryResource {
  readonly name: string
  readonly clusterArn: string | undefined
  /** As written: usually an ARN with revision (`taskDefinitionName` reads every form); undefined with an external deployment controller. */
  readonly taskDefinitionArn: string | undefined
  /** EC2, FARGATE, EXTERNAL; undefined with capacity providers. */
  readonly launchType: string | undefined
  /** Those of its strategy that tasks are placed on: one of weight 0 and base 0 beside others gets none. */
  readonly capacityProviders: readonly string[]
  readonly platformVersion: string | undefined
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  readonly assignPublicIp: boolean | undefined
  readonly desiredCount: number | undefined
}

/** `AWS::ECS::Cluster`. */
export interface EcsCluster extends InventoryResource {
  readonly name: string
  readonly capacityProviders: readonly string[]
  /** Those of the default strategy that tasks are placed on. */
  readonly defaultCapacityProviders: readonly string[]
}

/** `AWS::ECS::CapacityProvider`: which Auto Scaling group stands behind a name. */
export interface EcsCapacityProvider extends InventoryResource {
  readonly name: string
  readonly autoScalingGroupArn: Fact<string>
}
