import type { ReadPermission } from '../permission.ts'

/** Every action of this source but `sts:GetCallerIdentity`, which nobody needs a permission for. No type is read with it. */
export const permissions = [
  { action: 'ec2:DescribeRegions', resource: '*', reads: [] },
] as const satisfies readonly ReadPermission[]
