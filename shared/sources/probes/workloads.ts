import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListClustersCommand as ListEcsClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
} from '@aws-sdk/client-ecs'
import {
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand as ListEksClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks'
import { type ProbeCall, probe, probeName } from './probe.ts'

const noEcsCluster = 'ClusterNotFoundException'

/** ECS. */
export const ecsProbes = {
  'ecs:ListClusters': probe(({ clients, options }) =>
    clients.ecs.send(new ListEcsClustersCommand({ maxResults: 1 }), options),
  ),
  'ecs:DescribeClusters': probe(({ clients, options }) =>
    clients.ecs.send(new DescribeClustersCommand({ clusters: [probeName] }), options),
  ),
  'ecs:ListServices': probe(
    ({ clients, options }) => clients.ecs.send(new ListServicesCommand({ cluster: probeName, maxResults: 1 }), options),
    noEcsCluster,
  ),
  'ecs:DescribeServices': probe(
    ({ clients, options }) =>
      clients.ecs.send(new DescribeServicesCommand({ cluster: probeName, services: [probeName] }), options),
    noEcsCluster,
  ),
  'ecs:ListTaskDefinitionFamilies': probe(({ clients, options }) =>
    clients.ecs.send(new ListTaskDefinitionFamiliesCommand({ maxResults: 1 }), options),
  ),
  // ECS has no error of its own for a task definition that does not exist.
  'ecs:DescribeTaskDefinition': probe(
    ({ clients, options }) =>
      clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: probeName }), options),
    'ClientException',
  ),
  'ecs:DescribeCapacityProviders': probe(({ clients, options }) =>
    clients.ecs.send(new DescribeCapacityProvidersCommand({ maxResults: 1 }), options),
  ),
} as const

const noEksResource = 'ResourceNotFoundException'
const cluster = { clusterName: probeName }
const principal = ({ accountId, partition }: ProbeCall) => ({
  principalArn: `arn:${partition}:iam::${accountId}:role/${probeName}`,
})

/** EKS. */
export const eksProbes = {
  'eks:ListClusters': probe(({ clients, options }) =>
    clients.eks.send(new ListEksClustersCommand({ maxResults: 1 }), options),
  ),
  'eks:DescribeCluster': probe(
    ({ clients, options }) => clients.eks.send(new DescribeClusterCommand({ name: probeName }), options),
    noEksResource,
  ),
  'eks:ListNodegroups': probe(
    ({ clients, options }) => clients.eks.send(new ListNodegroupsCommand(cluster), options),
    noEksResource,
  ),
  'eks:DescribeNodegroup': probe(
    ({ clients, options }) =>
      clients.eks.send(new DescribeNodegroupCommand({ ...cluster, nodegroupName: probeName }), options),
    noEksResource,
  ),
  'eks:ListFargateProfiles': probe(
    ({ clients, options }) => clients.eks.send(new ListFargateProfilesCommand(cluster), options),
    noEksResource,
  ),
  'eks:DescribeFargateProfile': probe(
    ({ clients, options }) =>
      clients.eks.send(new DescribeFargateProfileCommand({ ...cluster, fargateProfileName: probeName }), options),
    noEksResource,
  ),
} as const

/** EKS Pod Identity, access entries and add-ons. */
export const eksAccessProbes = {
  'eks:ListPodIdentityAssociations': probe(
    ({ clients, options }) => clients.eks.send(new ListPodIdentityAssociationsCommand(cluster), options),
    noEksResource,
  ),
  'eks:DescribePodIdentityAssociation': probe(
    ({ clients, options }) =>
      clients.eks.send(
        new DescribePodIdentityAssociationCommand({ ...cluster, associationId: 'a-0000000000000000' }),
        options,
      ),
    noEksResource,
  ),
  'eks:ListAccessEntries': probe(
    ({ clients, options }) => clients.eks.send(new ListAccessEntriesCommand(cluster), options),
    noEksResource,
  ),
  'eks:DescribeAccessEntry': probe(
    (call) => call.clients.eks.send(new DescribeAccessEntryCommand({ ...cluster, ...principal(call) }), call.options),
    noEksResource,
  ),
  'eks:ListAssociatedAccessPolicies': probe(
    (call) =>
      call.clients.eks.send(new ListAssociatedAccessPoliciesCommand({ ...cluster, ...principal(call) }), call.options),
    noEksResource,
  ),
  'eks:ListAddons': probe(
    ({ clients, options }) => clients.eks.send(new ListAddonsCommand(cluster), options),
    noEksResource,
  ),
  'eks:DescribeAddon': probe(
    ({ clients, options }) => clients.eks.send(new DescribeAddonCommand({ ...cluster, addonName: 'vpc-cni' }), options),
    noEksResource,
  ),
} as const
