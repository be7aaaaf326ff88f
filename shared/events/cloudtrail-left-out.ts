/** Types rules look at whose changes are not acted upon, and why. AWS Config's own triggers and the daily sweep see them. */
export const typesWithoutCall: ReadonlyMap<string, string> = new Map([
  ['AWS::AutoScaling::AutoScalingGroup', 'its calls name no VPC; workloads are read with the VPC'],
  ['AWS::EC2::LaunchTemplate', 'its calls name no VPC; workloads are read with the VPC'],
  ['AWS::EC2::VPCBlockPublicAccessExclusion', 'its calls name an exclusion, and change nothing about private ways'],
  ['AWS::ECR::SigningConfiguration', 'concerns every repository, of which there may be any number'],
  ['AWS::ECS::CapacityProvider', 'its calls name no VPC; workloads are read with the VPC'],
  ['AWS::ECS::Cluster', 'its calls name no VPC; workloads are read with the VPC'],
  [
    'AWS::EKS::Cluster',
    'concerns every node group of the cluster: AWS Config records clusters and triggers their rules',
  ],
  ['AWS::IAM::InstanceProfile', 'its calls name no node group or service'],
  ['AWS::Organizations::OrganizationalUnit', 'its calls are made in the management account'],
  ['AWS::Organizations::Policy', 'its calls are made in the management account'],
  [
    'AWS::Route53Profiles::ProfileAssociation',
    'a profile may come from another account, whose calls are not seen here',
  ],
  [
    'AWS::Route53Profiles::ProfileResourceAssociation',
    'a profile may come from another account, whose calls are not seen here',
  ],
])

/** Calls that rules say change their answer and that are not acted upon, and why. */
export const callsLeftOut: ReadonlyMap<string, string> = new Map([
  ['ecr:PutSigningConfiguration', 'concerns every repository, of which there may be any number'],
  ['ecr:DeleteSigningConfiguration', 'concerns every repository, of which there may be any number'],
])
