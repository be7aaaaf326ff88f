import type { ReadPermission } from '../permission.ts'

/** Every action of this source. It reads tags of whatever rules judge, so it belongs to every function that judges. */
export const permissions = [
  { action: 'tag:GetResources', resource: '*', reads: [] },
] as const satisfies readonly ReadPermission[]
