import type { ReadPermission } from '../permission.ts'
import { queryTypes } from './expression.ts'

/** Every action of this source; the last four only when an aggregator is read. */
export const permissions = [
  { action: 'config:DescribeConfigurationRecorders', resource: 'config-recorder', reads: queryTypes },
  { action: 'config:DescribeConfigurationRecorderStatus', resource: 'config-recorder', reads: queryTypes },
  { action: 'config:SelectResourceConfig', resource: '*', reads: queryTypes },
  { action: 'config:ListDiscoveredResources', resource: '*', reads: queryTypes },
  {
    action: 'config:DescribeConfigurationAggregatorSourcesStatus',
    resource: 'config-aggregator',
    reads: queryTypes,
  },
  { action: 'config:SelectAggregateResourceConfig', resource: 'config-aggregator', reads: queryTypes },
  { action: 'config:ListAggregateDiscoveredResources', resource: 'config-aggregator', reads: queryTypes },
  { action: 'config:BatchGetAggregateResourceConfig', resource: 'config-aggregator', reads: queryTypes },
] as const satisfies readonly ReadPermission[]
