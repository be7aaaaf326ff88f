import {
  BatchGetAggregateResourceConfigCommand,
  DescribeComplianceByConfigRuleCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
  DescribeConfigurationAggregatorSourcesStatusCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  ListAggregateDiscoveredResourcesCommand,
  ListDiscoveredResourcesCommand,
  SelectAggregateResourceConfigCommand,
  SelectResourceConfigCommand,
} from '@aws-sdk/client-config-service'
import { DescribeHubCommand, GetFindingsCommand } from '@aws-sdk/client-securityhub'
import { probe, probeName } from './probe.ts'

const repository = 'AWS::ECR::Repository'
const Expression = `SELECT resourceId WHERE resourceType = '${repository}'`
const noAggregator = 'NoSuchConfigurationAggregatorException'
const aggregator = { ConfigurationAggregatorName: probeName }

/** What AWS Config records, of one account and region. */
export const configProbes = {
  'config:DescribeConfigurationRecorders': probe(({ clients, options }) =>
    clients.config.send(new DescribeConfigurationRecordersCommand(), options),
  ),
  'config:DescribeConfigurationRecorderStatus': probe(({ clients, options }) =>
    clients.config.send(new DescribeConfigurationRecorderStatusCommand(), options),
  ),
  'config:SelectResourceConfig': probe(({ clients, options }) =>
    clients.config.send(new SelectResourceConfigCommand({ Expression, Limit: 1 }), options),
  ),
  'config:ListDiscoveredResources': probe(({ clients, options }) =>
    clients.config.send(new ListDiscoveredResourcesCommand({ resourceType: repository, limit: 1 }), options),
  ),
} as const

/** What a Config aggregator holds, asked of one that does not exist. */
export const aggregatorProbes = {
  'config:DescribeConfigurationAggregatorSourcesStatus': probe(
    ({ clients, options }) =>
      clients.config.send(new DescribeConfigurationAggregatorSourcesStatusCommand(aggregator), options),
    noAggregator,
  ),
  'config:SelectAggregateResourceConfig': probe(
    ({ clients, options }) =>
      clients.config.send(new SelectAggregateResourceConfigCommand({ ...aggregator, Expression, Limit: 1 }), options),
    noAggregator,
  ),
  'config:ListAggregateDiscoveredResources': probe(
    ({ clients, options }) =>
      clients.config.send(
        new ListAggregateDiscoveredResourcesCommand({ ...aggregator, ResourceType: repository, Limit: 1 }),
        options,
      ),
    noAggregator,
  ),
  'config:BatchGetAggregateResourceConfig': probe(
    ({ accountId, region, clients, options }) =>
      clients.config.send(
        new BatchGetAggregateResourceConfigCommand({
          ...aggregator,
          ResourceIdentifiers: [
            {
              SourceAccountId: accountId,
              SourceRegion: region,
              ResourceId: probeName,
              ResourceType: repository,
            },
          ],
        }),
        options,
      ),
    noAggregator,
  ),
} as const

/** What `doctor` asks by itself. */
export const doctorProbes = {
  'config:DescribeDeliveryChannels': probe(({ clients, options }) =>
    clients.config.send(new DescribeDeliveryChannelsCommand(), options),
  ),
  'config:DescribeConfigRules': probe(({ clients, options }) =>
    clients.config.send(new DescribeConfigRulesCommand(), options),
  ),
  'config:DescribeConfigRuleEvaluationStatus': probe(
    ({ clients, options }) =>
      clients.config.send(new DescribeConfigRuleEvaluationStatusCommand({ ConfigRuleNames: [probeName] }), options),
    'NoSuchConfigRuleException',
  ),
  'config:DescribeComplianceByConfigRule': probe(({ clients, options }) =>
    clients.config.send(new DescribeComplianceByConfigRuleCommand(), options),
  ),
  'securityhub:GetFindings': probe(
    ({ clients, options }) => clients.securityHub.send(new GetFindingsCommand({ MaxResults: 1 }), options),
    'InvalidAccessException',
  ),
  // Where Security Hub is not enabled it says so only to callers it permits.
  'securityhub:DescribeHub': probe(
    ({ clients, options }) => clients.securityHub.send(new DescribeHubCommand(), options),
    'InvalidAccessException',
    'ResourceNotFoundException',
  ),
} as const
