/** The region AWS Config states for resources that belong to no region. */
export const globalRegion = 'global'

/** An account as its organization lists it. */
export const accountType = 'AWS::Organizations::Account'

/** The item that says what AWS Config records in an account and region. */
export const recorderType = 'AWS::Config::ConfigurationRecorder'

/** True for types whose resources belong to the account, not to a region. */
export function isGlobalType(resourceType: string): boolean {
  return resourceType.startsWith('AWS::IAM::') || isOrganizationType(resourceType)
}

/** True for types that the management account of an organization lists for all its accounts. */
export function isOrganizationType(resourceType: string): boolean {
  return resourceType.startsWith('AWS::Organizations::')
}

/** True when AWS Config is able to record the type; false for types that only a direct reading can list. */
export function isRecordable(resourceType: string): boolean {
  return recordableTypes.has(resourceType)
}

/** Types of the container-image supply path that AWS Config can record. A type missing here is treated as not recordable. */
export const recordableTypes: ReadonlySet<string> = new Set([
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::AutoScaling::LaunchConfiguration',
  'AWS::EC2::DHCPOptions',
  'AWS::EC2::EgressOnlyInternetGateway',
  'AWS::EC2::Instance',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::PrefixList',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::TransitGateway',
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCEndpointService',
  'AWS::EC2::VPCPeeringConnection',
  'AWS::ECR::PublicRepository',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::ReplicationConfiguration',
  'AWS::ECR::Repository',
  'AWS::ECR::RepositoryCreationTemplate',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::TaskSet',
  'AWS::EKS::Addon',
  'AWS::EKS::Cluster',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::IdentityProviderConfig',
  'AWS::IAM::Group',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::SAMLProvider',
  'AWS::IAM::User',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
])
