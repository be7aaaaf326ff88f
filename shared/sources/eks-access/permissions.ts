import type { ReadPermission } from '../permission.ts'

const association = ['AWS::EKS::PodIdentityAssociation'] as const
const entry = ['AWS::EKS::AccessEntry'] as const
const addon = ['AWS::EKS::Addon'] as const

/** Every EKS action of this source. A cluster is described only to learn why it does not list access entries. */
export const permissions = [
  { action: 'eks:ListClusters', resource: '*', reads: [...association, ...entry, ...addon] },
  { action: 'eks:ListPodIdentityAssociations', resource: 'eks-cluster', reads: association },
  { action: 'eks:DescribePodIdentityAssociation', resource: 'eks-pod-identity-association', reads: association },
  { action: 'eks:ListAccessEntries', resource: 'eks-cluster', reads: entry },
  { action: 'eks:DescribeAccessEntry', resource: 'eks-access-entry', reads: entry },
  { action: 'eks:ListAssociatedAccessPolicies', resource: 'eks-access-entry', reads: entry },
  { action: 'eks:DescribeCluster', resource: 'eks-cluster', reads: entry },
  { action: 'eks:ListAddons', resource: 'eks-cluster', reads: addon },
  { action: 'eks:DescribeAddon', resource: 'eks-addon', reads: addon },
] as const satisfies readonly ReadPermission[]
