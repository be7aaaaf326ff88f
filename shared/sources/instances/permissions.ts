import type { ReadPermission } from '../permission.ts'

/** Every action of this source; none of them takes a resource. */
export const permissions = [
  {
    action: 'autoscaling:DescribeAutoScalingGroups',
    resource: '*',
    reads: ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::LaunchTemplate'],
  },
  { action: 'ec2:DescribeLaunchTemplateVersions', resource: '*', reads: ['AWS::EC2::LaunchTemplate'] },
  { action: 'iam:ListInstanceProfiles', resource: '*', reads: ['AWS::IAM::InstanceProfile'] },
] as const satisfies readonly ReadPermission[]
