import type { Fact } from '../model/fact.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::EKS::Cluster`. */
export interface EksCluster extends InventoryResource {
  readonly name: string
  readonly roleArn: string | undefined
  /** `https://oidc.eks.eu-central-1.amazonaws.com/id/…`. */
  readonly oidcIssuer: string | undefined
}

/** `AWS::EKS::Nodegroup`. AWS Config does not record it. */
export interface Nodegroup extends InventoryResource {
  readonly name: string
  readonly clusterName: string
  /** The cluster's ARN, derived from the account, region and cluster name. */
  readonly clusterArn: string
  readonly nodeRoleArn: Fact<string>
  readonly subnets: readonly string[]
}

/** `AWS::EKS::FargateProfile`. */
export interface FargateProfile extends InventoryResource {
  readonly name: string
  readonly clusterName: string
  readonly podExecutionRoleArn: Fact<string>
  readonly subnets: readonly string[]
}

/** `AWS::EKS::PodIdentityAssociation`. */
export interface PodIdentityAssociation extends InventoryResource {
  readonly clusterName: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly roleArn: string
}
