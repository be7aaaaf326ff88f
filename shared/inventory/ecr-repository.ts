import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue, ownBoolean, ownObject } from '../model/json.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Repository, TagMutability } from './ecr.ts'
import { repositoryImages } from './ecr-repository-images.ts'
import { tagsOfItem } from './item-tags.ts'
import { policySource } from './policy-source.ts'
import { booleanProperty, listProperty, objectProperty, property, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/**
 * The typed view of an `AWS::ECR::Repository` item. AWS Config writes `{}` (or nothing) for a policy that is not set, so
 * a missing policy is absent; any other missing property is unknown.
 */
export function repositoryOf(item: ConfigurationItem): Repository {
  const { configuration, arn } = item
  return {
    ...resourceOfItem(item),
    name: stringProperty(configuration, 'RepositoryName') ?? item.resourceName ?? item.resourceId,
    policy: policySource(property(configuration, 'RepositoryPolicyText'), `the repository policy of ${arn}`),
    lifecyclePolicy: lifecyclePolicy(property(configuration, 'LifecyclePolicy'), `the lifecycle policy of ${arn}`),
    tagMutability: tagMutability(configuration, arn),
    scanOnPush: scanOnPush(item),
    encryption: encryption(configuration, arn),
    tags: tagsOfItem(item),
    images: repositoryImages(item),
  }
}

function lifecyclePolicy(value: JsonValue | undefined, where: string): Fact<PolicySource> {
  if (!isJsonObject(value)) return policySource(value, where)
  // The text lies inside `{LifecyclePolicyText, RegistryId}`; some writers put the document itself there.
  const text = property(value, 'LifecyclePolicyText')
  return policySource(text === undefined && property(value, 'rules') !== undefined ? value : text, where)
}

function tagMutability(configuration: JsonObject, arn: string): Fact<TagMutability> {
  const setting = stringProperty(configuration, 'ImageTagMutability')
  if (setting === undefined) return unknown(`the tag mutability of ${arn} is missing`)
  const listed = listProperty(configuration, 'ImageTagMutabilityExclusionFilters')
  if (listed === undefined && setting.endsWith('_WITH_EXCLUSION')) {
    return unknown(`the tag mutability exclusion filters of ${arn} are missing`)
  }
  const exclusionFilters = (listed ?? []).map(exclusionFilter)
  if (!exclusionFilters.every((filter) => filter !== undefined)) {
    return unknown(`the tag mutability exclusion filters of ${arn} are not of a known kind`)
  }
  return known({ setting, exclusionFilters })
}

function exclusionFilter(entry: JsonValue): string | undefined {
  if (!isJsonObject(entry)) return undefined
  const type =
    stringProperty(entry, 'ImageTagMutabilityExclusionFilterType') ?? stringProperty(entry, 'FilterType') ?? 'WILDCARD'
  if (type !== 'WILDCARD') return undefined
  return stringProperty(entry, 'ImageTagMutabilityExclusionFilterValue') ?? stringProperty(entry, 'Filter')
}

function scanOnPush(item: ConfigurationItem): Fact<boolean> {
  const settings = objectProperty(item.configuration, 'ImageScanningConfiguration')
  const read = ownObject(item.supplementaryConfiguration, 'scanningConfiguration')
  const flag = (settings && booleanProperty(settings, 'ScanOnPush')) ?? (read && ownBoolean(read, 'scanOnPush'))
  return flag === undefined ? unknown(`the scan-on-push setting of ${item.arn} is missing`) : known(flag)
}

function encryption(configuration: JsonObject, arn: string): Repository['encryption'] {
  const settings = objectProperty(configuration, 'EncryptionConfiguration')
  const type = settings && stringProperty(settings, 'EncryptionType')
  if (settings === undefined || type === undefined) return unknown(`the encryption configuration of ${arn} is missing`)
  return known({ type, kmsKey: stringProperty(settings, 'KmsKey') })
}
