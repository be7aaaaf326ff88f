/** Who a grant reaches, from the widest to the narrowest. */
export type Audience = 'anyone' | 'external' | 'organization' | 'trusted' | 'own' | 'service'

/** Which statement of which document: evidence for a person and for a fix. */
export interface StatementRef {
  readonly document: 'repository policy' | 'registry policy'
  /** Position in the document, from 1. */
  readonly position: number
  readonly sid: string | undefined
}

/** One audience that a statement lets do something, after conditions and Deny statements were evaluated. */
export interface AccessGrant {
  readonly audience: Audience
  /** As a person would say it: `*`, `222233334444`, an ARN, `lambda.amazonaws.com`, `organization o-…`. Untrusted text. */
  readonly principal: string
  /** Account of the principal when it has one. */
  readonly accountId: string | undefined
  /** True when the principal is the whole account (root ARN or account id), not one role or user. */
  readonly wholeAccount: boolean
  /** ECR actions of the private registry that remain allowed, canonical spelling (`ecr:BatchGetImage`), sorted. */
  readonly actions: readonly string[]
  readonly statement: StatementRef
  /**
   * Empty when the grant is certain. Otherwise what could not be decided and was counted as *could allow*:
   * "condition operator StringFoo", "condition key aws:Foo/Bar".
   */
  readonly uncertain: readonly string[]
  /**
   * Facts we do not have that decide whose access this is: "owner of vpce-0abc… is not known". Whoever supplies them
   * may turn the grant into one of another audience.
   */
  readonly missing: readonly string[]
  /** Present when the search for who is let in was given up: whether there is anyone is not known, and `missing` says so. */
  readonly unsearched?: true
  /** Present when nobody can say whether the account is a member of the organization: the grant may be one of that audience. */
  readonly maybeMember?: true
  /**
   * Present when the principal is whoever comes through endpoints of somebody: the audience is that of who owns the endpoints, and
   * nothing says whose callers those are.
   */
  readonly anyCaller?: true
  /** Conditions that narrow the grant without changing its audience, one sentence each. */
  readonly narrowedBy: readonly string[]
  /** Service principals: true when aws:SourceArn, SourceAccount, SourceOrgID or SourceOrgPaths ties it to own or trusted accounts. */
  readonly boundToSource: boolean
  /**
   * Grants to the whole account of the resource, when conditions look at aws:PrincipalArn: principals that stand for all
   * of that account, each with the actions of the grant it reaches. Who reaches nothing is left out. Untrusted text.
   */
  readonly ownPrincipals?: readonly { readonly arn: string; readonly actions: readonly string[] }[]
}

/** A statement, or a part of one, that can never take effect. */
export interface DeadPart {
  readonly statement: StatementRef
  readonly reason:
    | 'authorization-token-not-a-repository-action'
    | 'deleted-principal'
    | 'no-principal'
    | 'wildcard-in-principal'
    | 'principal-of-another-partition'
    | 'unknown-action'
    | 'ecs-tasks-principal'
    | 'condition-key-absent-from-pulls'
    | 'condition-never-true'
  /** What in the statement is dead: the action, principal or key as written. */
  readonly subject: string
}
