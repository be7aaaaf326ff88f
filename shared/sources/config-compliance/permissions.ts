import type { ReadPermission } from '../permission.ts'

/** Every action of this source. Results of all resource types are read with it, so it belongs to every function that sweeps. */
export const permissions = [
  { action: 'config:GetComplianceDetailsByConfigRule', resource: 'config-rule', reads: [] },
  { action: 'config:GetComplianceDetailsByResource', resource: '*', reads: [] },
  { action: 'config:GetConformancePackComplianceDetails', resource: 'conformance-pack', reads: [] },
] as const satisfies readonly ReadPermission[]
