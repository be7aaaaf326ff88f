import { webIdentityTrust } from '../../../shared/iam/trust/web-identity-trust.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { policyWith } from '../policy-of.ts'

export const accountId = '111122223333'
export const github = 'token.actions.githubusercontent.com'
export const githubAudience = { [`${github}:aud`]: 'sts.amazonaws.com' }

/** The ARN of the provider of an issuer in the account. */
export const provider = (issuer: string): string => `arn:aws:iam::${accountId}:oidc-provider/${issuer}`

/** An Allow statement for tokens of the issuer. */
export const statement = (
  issuer: string,
  condition: JsonValue,
  more: { readonly [key: string]: JsonValue } = {},
): JsonValue => ({
  Effect: 'Allow',
  Principal: { Federated: provider(issuer) },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: condition,
  ...more,
})

/** A Deny statement for everybody, or for whom `more` names. */
export const deny = (condition: JsonValue, more: { readonly [key: string]: JsonValue } = {}): JsonValue => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:*',
  Condition: condition,
  ...more,
})

/** What a trust policy of the version accepts. */
export function acceptedBy(version: string, statements: readonly JsonValue[]) {
  return webIdentityTrust({
    trust: policyWith(statements, version),
    roleArn: `arn:aws:iam::${accountId}:role/ci`,
    accountId,
  })
}

/** What a trust policy accepts, short: subjects as `reach pattern`, without who and where. */
export function trustOf(...statements: readonly JsonValue[]) {
  return acceptedBy('2012-10-17', statements).map(
    ({ wildcardSubjects, position: _position, sid: _sid, provider: _provider, issuer: _issuer, ...rest }) => ({
      ...rest,
      wildcardSubjects: wildcardSubjects.map(({ pattern, reach }) => `${reach} ${pattern}`),
    }),
  )
}

/** A provider that lets nobody in. */
export const closed = {
  kind: 'external',
  anySubject: false,
  wildcardSubjects: [],
  exactSubjects: [],
  anyAudience: false,
  narrowedBy: [],
  missing: [],
}

/** A provider that lets everybody in. */
export const open = { ...closed, anySubject: true }
