import type { Fact } from '../model/fact.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::EKS::Cluster`. */
export interface EksCluster extends InventoryResource {
  readonly name: string
  readonly roleArn: string | undefined
  /** `https://oidc.eks.eu-central-1.amazonaws.com/id/…`. */
  readonly oidcIssuer: string | undefined
  /** The group EKS made for the cluster; undefined when the source did not say. */
  readonly clusterSecurityGroupId: string | undefined
  /** Subnets of the control plane's network interfaces; empty when the source did not say. */
  readonly subnetIds: readonly string[]
}

/** `AWS::EKS::Nodegroup`. AWS Config does not record it. */
export interface Nodegroup extends InventoryResource {
  readonly name: string
  readonly clusterName: string
  /** The cluster's ARN, derived from the account, region and cluster name. */
  readonly clusterArn: string
  readonly nodeRoleArn: Fact<string>
  readonly subnets: readonly string[]
  /** Groups of the nodes' primary network interfaces; undefined when the source did not say. */
  readonly securityGroupIds: readonly string[] | undefined
  /** Id or name of the customer's launch template, which may name groups of its own; undefined when there is none. */
  readonly launchTemplate: string | undefined
  /** Number of its version; undefined when the source did not say. */
  readonly launchTemplateVersion: string | undefined
  /** Kubernetes labels EKS gives the nodes besides its own; undefined when the source did not say. */
  readonly labels: ReadonlyMap<string, string> | undefined
  /** `AL2023_x86_64_STANDARD`, `BOTTLEROCKET_ARM_64`, `WINDOWS_CORE_2022_x86_64`, `CUSTOM`; undefined when the source did not say. */
  readonly amiType: string | undefined
  /** ON_DEMAND, SPOT, CAPACITY_BLOCK; undefined when the source did not say. */
  readonly capacityType: string | undefined
}

/** `AWS::EKS::FargateProfile`. */
export interface FargateProfile extends InventoryResource {
  readonly name: string
  readonly clusterName: string
  readonly podExecutionRoleArn: Fact<string>
  readonly subnets: readonly string[]
  /** Pods that match any of them run on Fargate. */
  readonly selectors: Fact<readonly PodSelector[]>
}

/** Which pods a Fargate profile takes: those of the namespace that carry every label. Both sides may hold `*` and `?`. */
export interface PodSelector {
  readonly namespace: string
  readonly labels: ReadonlyMap<string, string>
}

/** `AWS::EKS::PodIdentityAssociation`. */
export interface PodIdentityAssociation extends InventoryResource {
  readonly clusterName: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly roleArn: string
}
