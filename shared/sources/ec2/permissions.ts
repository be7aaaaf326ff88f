import type { ReadPermission } from '../permission.ts'

const vpc = 'AWS::EC2::VPC'
const table = 'AWS::EC2::RouteTable'
const group = 'AWS::EC2::SecurityGroup'
const list = 'AWS::EC2::PrefixList'
const options = 'AWS::EC2::VPCBlockPublicAccessOptions'
const exclusion = 'AWS::EC2::VPCBlockPublicAccessExclusion'

/** Every EC2 action of this source. Descriptions take no resource, and prefix lists and shared VPCs are of other accounts. */
export const permissions = [
  { action: 'ec2:DescribeVpcs', resource: '*', reads: [vpc] },
  { action: 'ec2:DescribeVpcAttribute', resource: '*', reads: [vpc] },
  { action: 'ec2:DescribeSubnets', resource: '*', reads: ['AWS::EC2::Subnet'] },
  { action: 'ec2:DescribeRouteTables', resource: '*', reads: [table] },
  { action: 'ec2:DescribeSecurityGroups', resource: '*', reads: [group] },
  { action: 'ec2:DescribeNetworkAcls', resource: '*', reads: ['AWS::EC2::NetworkAcl'] },
  { action: 'ec2:DescribeVpcEndpoints', resource: '*', reads: ['AWS::EC2::VPCEndpoint'] },
  { action: 'ec2:DescribeNatGateways', resource: '*', reads: ['AWS::EC2::NatGateway'] },
  { action: 'ec2:DescribeInternetGateways', resource: '*', reads: ['AWS::EC2::InternetGateway'] },
  { action: 'ec2:DescribeEgressOnlyInternetGateways', resource: '*', reads: ['AWS::EC2::EgressOnlyInternetGateway'] },
  { action: 'ec2:DescribeDhcpOptions', resource: '*', reads: ['AWS::EC2::DHCPOptions'] },
  { action: 'ec2:DescribeManagedPrefixLists', resource: '*', reads: [list] },
  { action: 'ec2:GetManagedPrefixListEntries', resource: '*', reads: [list] },
  { action: 'ec2:DescribeVpcBlockPublicAccessOptions', resource: '*', reads: [options] },
  { action: 'ec2:DescribeVpcBlockPublicAccessExclusions', resource: '*', reads: [exclusion, options] },
] as const satisfies readonly ReadPermission[]
