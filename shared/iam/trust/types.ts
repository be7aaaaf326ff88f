import type { Missing } from '../evaluate/types.ts'

/** How far the subjects a pattern admits reach. */
export type SubjectReach =
  /** Whoever gets a token of the issuer at all: any organization on the platform, any service account of the cluster. */
  | 'issuer'
  /** Several repositories, projects or namespaces; also a pattern of a form nobody has told us of. */
  | 'several'
  /** Inside one repository, project or namespace. */
  | 'one'

/** A subject pattern of which an arbitrary completion is accepted. */
export interface WildcardSubject {
  /** As written. Untrusted text. */
  readonly pattern: string
  readonly reach: SubjectReach
  /** The subject that was accepted, `ꙮ` where anything may stand. */
  readonly witness: string
}

/** Who may assume a role with a web identity token, by one principal of one Allow statement and what every Deny leaves. */
export interface OidcTrust {
  /** Position in the trust policy, from 1. */
  readonly position: number
  readonly sid: string | undefined
  /** The principal as written: ARN of the provider, name of a built-in one, or `*`. Untrusted text. */
  readonly provider: string
  /** `token.actions.githubusercontent.com`, `oidc.eks.eu-west-1.amazonaws.com/id/ABC`; undefined for `*` without a named issuer. */
  readonly issuer: string | undefined
  /** `eks`: a cluster; `external`: another OIDC provider; `other`: a built-in provider, such as Cognito or Google, or any. */
  readonly kind: 'eks' | 'external' | 'other'
  /** A subject that no policy mentions is accepted. */
  readonly anySubject: boolean
  /** Also those that reach every subject. */
  readonly wildcardSubjects: readonly WildcardSubject[]
  /** Subjects spelt out that are accepted. Untrusted text. */
  readonly exactSubjects: readonly string[]
  /** An audience that no policy mentions is accepted, with some accepted subject. */
  readonly anyAudience: boolean
  /** Conditions of the statement on other keys that refuse some value, as sentences: they narrow every answer above. */
  readonly narrowedBy: readonly string[]
  /**
   * What has to be known to say whether more subjects or audiences are accepted than stated; empty when the answers
   * above are all there is.
   */
  readonly missing: readonly Missing[]
}
