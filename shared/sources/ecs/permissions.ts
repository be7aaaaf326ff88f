import type { ReadPermission } from '../permission.ts'

const service = ['AWS::ECS::Service', 'AWS::ECS::TaskDefinition'] as const
const cluster = ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition'] as const
const definition = ['AWS::ECS::TaskDefinition'] as const

/** Every ECS action of this source. */
export const permissions = [
  { action: 'ecs:ListClusters', resource: '*', reads: cluster },
  { action: 'ecs:DescribeClusters', resource: 'ecs-cluster', reads: cluster },
  { action: 'ecs:ListServices', resource: '*', reads: service },
  { action: 'ecs:DescribeServices', resource: 'ecs-service', reads: service },
  { action: 'ecs:ListTaskDefinitionFamilies', resource: '*', reads: definition },
  { action: 'ecs:DescribeTaskDefinition', resource: '*', reads: definition },
  // Called without names to list all: a limit to ARNs would refuse the call.
  { action: 'ecs:DescribeCapacityProviders', resource: '*', reads: ['AWS::ECS::CapacityProvider'] },
] as const satisfies readonly ReadPermission[]
