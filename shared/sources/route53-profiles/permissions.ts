import type { ReadPermission } from '../permission.ts'

const association = 'AWS::Route53Profiles::ProfileAssociation'
const resource = 'AWS::Route53Profiles::ProfileResourceAssociation'

/** Every Route 53 Profiles action of this source; AWS limits neither to a resource. */
export const permissions = [
  { action: 'route53profiles:ListProfileAssociations', resource: '*', reads: [association, resource] },
  { action: 'route53profiles:ListProfileResourceAssociations', resource: '*', reads: [resource] },
] as const satisfies readonly ReadPermission[]
