import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

export const base = 'arn:aws:eks:eu-central-1:111122223333'

/** Cluster prod with node group blue and Fargate profile default; cluster empty with neither. */
export function fillEks({ state: { eks } }: FakeAws): void {
  const roleArn = 'arn:aws:iam::111122223333:role/cluster'
  eks.clusters.push(
    {
      name: 'prod',
      arn: `${base}:cluster/prod`,
      roleArn,
      identity: { oidc: { issuer: 'https://oidc.eks.eu-central-1.amazonaws.com/id/ABC' } },
      resourcesVpcConfig: { clusterSecurityGroupId: 'sg-1' },
    },
    { name: 'empty', arn: `${base}:cluster/empty`, roleArn },
  )
  eks.nodegroups.push({
    clusterName: 'prod',
    nodegroupName: 'blue',
    nodegroupArn: `${base}:nodegroup/prod/blue/1`,
    nodeRole: 'arn:aws:iam::111122223333:role/node',
    subnets: ['subnet-1'],
    launchTemplate: { id: 'lt-1', version: '3' },
    amiType: 'AL2023_x86_64_STANDARD',
    capacityType: 'SPOT',
    labels: { team: 'a' },
  })
  eks.fargateProfiles.push({
    clusterName: 'prod',
    fargateProfileName: 'default',
    fargateProfileArn: `${base}:fargateprofile/prod/default/2`,
    podExecutionRoleArn: 'arn:aws:iam::111122223333:role/pods',
    subnets: ['subnet-2'],
    selectors: [{ namespace: 'default', labels: { app: 'x' } }],
  })
}
