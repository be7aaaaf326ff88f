import { parseArn } from '../../model/arn.ts'
import type { PrincipalElement, Statement } from '../policy/policy.ts'
import type { OidcTrust } from './types.ts'

/** A provider of web identity tokens, as one statement names it. */
export interface Issuer {
  /** As written; `*` for any. */
  readonly provider: string
  /** Prefix of its condition keys, as written; undefined for any that the statement does not name. */
  readonly name: string | undefined
  readonly kind: OidcTrust['kind']
}

/** Claims that name the subject and the audience, where they are not `sub` and `aud`. */
const builtIn: ReadonlyMap<string, { readonly subject: string; readonly audience: string }> = new Map([
  ['cognito-identity.amazonaws.com', { subject: 'sub', audience: 'aud' }],
  ['accounts.google.com', { subject: 'sub', audience: 'aud' }],
  ['www.amazon.com', { subject: 'user_id', audience: 'app_id' }],
  ['graph.facebook.com', { subject: 'id', audience: 'app_id' }],
])

/** The condition keys, in lower case, that hold subject and audience of the issuer's tokens. */
export function identityKeys(name: string): { readonly subject: string; readonly audience: string } {
  const lower = name.toLowerCase()
  const claims = builtIn.get(lower) ?? { subject: 'sub', audience: 'aud' }
  return { subject: `${lower}:${claims.subject}`, audience: `${lower}:${claims.audience}` }
}

/** Providers an Allow statement lets in; for `*` those its conditions name, and then any other. */
export function issuersOf(statement: Statement): readonly Issuer[] {
  const { principal } = statement
  if (principal === undefined) return []
  if (principal.kind === 'any') return principal.not ? [] : anyIssuer(statement)
  if (principal.not) return anyIssuer(statement)
  const federated = principal.entries.filter(({ type }) => type === 'Federated')
  if (federated.some(({ value }) => value === '*')) return anyIssuer(statement)
  return federated.flatMap(({ value }) => issuer(value) ?? [])
}

/** Whether the Principal or NotPrincipal of a Deny means tokens of the issuer. */
export function namesIssuer(element: PrincipalElement | undefined, of: Issuer): boolean {
  if (element === undefined) return false
  if (element.kind === 'any') return !element.not
  const named = element.entries.some(({ type, value }) => type === 'Federated' && means(value, of))
  return named !== element.not
}

/** Of an issuer that was let in by `*` only the name is known. */
function means(value: string, { provider, name }: Issuer): boolean {
  if (value === '*') return true
  if (provider !== '*') return value === provider
  return name !== undefined && issuer(value)?.name?.toLowerCase() === name.toLowerCase()
}

/** True for a condition key that holds a claim of some issuer: its prefix is a host name, not a service. */
export function isClaim(key: string): boolean {
  return prefixOf(key).includes('.')
}

function prefixOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(':')))
}

function issuer(provider: string): Issuer | undefined {
  const arn = parseArn(provider)
  if (arn === undefined) return { provider, name: provider, kind: kindOf(provider) }
  const prefix = 'oidc-provider/'
  // SAML providers take another action.
  if (!arn.resource.startsWith(prefix)) return undefined
  const name = arn.resource.slice(prefix.length)
  return { provider, name, kind: kindOf(name) }
}

function kindOf(name: string): Issuer['kind'] {
  if (builtIn.has(name.toLowerCase())) return 'other'
  return /^oidc[.-]eks\.[a-z0-9-]+\.[a-z.]+\/id\/\w+$/i.test(name) ? 'eks' : 'external'
}

function anyIssuer({ conditions }: Statement): readonly Issuer[] {
  const names = new Map(
    conditions.filter(({ key }) => isClaim(key)).map(({ key }) => [prefixOf(key).toLowerCase(), prefixOf(key)]),
  )
  return [
    ...[...names.values()].map((name): Issuer => ({ provider: '*', name, kind: kindOf(name) })),
    { provider: '*', name: undefined, kind: 'other' },
  ]
}
