import type { ReadPermission } from '../permission.ts'

/** Every STS action of this source. No type is read with them; STS answers GetCallerIdentity to everybody. */
export const permissions = [
  { action: 'sts:GetCallerIdentity', resource: '*', reads: [] },
  // Needed by the identity that enters the accounts of an organization only, for the role it is told to assume.
  { action: 'sts:AssumeRole', resource: '*', reads: [] },
] as const satisfies readonly ReadPermission[]
