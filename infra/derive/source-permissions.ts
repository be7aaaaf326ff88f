import { permissions as ecr } from '../../shared/sources/ecr/permissions.ts'
import { permissions as ecs } from '../../shared/sources/ecs/permissions.ts'
import { permissions as eks } from '../../shared/sources/eks/permissions.ts'
import { permissions as iam } from '../../shared/sources/iam/permissions.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'

/** Every call that any live source makes. */
export const sourcePermissions: readonly ReadPermission[] = [...ecr, ...ecs, ...eks, ...iam]
