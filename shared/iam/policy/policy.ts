/** A policy document, parsed. All strings are untrusted and kept as written. */
export interface Policy {
  /** `2012-10-17` has policy variables; `2008-10-17`, the default when absent, has not. */
  readonly version: string
  readonly id: string | undefined
  readonly statements: readonly Statement[]
}

/** One statement. */
export interface Statement {
  /** Position in the document, from 1. */
  readonly position: number
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  /** Undefined in identity policies, which name no principal. */
  readonly principal: PrincipalElement | undefined
  readonly action: PatternElement
  readonly resource: PatternElement | undefined
  readonly conditions: readonly Condition[]
}

/** Principal or NotPrincipal (`not`). `any` is `"*"` or `{"AWS": "*"}`. */
export type PrincipalElement =
  | { readonly kind: 'any'; readonly not: boolean }
  | { readonly kind: 'listed'; readonly not: boolean; readonly entries: readonly PrincipalEntry[] }

/** One listed principal; `type` is `AWS`, `Service`, `Federated`, `CanonicalUser` or a word AWS may add. */
export interface PrincipalEntry {
  readonly type: string
  readonly value: string
}

/** Action, NotAction, Resource or NotResource: patterns with `*` and `?`. */
export interface PatternElement {
  readonly patterns: readonly string[]
  readonly not: boolean
}

/** One operator applied to one key; any of the values may match. */
export interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}
