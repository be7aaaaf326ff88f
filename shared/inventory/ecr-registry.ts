import { partitionOf } from '../model/arn.ts'
import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { type JsonObject, ownString } from '../model/json.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type {
  Registry,
  RegistryPolicy,
  RegistryScanning,
  RepositoryCreationTemplate,
  RepositoryFilter,
  SigningRule,
} from './ecr.ts'
import type { Inventory } from './inventory.ts'
import { policySource } from './policy-source.ts'
import { convertedList, listProperty, property, stringListProperty, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::ECR::RegistryPolicy` item; a policy without its text is unknown, not empty. */
export function registryPolicyOf(item: ConfigurationItem): RegistryPolicy {
  const text = property(item.configuration, 'PolicyText')
  const scope = ownString(item.supplementaryConfiguration, 'policyScope')
  const where = `the registry policy of ${item.accountId} in ${item.region}`
  const resource = resourceOfItem(item)
  // The id of a registry policy is its account: not an ARN when the item named none.
  // What AWS Config writes as the ARN of a registry policy is not documented: our own form keeps finding ids the same everywhere.
  const arn = registryArn(item)
  return {
    ...resource,
    ref: { ...resource.ref, arn },
    policy: text === undefined ? unknown(`${where} has no text`) : policySource(text, where),
    scope: scope === undefined ? unknown(`the scope (V1 or V2) of ${where} is not recorded`) : known(scope),
  }
}

/**
 * The private registry of an account and region, put together from the listings that describe it. It is no resource of its
 * own to AWS Config, so its reference is `AWS::::Account` with the account id and the ARN of `registryArn`.
 */
export function registryOfScope(scope: Scope, listing: Inventory['listing']): Registry {
  const { accountId, region } = scope
  const first = <T>(type: string, view: (item: ConfigurationItem) => Fact<T>) => firstOf(listing(type, scope), view)
  const policyItem = first('AWS::ECR::RegistryPolicy', known)
  return {
    ref: { type: 'AWS::::Account', id: accountId, arn: registryArn(scope), accountId, region },
    observedAt: policyItem.state === 'known' ? policyItem.value.captureTime : undefined,
    policy: first('AWS::ECR::RegistryPolicy', (item) => known(registryPolicyOf(item))),
    scanning: first('AWS::ECR::RegistryScanningConfiguration', scanningOf),
    signing: first('AWS::ECR::SigningConfiguration', signingOf),
    creationTemplates: eachOf(listing('AWS::ECR::RepositoryCreationTemplate', scope), creationTemplateOf),
  }
}

/** `arn:<partition>:ecr:<region>:<account>:registry/<account>`: our name for a registry, for which AWS has no ARN. */
function registryArn({ accountId, region }: Scope): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${accountId}:registry/${accountId}`
}

/** The view of the newest item; one scope holds at most one of these types. */
function firstOf<T>(listing: Fact<readonly ConfigurationItem[]>, view: (item: ConfigurationItem) => Fact<T>): Fact<T> {
  if (listing.state !== 'known') return listing
  const newest = [...listing.value].sort((a, b) => b.captureTime.localeCompare(a.captureTime))[0]
  return newest ? carrying(view(newest), listing.assumptions) : absent(listing.assumptions)
}

/** The views of all items; the first unknown one makes the list unknown. */
function eachOf<T>(
  listing: Fact<readonly ConfigurationItem[]>,
  view: (item: ConfigurationItem) => Fact<T>,
): Fact<readonly T[]> {
  if (listing.state !== 'known') return listing
  const values: T[] = []
  for (const item of listing.value) {
    const fact = view(item)
    if (fact.state === 'unknown') return fact
    if (fact.state === 'known') values.push(fact.value)
  }
  return known(values, listing.assumptions)
}

function carrying<T>(fact: Fact<T>, assumptions: readonly string[]): Fact<T> {
  return fact.state === 'unknown' ? fact : { ...fact, assumptions: [...assumptions, ...fact.assumptions] }
}

function scanningOf(item: ConfigurationItem): Fact<RegistryScanning> {
  const scanType = stringProperty(item.configuration, 'ScanType')
  const rules = convertedList(item.configuration, 'Rules', scanningRule)
  if (scanType === undefined || rules === undefined) return unreadable('scanning configuration', item)
  return known({ scanType, rules })
}

function scanningRule(entry: JsonObject): RegistryScanning['rules'][number] | undefined {
  const frequency = stringProperty(entry, 'ScanFrequency')
  const filters = convertedList(entry, 'RepositoryFilters', repositoryFilter)
  return frequency === undefined || filters === undefined ? undefined : { frequency, filters }
}

function signingOf(item: ConfigurationItem): Fact<readonly SigningRule[]> {
  const rules = convertedList(item.configuration, 'Rules', signingRule)
  return rules === undefined ? unreadable('signing configuration', item) : known(rules)
}

function signingRule(entry: JsonObject): SigningRule | undefined {
  const profileArn = stringProperty(entry, 'SigningProfileArn')
  const unfiltered = listProperty(entry, 'RepositoryFilters') === undefined
  const filters = unfiltered ? [] : convertedList(entry, 'RepositoryFilters', repositoryFilter)
  return profileArn === undefined || filters === undefined ? undefined : { profileArn, filters }
}

function repositoryFilter(entry: JsonObject): RepositoryFilter | undefined {
  const filter = stringProperty(entry, 'Filter')
  const type = stringProperty(entry, 'FilterType')
  return filter === undefined || type === undefined ? undefined : { filter, type }
}

function creationTemplateOf(item: ConfigurationItem): Fact<RepositoryCreationTemplate> {
  const prefix = stringProperty(item.configuration, 'Prefix') ?? item.resourceId
  const appliedFor = stringListProperty(item.configuration, 'AppliedFor')
  if (appliedFor === undefined) return unreadable(`repository creation template ${prefix}`, item)
  const where = `the repository policy of creation template ${prefix} of ${item.accountId} in ${item.region}`
  return known({ prefix, appliedFor, policy: policySource(property(item.configuration, 'RepositoryPolicy'), where) })
}

function unreadable<T>(what: string, item: ConfigurationItem): Fact<T> {
  return unknown(`the ${what} of ${item.accountId} in ${item.region} is incomplete or not of a known shape`)
}
