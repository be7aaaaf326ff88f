/** Every action of this source: the first by the function itself on that one role, the others by the role on that one aggregator. */
export const permissions = [
  { action: 'sts:AssumeRole', resource: 'aggregator-role' },
  { action: 'config:SelectAggregateResourceConfig', resource: 'config-aggregator' },
  { action: 'config:DescribeConfigurationAggregatorSourcesStatus', resource: 'config-aggregator' },
] as const
