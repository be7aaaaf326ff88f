import type { AccessGrant, Audience, StatementRef } from '../iam/access-types.ts'
import type { Organization } from '../model/organization.ts'
import { clip, listed } from '../model/quote.ts'
import type { Evidence, MissingFact } from '../model/verdict.ts'

const mostEvidence = 20

/** `Statement 2 (Sid AllowAll) of the repository policy`. */
export function nameOfStatement({ document, position, sid }: StatementRef): string {
  return `Statement ${position}${sid === undefined ? '' : ` (Sid ${clip(sid)})`} of the ${document}`
}

/** One grant as a sentence without a full stop: which statement lets whom use what, and what could not be decided. */
export function describeGrant(grant: AccessGrant): string {
  const doubt =
    grant.uncertain.length === 0 ? '' : ` (counted as allowed: ${listed(grant.uncertain)} cannot be evaluated)`
  return `${nameOfStatement(grant.statement)} lets ${nameOfPrincipal(grant)} use ${listed(grant.actions, 3)}${doubt}`
}

/** The first grants as sentences, the others counted; ends with a full stop. */
export function describeGrants(grants: readonly AccessGrant[]): string {
  const sentences = grants.slice(0, 3).map(describeGrant)
  const more = grants.length - sentences.length
  return `${sentences.join('. ')}${more > 0 ? `, and ${more} more grants do the like` : ''}.`
}

/** The statements behind grants, then who is exposed to whom: anyone, external, organization. */
export function evidenceOfGrants(grants: readonly AccessGrant[], all: readonly AccessGrant[] = grants): Evidence[] {
  const proofs = grants.slice(0, mostEvidence).map((grant) => ({
    source: evidenceSource(grant.statement),
    detail: `Allows ${nameOfPrincipal(grant)}: ${listed(grant.actions, 10)}${conditions(grant)}`,
  }))
  return [...proofs, exposureOf(all)]
}

/** The three exposures every rule about access reports, as one line of evidence. */
export function exposureOf(grants: readonly AccessGrant[]): Evidence {
  const parts = (['anyone', 'external', 'organization'] as const).map((audience) => {
    const names = [...new Set(ofAudience(grants, audience).map((grant) => grant.principal))]
    return `${audience}: ${names.length === 0 ? 'none' : listed(names)}`
  })
  return { source: 'exposure', detail: parts.join('; ') }
}

/** What the inventory would have to say for these grants to be judged. */
export function factsMissingOf(grants: readonly AccessGrant[]): readonly MissingFact[] {
  const facts = new Set(grants.flatMap((grant) => grant.missing))
  return [...facts].map((fact) => ({ reason: clip(fact), transience: 'lasting' }))
}

/** That nobody can say whether those who are let in are members of the organization, and why not. */
export function membershipMissingOf(grants: readonly AccessGrant[], { unread }: Organization): readonly MissingFact[] {
  const names = new Set(grants.filter(({ maybeMember }) => maybeMember).map(nameOfAsked))
  if (unread === undefined || names.size === 0) return []
  return [{ reason: `whether ${listed([...names], 3)} belongs to the organization: ${unread}`, transience: 'lasting' }]
}

function nameOfAsked({ audience, principal, anyCaller }: AccessGrant): string {
  if (anyCaller) return `who lets in ${principal}`
  return audience === 'service' ? `whom ${principal} acts for` : principal
}

/** What a verdict takes for granted of networks that are let in whoever calls through them. */
export function assumptionsOnNetworks(grants: readonly AccessGrant[]): readonly string[] {
  const trusted = grants.filter(({ audience, anyCaller }) => anyCaller && audience !== 'external')
  return [...new Set(trusted.map(({ principal }) => principal))].map(
    (principal) => `assumes that nobody from outside comes as ${clip(principal)}`,
  )
}

/** The grants that reach an audience. */
export function ofAudience(grants: readonly AccessGrant[], audience: Audience): readonly AccessGrant[] {
  return grants.filter((grant) => grant.audience === audience)
}

/** Where a statement is, as evidence names it. */
export function evidenceSource({ document, position, sid }: StatementRef): string {
  return `${document}, statement ${position}${sid === undefined ? '' : ` (Sid "${clip(sid)}")`}`
}

function nameOfPrincipal({ audience, principal, accountId, wholeAccount, anyCaller }: AccessGrant): string {
  if (anyCaller) return clip(principal)
  switch (audience) {
    case 'anyone':
      return 'any AWS account'
    case 'organization':
      return accountId === undefined ? `the whole ${clip(principal)}` : `${clip(principal)} of the organization`
    case 'external':
      return `${wholeAccount ? 'the external account' : 'the external principal'} ${clip(principal)}`
    case 'trusted':
      return `the trusted principal ${clip(principal)}`
    case 'own':
      return `${wholeAccount ? 'the whole own account' : 'the own principal'} ${clip(principal)}`
    case 'service':
      return `the service ${clip(principal)}`
    default:
      return audience satisfies never
  }
}

function conditions({ narrowedBy, uncertain }: AccessGrant): string {
  const narrowed = narrowedBy.length === 0 ? '' : `; narrowed by ${listed(narrowedBy)}`
  return uncertain.length === 0 ? narrowed : `${narrowed}; not evaluated: ${listed(uncertain)}`
}
