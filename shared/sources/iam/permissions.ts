import type { ReadPermission } from '../permission.ts'

const role = ['AWS::IAM::Role'] as const
const policy = ['AWS::IAM::Policy', 'AWS::IAM::Role'] as const

/** Every IAM action of this source. `policy` is one of the account or, unless a capture stands for them, one of AWS's own. */
export const permissions = [
  { action: 'iam:GetAccountAuthorizationDetails', resource: '*', reads: policy },
  { action: 'iam:GetRole', resource: 'role', reads: role },
  { action: 'iam:ListRolePolicies', resource: 'role', reads: role },
  { action: 'iam:GetRolePolicy', resource: 'role', reads: role },
  { action: 'iam:ListAttachedRolePolicies', resource: 'role', reads: role },
  { action: 'iam:GetPolicy', resource: 'policy', reads: policy },
  { action: 'iam:GetPolicyVersion', resource: 'policy', reads: policy },
] as const satisfies readonly ReadPermission[]

/** What only a function asks that is told of a changed policy: which roles hold it. */
export const holderPermissions = [
  { action: 'iam:ListEntitiesForPolicy', resource: 'policy', reads: role },
] as const satisfies readonly ReadPermission[]
