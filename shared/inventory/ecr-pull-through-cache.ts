import { isAccountId, partitionOf } from '../model/arn.ts'
import { absent, type Fact, known, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { PullThroughCacheRule } from './ecr.ts'
import { property, stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/**
 * The typed view of an `AWS::ECR::PullThroughCacheRule` item. AWS Config promises only prefix and URL; a source that also
 * states `UpstreamRegistry` has read the rule itself, so that what it leaves out is absent and not merely unrecorded.
 */
export function pullThroughCacheRuleOf(item: ConfigurationItem): PullThroughCacheRule {
  const { configuration } = item
  const upstreamRegistryUrl = stringProperty(configuration, 'UpstreamRegistryUrl') ?? ''
  const stated = stringProperty(configuration, 'UpstreamRegistry') ?? wellKnownRegistry(upstreamRegistryUrl)
  const prefix = stringProperty(configuration, 'EcrRepositoryPrefix') ?? item.resourceId
  const resource = resourceOfItem(item)
  // What AWS Config writes as the ARN of a rule is not documented: our own form keeps finding ids the same everywhere.
  const arn = pullThroughCacheRuleArn(item, prefix)
  return {
    ...resource,
    ref: { ...resource.ref, arn },
    prefix,
    upstreamRegistryUrl,
    upstreamRegistry:
      stated === undefined ? unknown(`the upstream registry of ${named(item)} is missing`) : known(stated),
    credentialArn: recordedText(item, 'CredentialArn', 'credential'),
    customRoleArn: recordedText(item, 'CustomRoleArn', 'custom role'),
  }
}

/**
 * `arn:<partition>:ecr:<region>:<account>:pull-through-cache-rule/<prefix>`: our name for a rule, for which ECR has no ARN.
 * Every source uses it, so that a rule's findings have the same id wherever it was read.
 */
export function pullThroughCacheRuleArn({ accountId, region }: Scope, prefix: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${accountId}:pull-through-cache-rule/${prefix}`
}

function recordedText(item: ConfigurationItem, key: string, what: string): Fact<string> {
  const value = stringProperty(item.configuration, key)
  if (value !== undefined) return known(value)
  if (property(item.configuration, 'UpstreamRegistry') !== undefined) return absent()
  return unknown(`the ${what} of ${named(item)} is not recorded`)
}

function named(item: ConfigurationItem): string {
  return `the pull-through cache rule ${item.arn}`
}

/** The name ECR gives the registry behind an upstream URL, when the URL alone decides it. */
function wellKnownRegistry(url: string): string | undefined {
  const host = url.replace(/^https?:\/\//, '').split('/')[0] ?? ''
  const exact = registryOfHost.get(host)
  if (exact !== undefined) return exact
  if (host.endsWith('.azurecr.io')) return 'azure-container-registry'
  const [accountId = '', service, ecr] = host.split('.')
  return isAccountId(accountId) && service === 'dkr' && ecr === 'ecr' ? 'ecr' : undefined
}

const registryOfHost: ReadonlyMap<string, string> = new Map([
  ['public.ecr.aws', 'ecr-public'],
  ['registry-1.docker.io', 'docker-hub'],
  ['quay.io', 'quay'],
  ['ghcr.io', 'github-container-registry'],
  ['registry.k8s.io', 'k8s'],
  ['registry.gitlab.com', 'gitlab-container-registry'],
  ['cgr.dev', 'chainguard'],
])
