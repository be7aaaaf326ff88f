import type { RequestContext } from '../conditions/context.ts'
import type { Policy } from '../policy/policy.ts'

/** Who makes a request. `arn` is as AWS writes it; account ids are twelve digits. */
export type RequestPrincipal =
  /** Some session of a role, its name not stated: what an auditor asks about. The ARN carries the path. */
  | { readonly kind: 'role'; readonly arn: string; readonly accountId: string }
  /** One session, `arn:aws:sts::111122223333:assumed-role/name/session`; `roleArn` when its path is known. */
  | { readonly kind: 'session'; readonly arn: string; readonly accountId: string; readonly roleArn?: string }
  | { readonly kind: 'user'; readonly arn: string; readonly accountId: string }
  /** `arn:aws:sts::111122223333:federated-user/name`. */
  | { readonly kind: 'federatedUser'; readonly arn: string; readonly accountId: string }
  /** The root user of an account. */
  | { readonly kind: 'root'; readonly arn: string; readonly accountId: string }
  /** A service with its own identity, `lambda.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' }

/** One action on one resource. `context` holds what is known; a key that is not in it is unknown. */
export interface AccessRequest {
  readonly principal: RequestPrincipal
  /** `ecr:BatchGetImage`, any case. */
  readonly action: string
  readonly resource: {
    /** An ARN, or `*` for actions without resource-level permissions. */
    readonly arn: string
    /** The account that owns it; for `*` the caller's. */
    readonly accountId: string
    /** Of an S3 object: the account that owns the bucket, when it is another one. S3 lets the owner of a bucket own all of it by default. */
    readonly bucketAccountId?: string
  }
  readonly context: RequestContext
}

/** A policy that has a say, or one we know to exist and cannot read: it may allow or deny anything. */
export type PolicyDocument =
  | { readonly state: 'known'; readonly name: string; readonly policy: Policy }
  | { readonly state: 'unknown'; readonly name: string; readonly reason: string }

/** A resource policy. */
export interface ResourcePolicyDocument {
  readonly document: PolicyDocument
  /**
   * An ECR registry policy: scope `V1` speaks of replication, import and creation only, `V2` of every action; whether a
   * V2 Allow alone opens a repository to another account is not documented. Missing for every other policy.
   */
  readonly registryScope?: 'V1' | 'V2' | 'unknown'
}

/** The policies of one organization level (root, an OU, the account): each level must allow. */
export interface GuardrailLevel {
  /** `r-…`, `ou-…` or the account id. */
  readonly orgIdentifier: string
  readonly policies: readonly PolicyDocument[]
}

/** Every policy that has a say in one request. An absent layer does not apply. */
export interface AccessCase {
  readonly request: AccessRequest
  readonly identityPolicies: readonly PolicyDocument[]
  readonly resourcePolicies?: readonly ResourcePolicyDocument[]
  /** All must allow (there is at most one in AWS; more are intersected). */
  readonly permissionsBoundaries?: readonly PolicyDocument[]
  /** All must allow. */
  readonly sessionPolicies?: readonly PolicyDocument[]
  /** Of the principal's account, root first. */
  readonly serviceControlPolicies?: readonly GuardrailLevel[]
  /** Of the resource's account, root first. `RCPFullAWSAccess` is implied. */
  readonly resourceControlPolicies?: readonly GuardrailLevel[]
  /** Of the VPC endpoint the request goes through; all must allow. */
  readonly endpointPolicies?: readonly PolicyDocument[]
  /** The management account of the organization: SCPs and RCPs do not bind it. Unset: not a party to the request. */
  readonly managementAccountId?: string
}

/** A layer of the decision. */
export type LayerName = 'identity' | 'resource' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint' | 'service'

/** What one layer says. `notApplicable`: it has no say in this request. */
export type LayerResult = 'allowed' | 'explicitlyDenied' | 'implicitlyDenied' | 'unknown' | 'notApplicable'

/** A statement that took part, and what became of it. */
export interface StatementOutcome {
  readonly policy: string
  /** Position in the policy, from 1. */
  readonly position: number
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  /** `matches`, `unknown`, or the first element that does not match. */
  readonly outcome: 'matches' | 'unknown' | 'principal' | 'action' | 'resource' | 'condition'
  /** For `condition` and `unknown`: operator and key, as written. */
  readonly on?: string
}

/** One layer with its proof. For guardrails there is one per organization level. */
export interface LayerOutcome {
  readonly layer: LayerName
  readonly orgIdentifier?: string
  readonly result: LayerResult
  /** The statement that decided; undefined for an implicit denial. */
  readonly statement?: StatementOutcome
  /** One sentence without a full stop, naming the statement or the lack of one. */
  readonly reason: string
}

/** Something that has to be supplied to turn an unknown into an answer. */
export type Missing =
  | { readonly kind: 'contextKey'; readonly key: string; readonly policy: string; readonly position: number }
  | { readonly kind: 'operator'; readonly operator: string; readonly policy: string; readonly position: number }
  | { readonly kind: 'document'; readonly policy: string; readonly reason: string }
  /** A rule of AWS that is not documented, or a fact about the principal such as the name of its session. */
  | { readonly kind: 'fact'; readonly fact: string }

/** The decision and its proof. */
export interface Decision {
  readonly decision: 'allowed' | 'explicitlyDenied' | 'implicitlyDenied' | 'unknown'
  /** The layer that decided; for `allowed` the one that granted, for `unknown` the first that is not known. */
  readonly decidedBy: LayerOutcome
  /** Every layer that has a say, in the order AWS evaluates them. */
  readonly layers: readonly LayerOutcome[]
  /** Non-empty exactly when the decision is `unknown`; sorted, without repetition. */
  readonly missing: readonly Missing[]
}
