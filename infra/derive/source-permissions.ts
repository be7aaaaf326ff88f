import { permissions as ec2 } from '../../shared/sources/ec2/permissions.ts'
import { permissions as ecr } from '../../shared/sources/ecr/permissions.ts'
import { permissions as ecs } from '../../shared/sources/ecs/permissions.ts'
import { permissions as eks } from '../../shared/sources/eks/permissions.ts'
import { permissions as iam, holderPermissions as iamHolders } from '../../shared/sources/iam/permissions.ts'
import { permissions as instances } from '../../shared/sources/instances/permissions.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { permissions as route53 } from '../../shared/sources/route53/permissions.ts'

/** Every call that any live source makes. */
export const sourcePermissions: readonly ReadPermission[] = [
  ...ec2,
  ...ecr,
  ...ecs,
  ...eks,
  ...iam,
  ...iamHolders,
  ...instances,
  ...route53,
]
