import type { Missing } from '../evaluate/types.ts'
import { matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { Policy, Statement } from '../policy/policy.ts'
import { distinctMissing, prepareSearch, type Search, tooComplex } from './acceptance.ts'
import { freshAudience } from './claim-candidates.ts'
import { type Issuer, identityKeys, issuersOf, namesIssuer } from './issuer.ts'
import { type SubjectCandidates, subjectCandidates } from './subject-candidates.ts'
import { mark, reachOf } from './subject-reach.ts'
import type { OidcTrust, SubjectReach, WildcardSubject } from './types.ts'

export type { OidcTrust, SubjectReach, WildcardSubject } from './types.ts'

const webIdentity = 'sts:AssumeRoleWithWebIdentity'

/** A trust policy and the role it belongs to. */
export interface TrustInput {
  readonly trust: Policy
  readonly roleArn: string
  readonly accountId: string
}

/**
 * Who may assume the role with a web identity token: for each provider of each Allow statement the subjects and
 * audiences that some request proves accepted, every Deny considered. A provider that is named but lets nobody in is
 * listed too, with nothing accepted. Pure.
 */
export function webIdentityTrust({ trust, accountId }: TrustInput): readonly OidcTrust[] {
  const speaking = trust.statements.filter(({ action }) => speaksOf(action))
  const denies = speaking.filter(({ effect }) => effect === 'Deny')
  return speaking
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      issuersOf(statement).flatMap((issuer) => {
        const applying = denies.filter(({ principal }) => namesIssuer(principal, issuer))
        const found = trustOf(statement, applying, issuer, trust.version, accountId)
        return issuer.provider === '*' && isClosed(found) ? [] : [found]
      }),
    )
}

function speaksOf({ patterns, not }: Statement['action']): boolean {
  return patterns.some((pattern) => matchesWildcardIgnoringCase(pattern, webIdentity)) !== not
}

function isClosed({ anySubject, wildcardSubjects, exactSubjects, missing }: OidcTrust): boolean {
  return !anySubject && wildcardSubjects.length === 0 && exactSubjects.length === 0 && missing.length === 0
}

function trustOf(
  statement: Statement,
  denies: readonly Statement[],
  issuer: Issuer,
  version: string,
  accountId: string,
): OidcTrust {
  const keys = issuer.name === undefined ? undefined : identityKeys(issuer.name)
  const search = prepareSearch({ statement, denies, issuer, version, accountId, keys })
  const subjects = subjectCandidates(search.subjects, issuer)
  return {
    position: statement.position,
    sid: statement.sid,
    provider: issuer.provider,
    issuer: issuer.name,
    kind: issuer.kind,
    ...answersOf(search, subjects),
    narrowedBy: search.narrowedBy,
  }
}

/** An answer, and what would have to be known for a wider one. */
interface Open<T> {
  readonly answer: T
  readonly missing: readonly Missing[]
}

function answersOf(
  search: Search,
  { arbitrary, completions, exact, complete }: SubjectCandidates,
): Pick<OidcTrust, 'anySubject' | 'wildcardSubjects' | 'exactSubjects' | 'anyAudience' | 'missing'> {
  const any = someAccepted(search, arbitrary, search.audiences)
  const wildcards = completions.map(({ pattern, subjects }) => wildcardOf(search, pattern, subjects))
  const found = wildcards.flatMap(({ answer }) => answer ?? [])
  const patterns = new Set(found.map(({ pattern }) => pattern))
  const every = [...arbitrary, ...completions.flatMap(({ subjects }) => subjects), ...exact]
  const audience = someAccepted(search, every, [freshAudience])
  return {
    anySubject: any.answer,
    wildcardSubjects: distinct(found),
    exactSubjects: exact.filter(
      (subject) => !patterns.has(subject) && search.accepts(subject, search.audiences).truth === 'true',
    ),
    anyAudience: audience.answer,
    missing: distinctMissing([
      ...any.missing,
      ...wildcards.flatMap(({ missing }) => missing),
      ...audience.missing,
      ...(complete ? [] : [tooComplex]),
    ]),
  }
}

function someAccepted(search: Search, subjects: readonly string[], audiences: readonly string[]): Open<boolean> {
  const missing: Missing[] = []
  for (const subject of subjects) {
    const found = search.accepts(subject, audiences)
    if (found.truth === 'true') return { answer: true, missing: [] }
    missing.push(...found.missing)
  }
  return { answer: false, missing }
}

/** The completion of the pattern that reaches furthest and is accepted. */
function wildcardOf(search: Search, pattern: string, subjects: readonly string[]): Open<WildcardSubject | undefined> {
  const missing: Missing[] = []
  let widest: WildcardSubject | undefined
  for (const witness of subjects.filter((subject) => subject.includes(mark))) {
    const found = search.accepts(witness, search.audiences)
    const reach = reachOf(witness)
    if (found.truth === 'true' && (widest === undefined || width(reach) > width(widest.reach))) {
      widest = { pattern, reach, witness }
    }
    missing.push(...found.missing)
  }
  return { answer: widest, missing: widest === undefined ? missing : [] }
}

function width(reach: SubjectReach): number {
  return (['one', 'several', 'issuer'] as const).indexOf(reach)
}

/** Patterns that come down to the same subject are one: the first stands for them. */
function distinct(found: readonly WildcardSubject[]): readonly WildcardSubject[] {
  const byWitness = new Map<string, WildcardSubject>()
  for (const one of found) if (!byWitness.has(one.witness)) byWitness.set(one.witness, one)
  return [...byWitness.values()]
}
