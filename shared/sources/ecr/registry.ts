import {
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetAccountSettingCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetSigningConfigurationCommand,
} from '@aws-sdk/client-ecr'
import { pullThroughCacheRuleArn } from '../../inventory/ecr-pull-through-cache.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import {
  type Answer,
  ask,
  askPages,
  covered,
  gapsOf,
  joinReadings,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
  unlisted,
} from '../reading.ts'
import type { EcrType } from './permissions.ts'
import { type EcrReader, ecrArn } from './reader.ts'

/** The registry-wide resource types. */
export type RegistryType = Exclude<EcrType, 'AWS::ECR::Repository'>

const readers: { readonly [T in RegistryType]: (reader: EcrReader) => Promise<Reading> } = {
  'AWS::ECR::RegistryPolicy': readRegistryPolicy,
  'AWS::ECR::RegistryScanningConfiguration': readScanning,
  'AWS::ECR::SigningConfiguration': readSigning,
  'AWS::ECR::PullThroughCacheRule': readPullThroughCacheRules,
  'AWS::ECR::RepositoryCreationTemplate': readCreationTemplates,
}

/** Reads the registry-wide settings of the given types; each that cannot be read is a gap of its own. */
export async function readRegistry(
  reader: EcrReader,
  types: readonly RegistryType[] = Object.keys(readers) as RegistryType[],
): Promise<Reading> {
  const readings = await Promise.all(types.map((type) => readers[type](reader)))
  return joinReadings(readings)
}

async function readRegistryPolicy(reader: EcrReader): Promise<Reading> {
  const type = 'AWS::ECR::RegistryPolicy'
  const policy = await ask(
    reader,
    'ecr:GetRegistryPolicy',
    'RegistryPolicyNotFoundException',
    (abortSignal) => reader.client.send(new GetRegistryPolicyCommand({}), { abortSignal }),
    (output) => needText(output.policyText, 'policyText'),
  )
  if (policy.state !== 'known') return settled(reader, type, policy, () => [])
  const scope = await ask(
    reader,
    'ecr:GetAccountSetting',
    undefined,
    (abortSignal) =>
      reader.client.send(new GetAccountSettingCommand({ name: 'REGISTRY_POLICY_SCOPE' }), { abortSignal }),
    (output) => needText(output.value, 'value'),
  )
  const arn = ecrArn(reader, `registry/${reader.accountId}`)
  const item = rawItem(
    reader,
    type,
    { id: reader.accountId, arn },
    { RegistryId: reader.accountId, PolicyText: policy.value },
    scope.state === 'known' ? { policyScope: scope.value } : {},
  )
  return { items: [item], coverage: [covered(reader, type)], gaps: gapsOf(scope, type, arn) }
}

async function readScanning(reader: EcrReader): Promise<Reading> {
  const type = 'AWS::ECR::RegistryScanningConfiguration'
  const answer = await ask(
    reader,
    'ecr:GetRegistryScanningConfiguration',
    undefined,
    (abortSignal) => reader.client.send(new GetRegistryScanningConfigurationCommand({}), { abortSignal }),
    ({ scanningConfiguration }) => ({
      RegistryId: reader.accountId,
      ScanType: needText(scanningConfiguration?.scanType, 'scanType'),
      Rules: needList(scanningConfiguration?.rules, 'rules').map((rule) => ({
        ScanFrequency: needText(rule.scanFrequency, 'scanFrequency'),
        RepositoryFilters: filtersOf(needList(rule.repositoryFilters, 'repositoryFilters')),
      })),
    }),
  )
  return settled(reader, type, answer, (configuration) => [registryItem(reader, type, configuration)])
}

async function readSigning(reader: EcrReader): Promise<Reading> {
  const type = 'AWS::ECR::SigningConfiguration'
  const answer = await ask(
    reader,
    'ecr:GetSigningConfiguration',
    'SigningConfigurationNotFoundException',
    (abortSignal) => reader.client.send(new GetSigningConfigurationCommand({}), { abortSignal }),
    ({ signingConfiguration }) => ({
      RegistryId: reader.accountId,
      Rules: needList(signingConfiguration?.rules, 'rules').map((rule) => ({
        SigningProfileArn: needText(rule.signingProfileArn, 'signingProfileArn'),
        RepositoryFilters: filtersOf(rule.repositoryFilters ?? []),
      })),
    }),
  )
  return settled(reader, type, answer, (configuration) => [registryItem(reader, type, configuration)])
}

