import type { ReadPermission } from '../permission.ts'

/** Every IAM action of this source. */
export const permissions = [
  { action: 'ecr:DescribeRepositories', resource: 'repository', reads: ['AWS::ECR::Repository'] },
  { action: 'ecr:GetRepositoryPolicy', resource: 'repository', reads: ['AWS::ECR::Repository'] },
  { action: 'ecr:GetLifecyclePolicy', resource: 'repository', reads: ['AWS::ECR::Repository'] },
  { action: 'ecr:GetRegistryPolicy', resource: '*', reads: ['AWS::ECR::RegistryPolicy'] },
  { action: 'ecr:GetAccountSetting', resource: '*', reads: ['AWS::ECR::RegistryPolicy'] },
  {
    action: 'ecr:GetRegistryScanningConfiguration',
    resource: '*',
    reads: ['AWS::ECR::RegistryScanningConfiguration'],
  },
  { action: 'ecr:GetSigningConfiguration', resource: '*', reads: ['AWS::ECR::SigningConfiguration'] },
  { action: 'ecr:DescribePullThroughCacheRules', resource: '*', reads: ['AWS::ECR::PullThroughCacheRule'] },
  {
    action: 'ecr:DescribeRepositoryCreationTemplates',
    resource: '*',
    reads: ['AWS::ECR::RepositoryCreationTemplate'],
  },
] as const satisfies readonly ReadPermission[]

/** Resource types this source can read. */
export type EcrType = (typeof permissions)[number]['reads'][number]

/** True for a resource type that this source can read. */
export function isEcrType(type: string): type is EcrType {
  return permissions.some((permission) => (permission.reads as readonly string[]).includes(type))
}
