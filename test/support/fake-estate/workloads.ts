import { revisionOf, serviceOf } from '../../sources/ecs/account.ts'
import { addon, association, entry, policy } from '../../sources/eks-access/account.ts'
import { eksAccessService, emptyEksAccess } from '../fake-aws/eks-access.ts'
import type { FakeState } from '../fake-aws/fake-aws.ts'
import { homeAccount, homeRegion, moved } from './placed.ts'

const role = (name: string) => `arn:aws:iam::${homeAccount}:role/${name}`

/** A group of machines from a template, and in all regions but the first endpoints nobody reaches. */
export function fillMachines({ ec2, autoScaling }: FakeState, accountId: string, region: string): void {
  const template = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes' }
  const group = {
    AutoScalingGroupName: 'nodes',
    AutoScalingGroupARN: `arn:aws:autoscaling:${homeRegion}:${homeAccount}:autoScalingGroup:1:autoScalingGroupName/nodes`,
    LaunchTemplate: { ...template, Version: '$Latest' },
    VPCZoneIdentifier: 'subnet-1',
  }
  const version = {
    launchTemplateId: 'lt-1',
    launchTemplateName: 'nodes',
    versionNumber: 1,
    defaultVersion: true,
    latest: true,
    launchTemplateData: { imageId: 'ami-1', iamInstanceProfile: { name: 'nodes' } },
  }
  autoScaling.groups.push(moved(group, accountId, region))
  ec2.launchTemplateVersions.push(moved(version, accountId, region))
  const closed = ec2.securityGroups.find(({ groupId }) => groupId.startsWith('sg-endpoints'))
  if (region !== homeRegion) closed.ipPermissions = []
}

/** Cluster prod with service web on web:1. */
export function fillTasks(state: FakeState, accountId: string, region: string): void {
  const web = revisionOf('web', 1, { executionRoleArn: role('exec'), taskRoleArn: role('task') })
  const clusterArn = `arn:aws:ecs:${homeRegion}:${homeAccount}:cluster/prod`
  const awsvpcConfiguration = { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' }
  state.ecs.clusters.push(moved({ clusterArn, clusterName: 'prod', capacityProviders: ['FARGATE'] }, accountId, region))
  state.ecs.services.push(moved(serviceOf('web', { networkConfiguration: { awsvpcConfiguration } }), accountId, region))
  state.ecs.taskDefinitions.push(moved(web, accountId, region))
  state.ecs.capacityProviders.push(
    moved(
      { capacityProviderArn: `arn:aws:ecs:${homeRegion}:${homeAccount}:capacity-provider/FARGATE`, name: 'FARGATE' },
      accountId,
      region,
    ),
  )
}

/** Cluster prod with a node group, a Fargate profile, an association, an access entry and an add-on. */
export function fillEks({ eks, services }: FakeState, accountId: string, region: string): void {
  const arn = `arn:aws:eks:${homeRegion}:${homeAccount}`
  const cluster = {
    name: 'prod',
    arn: `${arn}:cluster/prod`,
    roleArn: role('cluster'),
    identity: { oidc: { issuer: `https://oidc.eks.${homeRegion}.amazonaws.com/id/ABC` } },
    resourcesVpcConfig: { clusterSecurityGroupId: 'sg-1' },
  }
  const nodegroup = {
    clusterName: 'prod',
    nodegroupName: 'blue',
    nodegroupArn: `${arn}:nodegroup/prod/blue/1`,
    nodeRole: role('node'),
    subnets: ['subnet-1'],
    amiType: 'AL2023_x86_64_STANDARD',
    capacityType: 'ON_DEMAND',
  }
  const profile = {
    clusterName: 'prod',
    fargateProfileName: 'default',
    fargateProfileArn: `${arn}:fargateprofile/prod/default/2`,
    podExecutionRoleArn: role('pods'),
    subnets: ['subnet-2'],
    selectors: [{ namespace: 'default' }],
  }
  eks.clusters.push(moved(cluster, accountId, region))
  eks.nodegroups.push(moved(nodegroup, accountId, region))
  eks.fargateProfiles.push(moved(profile, accountId, region))
  const access = emptyEksAccess()
  access.associations.push(association('prod', 'a-1'))
  access.entries.push(entry('prod', role('node'), 'EC2_LINUX', []))
  access.policies.set(`prod ${role('node')}`, [policy('AmazonEKSViewPolicy', ['shop'])])
  access.addons.push(addon('prod', 'vpc-cni', role('pods')))
  services.set('eks', eksAccessService(eks, moved(access, accountId, region)))
}
