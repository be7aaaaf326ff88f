import type { NetworkType } from '../../shared/inventory/network.ts'

const networkTypes = {
  'AWS::EC2::DHCPOptions': true,
  'AWS::EC2::EgressOnlyInternetGateway': true,
  'AWS::EC2::InternetGateway': true,
  'AWS::EC2::NatGateway': true,
  'AWS::EC2::NetworkAcl': true,
  'AWS::EC2::NetworkInterface': true,
  'AWS::EC2::PrefixList': true,
  'AWS::EC2::RouteTable': true,
  'AWS::EC2::SecurityGroup': true,
  'AWS::EC2::Subnet': true,
  'AWS::EC2::VPC': true,
  'AWS::EC2::VPCEndpoint': true,
  'AWS::Route53::HostedZone': true,
  'AWS::Route53Profiles::ProfileAssociation': true,
} as const satisfies Record<NetworkType, true>

/** What a path through a network, and the workloads that may be asked for, are read from. */
export const wantedTypes: ReadonlySet<string> = new Set([
  ...Object.keys(networkTypes),
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::Route53Profiles::ProfileResourceAssociation',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::LaunchTemplate',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::EKS::Cluster',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::Nodegroup',
  'AWS::IAM::InstanceProfile',
  'AWS::ECR::Repository',
  'AWS::IAM::Role',
  'AWS::Organizations::Account',
  'AWS::Organizations::Organization',
  'AWS::Organizations::OrganizationalUnit',
])
