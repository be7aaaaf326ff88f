import {
  DescribeImagesCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetAccountSettingCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
} from '@aws-sdk/client-ecr'
import { probe, probeName } from './probe.ts'

const noRepository = 'RepositoryNotFoundException'
const repository = { repositoryName: probeName }

/** ECR. */
export const ecrProbes = {
  'ecr:DescribeRepositories': probe(({ clients, options }) =>
    clients.ecr.send(new DescribeRepositoriesCommand({ maxResults: 1 }), options),
  ),
  'ecr:GetRepositoryPolicy': probe(
    ({ clients, options }) => clients.ecr.send(new GetRepositoryPolicyCommand(repository), options),
    noRepository,
    'RepositoryPolicyNotFoundException',
  ),
  'ecr:GetLifecyclePolicy': probe(
    ({ clients, options }) => clients.ecr.send(new GetLifecyclePolicyCommand(repository), options),
    noRepository,
    'LifecyclePolicyNotFoundException',
  ),
  'ecr:DescribeImages': probe(
    ({ clients, options }) => clients.ecr.send(new DescribeImagesCommand({ ...repository, maxResults: 1 }), options),
    noRepository,
  ),
  'ecr:GetRegistryPolicy': probe(
    ({ clients, options }) => clients.ecr.send(new GetRegistryPolicyCommand(), options),
    'RegistryPolicyNotFoundException',
  ),
  'ecr:GetAccountSetting': probe(({ clients, options }) =>
    clients.ecr.send(new GetAccountSettingCommand({ name: 'REGISTRY_POLICY_SCOPE' }), options),
  ),
  'ecr:GetRegistryScanningConfiguration': probe(({ clients, options }) =>
    clients.ecr.send(new GetRegistryScanningConfigurationCommand(), options),
  ),
  'ecr:GetSigningConfiguration': probe(
    ({ clients, options }) => clients.ecr.send(new GetSigningConfigurationCommand(), options),
    'SigningConfigurationNotFoundException',
  ),
  'ecr:DescribePullThroughCacheRules': probe(({ clients, options }) =>
    clients.ecr.send(new DescribePullThroughCacheRulesCommand({ maxResults: 1 }), options),
  ),
  'ecr:DescribeRepositoryCreationTemplates': probe(({ clients, options }) =>
    clients.ecr.send(new DescribeRepositoryCreationTemplatesCommand({ maxResults: 1 }), options),
  ),
  'ecr:DescribeRegistry': probe(({ clients, options }) => clients.ecr.send(new DescribeRegistryCommand(), options)),
} as const
