import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home, item } from './estate.ts'

export * from './compute-builders.ts'
export * from './ecs-builders.ts'
export * from './eks-builders.ts'
export type { EstatePart } from './estate.ts'
export { elsewhere, home, inventoryOf, listedIn, notListed } from './estate.ts'
export * from './iam-builders.ts'
export * from './network-builders.ts'
export * from './network-endpoint-builders.ts'
export * from './network-filter-builders.ts'
export { homeVpc } from './network-item.ts'
export * from './network-name-builders.ts'
export * from './network-transit-builders.ts'
export * from './organization-builders.ts'
export * from './private-vpc.ts'

/** A policy document with these statements. */
export function policy(...statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements }
}

/** An Allow statement on pull actions for a principal, changed by `overrides`. */
export function allowPull(principal: JsonValue, overrides: JsonObject = {}): JsonObject {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    ...overrides,
  }
}

/** A repository; `policy` and `lifecycle` are documents, or any text to put in their place. */
export function repository(
  options: {
    readonly name?: string
    readonly policy?: JsonValue
    readonly lifecycle?: JsonValue
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'app'
  return item('AWS::ECR::Repository', name, `repository/${name}`, {
    RepositoryName: name,
    RepositoryPolicyText: asText(options.policy),
    LifecyclePolicy: options.lifecycle === undefined ? {} : { LifecyclePolicyText: asText(options.lifecycle) },
    ImageTagMutability: 'MUTABLE',
    ImageScanningConfiguration: { ScanOnPush: false },
    EncryptionConfiguration: { EncryptionType: 'AES256' },
    ...options.configuration,
  })
}

/** The registry policy; without a scope, as AWS Config records it. */
export function registryPolicy(document: JsonValue, scope?: 'V1' | 'V2'): EstatePart {
  const supplementary: JsonObject = scope === undefined ? {} : { policyScope: scope }
  const configuration = { RegistryId: home.accountId, PolicyText: document }
  return item(
    'AWS::ECR::RegistryPolicy',
    home.accountId,
    `registry-policy/${home.accountId}`,
    configuration,
    supplementary,
  )
}

/** The scanning configuration of the registry: `[frequency, ...filters]` per rule. */
export function scanning(scanType: string, ...rules: readonly (readonly [string, ...string[]])[]): EstatePart {
  return item('AWS::ECR::RegistryScanningConfiguration', home.accountId, `scanning/${home.accountId}`, {
    RegistryId: home.accountId,
    ScanType: scanType,
    Rules: rules.map(([frequency, ...filters]) => ({
      ScanFrequency: frequency,
      RepositoryFilters: filters.map((filter) => ({ Filter: filter, FilterType: 'WILDCARD' })),
    })),
  })
}

/** The signing configuration of the registry: one rule per list of filters. */
export function signing(...rules: readonly (readonly string[])[]): EstatePart {
  return item('AWS::ECR::SigningConfiguration', home.accountId, `signing/${home.accountId}`, {
    RegistryId: home.accountId,
    Rules: rules.map((filters) => ({
      SigningProfileArn: `arn:aws:signer:${home.region}:${home.accountId}:/signing-profiles/release`,
      RepositoryFilters: filters.map((filter) => ({ Filter: filter, FilterType: 'WILDCARD_MATCH' })),
    })),
  })
}

/** A pull-through cache rule with CloudFormation's properties. */
export function cacheRule(prefix: string, url: string, more: JsonObject = {}): EstatePart {
  const properties = { EcrRepositoryPrefix: prefix, UpstreamRegistryUrl: url, ...more }
  return item('AWS::ECR::PullThroughCacheRule', prefix, `pull-through-cache-rule/${prefix}`, properties)
}

/** A repository creation template applied for pull-through caches. */
export function creationTemplate(prefix: string, more: JsonObject = {}): EstatePart {
  return item('AWS::ECR::RepositoryCreationTemplate', prefix, `repository-creation-template/${prefix}`, {
    Prefix: prefix,
    AppliedFor: ['PULL_THROUGH_CACHE'],
    ...more,
  })
}

function asText(document: JsonValue | undefined): JsonValue {
  if (document === undefined) return {}
  return typeof document === 'string' ? document : JSON.stringify(document)
}
