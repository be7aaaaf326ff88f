import type { ReadPermission } from '../permission.ts'

/** Every IAM action of this source. */
export const permissions = [
  { action: 'ecr:DescribeRegistry', resource: '*', reads: ['AWS::ECR::ReplicationConfiguration'] },
] as const satisfies readonly ReadPermission[]
