import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'
import type { InventoryResource } from './inventory.ts'

/** `AWS::IAM::Role`. */
export interface Role extends InventoryResource {
  readonly name: string
  /** `AROA…`; undefined when the source did not say. */
  readonly roleId: string | undefined
  /** `/` or `/team/`. */
  readonly path: string
  /** Never absent in AWS: a missing one is unknown. */
  readonly trustPolicy: Fact<PolicySource>
  readonly inlinePolicies: Fact<readonly InlinePolicy[]>
  readonly attachedPolicies: Fact<readonly AttachedPolicy[]>
  /** ARN of the boundary; absent when none is set. */
  readonly permissionsBoundary: Fact<string>
  readonly tags: ReadonlyMap<string, string>
}

/** A policy embedded in a role. */
export interface InlinePolicy {
  readonly name: string
  /** Absent: an empty document, which grants nothing. */
  readonly document: Fact<PolicySource>
}

/** A managed policy attached to a role. */
export interface AttachedPolicy {
  readonly arn: string
  readonly name: string
}

/** `AWS::IAM::Policy`, its default version; of customers, and of AWS where a source carries them. */
export interface ManagedPolicy extends InventoryResource {
  readonly name: string
  readonly versionId: string | undefined
  readonly document: Fact<PolicySource>
}

/** `AWS::IAM::InstanceProfile`. */
export interface InstanceProfile extends InventoryResource {
  readonly name: string
  /** Role names or ARNs, at most one in AWS. */
  readonly roles: Fact<readonly string[]>
}
