import { parsePolicy } from '../iam/policy/parse-policy.ts'
import { type OidcTrust, webIdentityTrust } from '../iam/trust/web-identity-trust.ts'
import type { Role } from '../inventory/iam.ts'
import { clip, listed } from '../model/quote.ts'
import type { Evidence, MissingFact } from '../model/verdict.ts'
import { describeMissing } from '../pull/describe-decision.ts'
import { missing } from './missing.ts'

/** Who may assume a role with a web identity token, or why that cannot be said. */
export type WebIdentityTrusts =
  | { readonly kind: 'known'; readonly trusts: readonly OidcTrust[] }
  | { readonly kind: 'missing'; readonly missing: MissingFact }

/** The web identity trusts of a role; a role without a readable trust policy has unknown ones. */
export function trustsOfRole({ trustPolicy, ref }: Role): WebIdentityTrusts {
  if (trustPolicy.state === 'absent') {
    return { kind: 'missing', missing: { reason: 'trust policy: it is empty', transience: 'lasting' } }
  }
  if (trustPolicy.state === 'unknown') return { kind: 'missing', missing: missing('trust policy', trustPolicy) }
  const parsed = parsePolicy(trustPolicy.value)
  if (!parsed.ok) {
    return { kind: 'missing', missing: { reason: `trust policy: ${clip(parsed.reason)}`, transience: 'lasting' } }
  }
  const { arn: roleArn, accountId } = ref
  return { kind: 'known', trusts: webIdentityTrust({ trust: parsed.policy, roleArn, accountId }) }
}

/** What has to be known to say whether trusts accept more than stated. */
export function missingOfTrusts(trusts: readonly OidcTrust[]): readonly MissingFact[] {
  const reasons = new Set(trusts.flatMap(({ missing: pieces }) => pieces.map(describeMissing)))
  return [...reasons].map((reason) => ({ reason, transience: 'lasting' }))
}

/** One line per trust: provider, accepted subjects and audiences, and what else narrows them. */
export function evidenceOfTrusts(trusts: readonly OidcTrust[]): readonly Evidence[] {
  return trusts.map(({ position, sid, provider, narrowedBy, ...trust }) => ({
    source: `trust policy, statement ${position}${sid === undefined ? '' : ` (Sid "${clip(sid)}")`}`,
    detail: [
      `${clip(provider)}: ${describeSubjects(trust)}`,
      ...(trust.anyAudience ? ['any audience'] : []),
      ...narrowedBy.slice(0, 3).map(clip),
    ].join('; '),
  }))
}

/** `any subject`, `subjects repo:a/b:*`, or `no subject`. */
export function describeSubjects({
  anySubject,
  wildcardSubjects,
  exactSubjects,
}: Pick<OidcTrust, 'anySubject' | 'wildcardSubjects' | 'exactSubjects'>): string {
  if (anySubject) return 'any subject'
  const subjects = [...wildcardSubjects.map(({ pattern }) => pattern), ...exactSubjects]
  return subjects.length === 0 ? 'no subject' : `subjects ${listed(subjects, 3)}`
}
