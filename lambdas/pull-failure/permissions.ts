import { permissions as ofNetworks } from '../../shared/sources/ec2/permissions.ts'
import { permissions as ofRegistry } from '../../shared/sources/ecr/permissions.ts'
import { permissions as ofImages } from '../../shared/sources/ecr-images/permissions.ts'
import { permissions as ofEcs } from '../../shared/sources/ecs/permissions.ts'
import { permissions as ofRoles } from '../../shared/sources/iam/permissions.ts'
import { permissions as ofInstances } from '../../shared/sources/instances/permissions.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { permissions as ofZones } from '../../shared/sources/route53/permissions.ts'

/** Calls of the sources that nothing here makes: this function reads what one workload names, and lists nothing. */
const uncalled: ReadonlySet<string> = new Set([
  'ecr:GetRegistryScanningConfiguration',
  'ecr:GetSigningConfiguration',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTaskDefinitionFamilies',
  'iam:GetAccountAuthorizationDetails',
])

const own: readonly ReadPermission[] = [
  // Tasks have ids that nobody knows beforehand, and their cluster is whichever one an event names.
  { action: 'ecs:ListTasks', resource: '*', reads: ['AWS::ECS::Service'] },
  { action: 'ecs:DescribeTasks', resource: '*', reads: ['AWS::ECS::Service'] },
  // The memory of this function: which of its findings are open.
  { action: 'securityhub:GetFindings', resource: '*', reads: [] },
]

/** Every call that reads, and what it needs. Findings are written by the sink. */
export const permissions: readonly ReadPermission[] = [
  ...own,
  ...[...ofNetworks, ...ofRegistry, ...ofImages, ...ofEcs, ...ofRoles, ...ofInstances, ...ofZones].filter(
    ({ action }) => !uncalled.has(action),
  ),
]
