import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::ECR::Repository`. */
export interface Repository extends InventoryResource {
  readonly name: string
  /** The repository's own policy; absent when none is set. */
  readonly policy: Fact<PolicySource>
  readonly lifecyclePolicy: Fact<PolicySource>
  readonly tagMutability: Fact<TagMutability>
  /** The repository's own scan-on-push flag (deprecated by AWS in favour of the registry's rules). */
  readonly scanOnPush: Fact<boolean>
  readonly encryption: Fact<{ readonly type: string; readonly kmsKey: string | undefined }>
  /** Unknown where nobody read them, as in readings of ECR alone; known and empty when there are none. */
  readonly tags: Fact<ReadonlyMap<string, string>>
  /** All images of the repository; unknown when the source did not list them (AWS Config does not). */
  readonly images: Fact<readonly RepositoryImage[]>
}

/** An image that a repository holds, as the source that listed it wrote it down. */
export interface RepositoryImage {
  /** `sha256:…`. */
  readonly digest: string
  /** Empty for untagged images, such as the parts of a multi-platform image. */
  readonly tags: readonly string[]
  /** ISO 8601. */
  readonly pushedAt: string | undefined
  /** ACTIVE, ARCHIVED, ACTIVATING, or a value AWS adds later; undefined when the source did not say. */
  readonly status: string | undefined
  /** `linux/amd64`, `linux/arm64/v8`, `windows/amd64`; undefined when the source did not say. */
  readonly platforms: readonly string[] | undefined
  /** Findings of the last scan by severity; undefined when there was none, or the source did not say. */
  readonly findingSeverityCounts: ReadonlyMap<string, number> | undefined
}

/** `ImageTagMutability` with the filters of its exclusions. */
export interface TagMutability {
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION, or a value AWS adds later. */
  readonly setting: string
  /** Wildcard filters (`release-*`) of the tags that are the exception. */
  readonly exclusionFilters: readonly string[]
}

/** `AWS::ECR::RegistryPolicy`. */
export interface RegistryPolicy extends InventoryResource {
  readonly policy: Fact<PolicySource>
  /** V2 applies the policy to every ECR action, V1 to replication and pull-through import only. */
  readonly scope: Fact<string>
}

/** The private registry of one account and region: `AWS::::Account` to AWS Config. */
export interface Registry extends InventoryResource {
  /** Absent when the registry has none. */
  readonly policy: Fact<RegistryPolicy>
  readonly scanning: Fact<RegistryScanning>
  readonly signing: Fact<readonly SigningRule[]>
  readonly creationTemplates: Fact<readonly RepositoryCreationTemplate[]>
}

/** `AWS::ECR::RegistryScanningConfiguration`. */
export interface RegistryScanning {
  /** BASIC or ENHANCED. */
  readonly scanType: string
  readonly rules: readonly {
    /** SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL. */
    readonly frequency: string
    readonly filters: readonly RepositoryFilter[]
  }[]
}

/** A repository filter of scanning, replication or signing rules: `WILDCARD`, `WILDCARD_MATCH` or `PREFIX_MATCH`. */
export interface RepositoryFilter {
  readonly filter: string
  readonly type: string
}

/** One rule of `AWS::ECR::SigningConfiguration`; without filters it covers every repository. */
export interface SigningRule {
  readonly profileArn: string
  readonly filters: readonly RepositoryFilter[]
}

/** `AWS::ECR::RepositoryCreationTemplate`. */
export interface RepositoryCreationTemplate {
  /** A repository prefix, or `ROOT` for every prefix without a template of its own. */
  readonly prefix: string
  /** PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH. */
  readonly appliedFor: readonly string[]
  readonly policy: Fact<PolicySource>
}

/** `AWS::ECR::PullThroughCacheRule`. */
export interface PullThroughCacheRule extends InventoryResource {
  /** Repository prefix; `ROOT` caches for every prefix. */
  readonly prefix: string
  readonly upstreamRegistryUrl: string
  /** `ecr`, `ecr-public`, `docker-hub`, …; unknown when the source did not say. */
  readonly upstreamRegistry: Fact<string>
  /** Secrets Manager ARN; unknown when the source (AWS Config) does not record the property at all. */
  readonly credentialArn: Fact<string>
  /** Role for a private ECR upstream. */
  readonly customRoleArn: Fact<string>
}
