import type { ReadPermission } from '../permission.ts'

const all = ['AWS::EKS::Cluster', 'AWS::EKS::Nodegroup', 'AWS::EKS::FargateProfile'] as const
const nodegroup = ['AWS::EKS::Nodegroup'] as const
const profile = ['AWS::EKS::FargateProfile'] as const

/** Every EKS action of this source. */
export const permissions = [
  { action: 'eks:ListClusters', resource: '*', reads: all },
  { action: 'eks:DescribeCluster', resource: 'eks-cluster', reads: ['AWS::EKS::Cluster', 'AWS::EKS::Nodegroup'] },
  { action: 'eks:ListNodegroups', resource: 'eks-cluster', reads: nodegroup },
  { action: 'eks:DescribeNodegroup', resource: 'eks-nodegroup', reads: nodegroup },
  { action: 'eks:ListFargateProfiles', resource: 'eks-cluster', reads: profile },
  { action: 'eks:DescribeFargateProfile', resource: 'eks-fargate-profile', reads: profile },
] as const satisfies readonly ReadPermission[]
