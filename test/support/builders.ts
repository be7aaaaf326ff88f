import { buildInventory } from '../../shared/inventory/build.ts'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'

/** The account and region builders speak of. */
export const home = { accountId: '111122223333', region: 'eu-central-1' } as const

/** A part of a made-up estate: a raw item as AWS Config writes it, or a type that could not be listed. */
export type EstatePart = { readonly item: JsonObject } | { readonly notListed: string }

/** Types whose listings are complete unless a part says otherwise. */
const listedTypes = [
  'AWS::ECR::Repository',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RegistryScanningConfiguration',
  'AWS::ECR::SigningConfiguration',
  'AWS::ECR::RepositoryCreationTemplate',
] as const

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

/** A type nobody could list: everything about it is unknown. */
export function notListed(resourceType: string): EstatePart {
  return { notListed: resourceType }
}

/** The inventory of an estate, built as for a file that states its coverage. */
export function inventoryOf(parts: readonly EstatePart[]): Inventory {
  const unlisted = new Set(parts.flatMap((part) => ('notListed' in part ? [part.notListed] : [])))
  return buildInventory({
    items: parts.flatMap((part) => ('item' in part ? [normalized(part.item)] : [])),
    types: listedTypes,
    coverage: listedTypes.map((resourceType): CoverageEntry => {
      return unlisted.has(resourceType)
        ? { ...home, resourceType, status: 'unknown', reason: `${resourceType} could not be listed` }
        : { ...home, resourceType, status: 'known' }
    }),
    assumeRecorded: true,
  })
}

function normalized(raw: JsonObject): ConfigurationItem {
  const answer = normalizeItem(raw)
  if (!answer.ok || answer.deleted) throw new Error(`not a live item: ${JSON.stringify(answer)}`)
  return answer.item
}

function asText(document: JsonValue | undefined): JsonValue {
  if (document === undefined) return {}
  return typeof document === 'string' ? document : JSON.stringify(document)
}

function item(
  type: string,
  id: string,
  resource: string,
  configuration: JsonObject,
  supplementaryConfiguration: JsonObject = {},
): EstatePart {
  const raw = {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    awsAccountId: home.accountId,
    awsRegion: home.region,
    resourceType: type,
    resourceId: id,
    resourceName: id,
    ARN: `arn:aws:ecr:${home.region}:${home.accountId}:${resource}`,
    tags: {},
    configuration,
    supplementaryConfiguration,
  }
  return { item: raw }
}