async function readPullThroughCacheRules(reader: EcrReader): Promise<Reading> {
  const type = 'AWS::ECR::PullThroughCacheRule'
  const answer = await askPages(
    reader,
    'ecr:DescribePullThroughCacheRules',
    undefined,
    async (nextToken, abortSignal) => {
      const output = await reader.client.send(new DescribePullThroughCacheRulesCommand(page(nextToken)), {
        abortSignal,
      })
      const entries = needList(output.pullThroughCacheRules, 'pullThroughCacheRules').map((rule) => {
        const prefix = needText(rule.ecrRepositoryPrefix, 'ecrRepositoryPrefix')
        const configuration = present({
          EcrRepositoryPrefix: prefix,
          UpstreamRegistryUrl: needText(rule.upstreamRegistryUrl, 'upstreamRegistryUrl'),
          UpstreamRegistry: rule.upstreamRegistry,
          CredentialArn: rule.credentialArn,
          CustomRoleArn: rule.customRoleArn,
          UpstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
        })
        return rawItem(reader, type, { id: prefix, arn: pullThroughCacheRuleArn(reader, prefix) }, configuration)
      })
      return { entries, nextToken: output.nextToken }
    },
  )
  return settled(reader, type, answer, (items) => items)
}

async function readCreationTemplates(reader: EcrReader): Promise<Reading> {
  const type = 'AWS::ECR::RepositoryCreationTemplate'
  const answer = await askPages(
    reader,
    'ecr:DescribeRepositoryCreationTemplates',
    undefined,
    async (nextToken, abortSignal) => {
      const command = new DescribeRepositoryCreationTemplatesCommand(page(nextToken))
      const output = await reader.client.send(command, { abortSignal })
      const entries = needList(output.repositoryCreationTemplates, 'repositoryCreationTemplates').map((template) => {
        const prefix = needText(template.prefix, 'prefix')
        const configuration = present({
          Prefix: prefix,
          AppliedFor: needList(template.appliedFor, 'appliedFor').map(String),
          ImageTagMutability: template.imageTagMutability,
          RepositoryPolicy: template.repositoryPolicy,
          LifecyclePolicy: template.lifecyclePolicy,
          CustomRoleArn: template.customRoleArn,
        })
        return rawItem(
          reader,
          type,
          { id: prefix, arn: ecrArn(reader, `repository-creation-template/${prefix}`) },
          configuration,
        )
      })
      return { entries, nextToken: output.nextToken }
    },
  )
  return settled(reader, type, answer, (items) => items)
}

function page(nextToken: string | undefined): { maxResults: number; nextToken?: string } {
  return nextToken === undefined ? { maxResults: 100 } : { maxResults: 100, nextToken }
}

function settled<T>(
  reader: EcrReader,
  type: RegistryType,
  answer: Answer<T>,
  itemsOf: (value: T) => readonly JsonObject[],
): Reading {
  switch (answer.state) {
    case 'known':
      return { items: itemsOf(answer.value), coverage: [covered(reader, type)], gaps: [] }
    case 'absent':
      return { items: [], coverage: [covered(reader, type)], gaps: [] }
    case 'unknown':
      return unlisted(reader, [type], answer)
  }
}

function registryItem(reader: EcrReader, type: RegistryType, configuration: JsonObject): JsonObject {
  const kind = type === 'AWS::ECR::SigningConfiguration' ? 'signing-configuration' : 'registry-scanning-configuration'
  const identity = { id: reader.accountId, arn: ecrArn(reader, `${kind}/${reader.accountId}`) }
  return rawItem(reader, type, identity, configuration)
}

function filtersOf(
  filters: readonly { readonly filter?: string | undefined; readonly filterType?: string | undefined }[],
): readonly JsonObject[] {
  return filters.map((filter) => {
    if (filter.filter === undefined) throw new MalformedAnswer('filter without text')
    return { Filter: filter.filter, FilterType: needText(filter.filterType, 'filterType') }
  })
}
