import { permissions as ofNetworks } from '../sources/ec2/permissions.ts'
import { permissions as ofRegistry } from '../sources/ecr/permissions.ts'
import { permissions as ofImages } from '../sources/ecr-images/permissions.ts'
import { permissions as ofEcs } from '../sources/ecs/permissions.ts'
import { permissions as ofRoles } from '../sources/iam/permissions.ts'
import { permissions as ofInstances } from '../sources/instances/permissions.ts'
import type { ReadPermission } from '../sources/permission.ts'
import { permissions as ofZones } from '../sources/route53/permissions.ts'

/** Calls of the sources that pull-failure does not make: it reads what one workload names, and lists nothing. */
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
  // The memory of the function: which of its findings are open.
  { action: 'securityhub:GetFindings', resource: '*', reads: [] },
]

/** Every call by which the function pull-failure reads, and what it needs. Findings are written by a sink. */
export const permissions: readonly ReadPermission[] = [
  ...own,
  ...[...ofNetworks, ...ofRegistry, ...ofImages, ...ofEcs, ...ofRoles, ...ofInstances, ...ofZones].filter(
    ({ action }) => !uncalled.has(action),
  ),
]
