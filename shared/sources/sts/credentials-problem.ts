import type { Transience } from '../../model/fact.ts'
import { clip } from '../../model/quote.ts'
import { CredentialsProblem, errorName } from '../failure.ts'

/** The errors that the SDK's providers of credentials end with. */
const providerErrors: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ProviderError',
  'SSOTokenProviderFailure',
])

const tokenErrors: ReadonlySet<string> = new Set(['TokenProviderError', 'SSOTokenProviderFailure'])

/** Texts about SSO that speak of a profile that is written wrongly: signing in would not help. */
const misconfigured =
  /could not be found|was not found\.|not configured with SSO|invalid SSO credentials|missing required property|Conflicting SSO/

/** Longest chain of causes that is looked at. */
const MAX_CAUSES = 5

/**
 * What is wrong with somebody's credentials, when that is what the error says; undefined for every other error.
 * `profile` is the name of the profile in use, when known.
 */
export function credentialsProblem(error: unknown, profile?: string): CredentialsProblem | undefined {
  const chain = causesOf(error)
  const stated = chain.find((one) => one instanceof CredentialsProblem)
  if (stated !== undefined) return stated
  if (!chain.some((one) => providerErrors.has(one.name))) return undefined
  const name = profile?.replace(/\p{Cc}+/gu, ' ')
  const who = name === undefined ? 'the default credentials' : `profile ${clip(name)}`
  const { what, transience } = problemIn(chain, name)
  return new CredentialsProblem(`${who}: ${what}`, transience)
}

/** As above; an error that says nothing about credentials is named. For errors that a provider of credentials threw. */
export function providerProblem(error: unknown, profile?: string): CredentialsProblem {
  return (
    credentialsProblem(error, profile) ??
    new CredentialsProblem(`the credentials could not be read: failed with ${errorName(error)}`, 'passing')
  )
}

function problemIn(chain: readonly Error[], profile: string | undefined): { what: string; transience: Transience } {
  const flag = profile === undefined ? '' : ` --profile ${argument(profile)}`
  if (chain.some(tellsOfSso))
    return { what: `the SSO session has expired; run aws sso login${flag}`, transience: 'passing' }
  if (chain.some(({ message }) => /\baws login\b/.test(message)))
    return { what: `the sign-in has expired; run aws login${flag}`, transience: 'passing' }
  if (chain.some(({ message }) => message.includes('multi-factor')))
    return { what: 'a multi-factor code is needed, which cannot be asked for here', transience: 'lasting' }
  if (chain.some(({ message }) => /Could not (load|resolve) credentials|was not found\.|not configured/.test(message)))
    return {
      what: `no credentials were found; sign in (aws sso login${flag}) or name a profile`,
      transience: 'lasting',
    }
  return { what: `no credentials: failed with ${chain[0]?.name ?? 'UnknownError'}`, transience: 'passing' }
}

function tellsOfSso({ name, message }: Error): boolean {
  if (misconfigured.test(message)) return false
  if (tokenErrors.has(name)) return true
  // The portal's own words when it no longer takes the token.
  if (/UnauthorizedException|Session token not found or invalid/.test(`${name} ${message}`)) return true
  return /\bSSO\b/i.test(message) && /expired|invalid|login|log in/i.test(message)
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let one = error; one instanceof Error && chain.length < MAX_CAUSES; one = one.cause) chain.push(one)
  return chain
}

/** A word of a command line. */
function argument(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${clip(text).replaceAll("'", "'\\''")}'`
}
