import type { ReadPermission } from '../permission.ts'

/** Every IAM action of this source. */
export const permissions = [
  { action: 'ecr:DescribeImages', resource: 'repository', reads: ['AWS::ECR::Repository'] },
] as const satisfies readonly ReadPermission[]
