import type { ReadPermission } from '../permission.ts'
import { accountType, organizationType, policyType, unitType } from './reader.ts'

const all = [organizationType, accountType, unitType, policyType] as const
const tree = [accountType, unitType] as const
const policies = [policyType] as const

/** Every action of this source. Only the management account and delegated administrators may make more than the first call. */
export const permissions = [
  { action: 'organizations:DescribeOrganization', resource: '*', reads: all },
  { action: 'organizations:ListRoots', resource: '*', reads: all },
  { action: 'organizations:ListOrganizationalUnitsForParent', resource: '*', reads: tree },
  { action: 'organizations:ListAccountsForParent', resource: '*', reads: tree },
  { action: 'organizations:ListPolicies', resource: '*', reads: policies },
  { action: 'organizations:DescribePolicy', resource: '*', reads: policies },
  { action: 'organizations:ListTargetsForPolicy', resource: '*', reads: policies },
] as const satisfies readonly ReadPermission[]
