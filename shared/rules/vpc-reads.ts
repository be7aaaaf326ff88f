/** Types every decision about the network of a workload rests on. */
const networkTypes = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::DHCPOptions',
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::PrefixList',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::EC2::VPCEndpoint',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::EKS::Cluster',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::Nodegroup',
  'AWS::Route53::HostedZone',
  'AWS::Route53Profiles::ProfileAssociation',
  'AWS::Route53Profiles::ProfileResourceAssociation',
] as const

/** `reads` of a rule about the ways images take: the common types and its own, sorted, each once. */
export function vpcReads(...more: readonly string[]): readonly string[] {
  return [...new Set([...networkTypes, ...more])].sort()
}

/**
 * What changes whether a workload reaches ECR: endpoints, routes, groups and network ACLs, gateways, and where workloads run.
 * Scheduled too, because hosted zones and Profiles of other accounts, and node groups, change without a Config item here.
 */
export function vpcTriggers(...calls: readonly string[]) {
  return {
    change: true,
    scheduled: true,
    calls: [
      ...['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint', 'ec2:DeleteVpcEndpoints', 'ec2:ModifyVpcAttribute'],
      ...['ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:DeleteRoute'],
      ...['ec2:AssociateRouteTable', 'ec2:DisassociateRouteTable', 'ec2:ReplaceRouteTableAssociation'],
      ...['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
      ...['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
      ...['ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
      ...['ec2:ReplaceNetworkAclAssociation', 'ec2:CreateNatGateway', 'ec2:DeleteNatGateway'],
      ...['ecs:CreateService', 'ecs:UpdateService', 'eks:CreateNodegroup', 'eks:CreateFargateProfile'],
      ...calls,
    ],
  }
}
