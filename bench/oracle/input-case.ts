/** A policy statement as people write it. */
export interface InputStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** A policy as people write it. */
export interface InputPolicy {
  readonly Version: string
  readonly Statement: readonly InputStatement[]
}

/** A policy with its name. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: InputPolicy
}

/** The policies of one organization level. */
export interface InputLevel {
  readonly orgIdentifier: string
  readonly policies: readonly NamedPolicy[]
}

/** A case as `pullpath access` reads it. */
export interface InputCase {
  readonly request: {
    readonly principal: string | { readonly type: 'Anonymous' }
    readonly action: string
    readonly resource: { readonly resource: string; readonly accountId: string }
    readonly context: Readonly<Record<string, string | readonly string[]>>
  }
  readonly identityPolicies: readonly NamedPolicy[]
  readonly resourcePolicy?: InputPolicy
  readonly permissionBoundaries?: readonly NamedPolicy[]
  readonly sessionPolicy?: InputPolicy
  readonly serviceControlPolicies?: readonly InputLevel[]
  readonly resourceControlPolicies?: readonly InputLevel[]
  readonly endpointPolicies?: readonly NamedPolicy[]
}
