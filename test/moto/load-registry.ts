import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  ECRClient,
  PutLifecyclePolicyCommand,
  PutRegistryPolicyCommand,
  PutRegistryScanningConfigurationCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { apiWords, ofType, type Place, put, textOf } from './load-place.ts'

/** Puts repositories and the settings of the registry into moto. */
export async function loadRegistry(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const ecr = new ECRClient({ ...place, maxAttempts: 1 })
  for (const item of ofType(items, 'AWS::ECR::Repository')) await loadRepository(place, ecr, item)
  for (const item of ofType(items, 'AWS::ECR::RegistryPolicy')) await loadRegistryPolicy(place, ecr, item)
  for (const { arn, configuration } of ofType(items, 'AWS::ECR::RegistryScanningConfiguration')) {
    const input = apiWords(configuration)
    await put(place, `scanning ${arn}`, () => ecr.send(new PutRegistryScanningConfigurationCommand(input)))
  }
}

async function loadRepository(place: Place, ecr: ECRClient, item: ConfigurationItem): Promise<void> {
  const { arn, configuration } = item
  const words = apiWords(configuration)
  const repositoryName: string = words.repositoryName
  const input: CreateRepositoryCommandInput = {
    repositoryName,
    imageTagMutability: words.imageTagMutability,
    imageTagMutabilityExclusionFilters: words.imageTagMutabilityExclusionFilters?.map(exclusionFilter),
    imageScanningConfiguration: words.imageScanningConfiguration,
    encryptionConfiguration: words.encryptionConfiguration,
  }
  if (!(await put(place, `repository ${arn}`, () => ecr.send(new CreateRepositoryCommand(input))))) return
  const policy = configuration.RepositoryPolicyText
  if (isDocument(policy)) {
    const policyText = textOf(policy)
    await put(place, `policy ${arn}`, () =>
      ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText, force: true })),
    )
  }
  const lifecyclePolicyText = words.lifecyclePolicy?.lifecyclePolicyText
  if (isDocument(lifecyclePolicyText)) {
    await put(place, `lifecycle ${arn}`, () =>
      ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: textOf(lifecyclePolicyText) })),
    )
  }
}

// biome-ignore lint/suspicious/noExplicitAny: items hold what AWS Config wrote
function exclusionFilter(filter: any) {
  const { imageTagMutabilityExclusionFilterType: filterType, imageTagMutabilityExclusionFilterValue: value } = filter
  return { filterType, filter: value }
}

/** moto refuses policies on pull through cache rules and knows no scope: then the overlay answers for it. */
async function loadRegistryPolicy(place: Place, ecr: ECRClient, item: ConfigurationItem): Promise<void> {
  const { accountId, region, overlay } = place
  const { services } = overlay.world(accountId, region).state
  const policyText = textOf(item.configuration.PolicyText)
  const scope = item.supplementaryConfiguration.policyScope
  if (scope !== undefined) services.set('ecr:GetAccountSetting', (_, { name }) => ({ name, value: scope }))
  const taken = await put(place, `registry policy ${item.arn}`, () =>
    ecr.send(new PutRegistryPolicyCommand({ policyText })),
  )
  if (!taken) services.set('ecr:GetRegistryPolicy', () => ({ registryId: accountId, policyText }))
}

function isDocument(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
}
