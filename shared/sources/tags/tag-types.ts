/**
 * Types whose tags can be asked for: what rules judge and can carry some. Roles are not among them, because IAM lists them with their tags
 * (and the tagging API tells of none).
 */
export const tagTypes: ReadonlySet<string> = new Set([
  'AWS::EC2::VPC',
  'AWS::ECR::Repository',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::Nodegroup',
])
