import type { RequestContext } from '../conditions/context.ts'
import type { EcrActionGroup } from '../ecr-actions.ts'
import type { AccessCase, Missing, RequestPrincipal } from '../evaluate/types.ts'

/** The documents of the principal's own side. Resource policies are left out on purpose. */
export type OwnLayers = Pick<
  AccessCase,
  'identityPolicies' | 'permissionsBoundaries' | 'serviceControlPolicies' | 'managementAccountId'
>

/** A repository of the inventory. */
export interface KnownRepository {
  readonly arn: string
  readonly accountId: string
}

/** The question `registryPermissions` answers. */
export interface PermissionsInput {
  readonly layers: OwnLayers
  readonly principal: RequestPrincipal
  /** What a request for the action on the resource (`*` for registry actions) carries; must be pure. */
  readonly contextOf: (action: string, resourceArn: string) => RequestContext
  readonly repositories: readonly KnownRepository[]
  /** The principal's own account and the regions it uses. */
  readonly home: { readonly partition: string; readonly accountId: string; readonly regions: readonly string[] }
}

/** A statement of an identity policy. */
export interface IdentityStatementRef {
  readonly policy: string
  /** Position in the policy, from 1. */
  readonly position: number
  readonly sid: string | undefined
}

/** An action that one Resource pattern of one Allow statement gives, after every Deny, boundary and guardrail. */
export interface RegistryGrant {
  /** Canonical spelling, `ecr:PutImage`. */
  readonly action: string
  readonly group: EcrActionGroup
  /** The resource it was decided on: a repository of the inventory, an invented one, or `*` for registry actions. */
  readonly resource: string
  /**
   * `registry`: a repository of any name in the home account, or an action on the registry itself; `pattern`: names a
   * pattern admits, or repositories of other accounts; `repository`: one repository.
   */
  readonly scope: 'registry' | 'pattern' | 'repository'
  /** Whether `resource` lies in the home account. */
  readonly inHomeAccount: boolean
  /** The Resource pattern as written; `NotResource: …` for its complement. Untrusted text. */
  readonly pattern: string
  readonly statement: IdentityStatementRef
  /** False when something unknown decides; then `missing` names it. */
  readonly certain: boolean
  readonly missing: readonly Missing[]
}

/** What a principal may do in private registries as far as its own side decides. */
export interface RegistryPermissions {
  /**
   * For each action, statement and pattern the widest grant that is certain, and the widest uncertain one when that
   * reaches further.
   */
  readonly grants: readonly RegistryGrant[]
  /** Identity policies that cannot be read: each may grant anything that boundary and guardrails leave. */
  readonly unknownDocuments: readonly { readonly policy: string; readonly reason: string }[]
  /** What was left untried, one sentence without a full stop each: more may be granted than the answer says. */
  readonly limits: readonly string[]
}
