import type { ReadPermission } from '../permission.ts'

const zone = ['AWS::Route53::HostedZone'] as const

/** Every Route 53 action of this source. To list the zones of a VPC, Route 53 wants to see that the caller may describe VPCs. */
export const permissions = [
  { action: 'route53:ListHostedZonesByVPC', resource: '*', reads: zone },
  // Hosted zones have no account in their ARN: a pattern would say no more.
  { action: 'route53:ListResourceRecordSets', resource: '*', reads: zone },
  { action: 'ec2:DescribeVpcs', resource: '*', reads: zone },
] as const satisfies readonly ReadPermission[]
