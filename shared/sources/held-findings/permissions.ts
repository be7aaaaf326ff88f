import type { ReadPermission } from '../permission.ts'

/** Every action of this source. It reads findings, of whatever resources, so it belongs to every function that sweeps. */
export const permissions = [
  { action: 'securityhub:GetFindings', resource: '*', reads: [] },
] as const satisfies readonly ReadPermission[]
