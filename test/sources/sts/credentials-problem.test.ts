import { describe, expect, it } from 'vitest'
import { credentialsProblem, providerProblem } from '../../../shared/sources/sts/credentials-problem.ts'

function failure(name: string, message: string, cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), { name })
}
const provider = (message: string) => failure('CredentialsProviderError', message)
const expired = 'the SSO session has expired; run aws sso login'

describe('B6 an SSO session that has expired', () => {
  it.each([
    provider("Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile."),
    provider(
      'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with …',
    ),
    provider('UnauthorizedException: Session token not found or invalid'),
    provider('Error loading SSO Token: Token for default is expired, please log in again'),
    failure('TokenProviderError', 'Token is expired.'),
    failure('SSOTokenProviderFailure', 'no token'),
    failure('Error', 'outer', failure('TokenProviderError', 'inner')),
  ])('is told with the command that helps: $message', (error) => {
    expect(credentialsProblem(error, 'dev')).toMatchObject({
      message: `profile dev: ${expired} --profile dev`,
      transience: 'passing',
    })
    expect(credentialsProblem(error)?.message).toBe(`the default credentials: ${expired}`)
  })

  it('names a profile as a shell takes it, on one line', () => {
    const { message } = providerProblem(failure('TokenProviderError', 'x'), "a b\n'c")
    expect(message).toBe(`profile a b 'c: ${expired} --profile 'a b '\\''c'`)
  })
})

describe('other credentials that cannot be had', () => {
  it.each([
    [
      "Profile 'dev' is missing required property 'sso_session'.",
      'no credentials: failed with CredentialsProviderError',
    ],
    [
      'Token refresh failed. Please re-authenticate using aws login',
      'the sign-in has expired; run aws login --profile dev',
    ],
    [
      'Profile dev requires multi-factor authentication, but no MFA code callback was provided.',
      'a multi-factor code is needed, which cannot be asked for here',
    ],
    [
      'Could not load credentials from any providers',
      'no credentials were found; sign in (aws sso login --profile dev) or name a profile',
    ],
    [
      'Could not resolve credentials using profile: [dev] in configuration/credentials file(s).',
      'no credentials were found; sign in (aws sso login --profile dev) or name a profile',
    ],
    ['secret text of some process', 'no credentials: failed with CredentialsProviderError'],
  ])('are told without the text of others: %s', (message, what) => {
    expect(credentialsProblem(provider(message), 'dev')?.message).toBe(`profile dev: ${what}`)
  })

  it('are not taken for an expired session when a profile is written wrongly', () => {
    const error = failure('TokenProviderError', "Sso session 'corp' could not be found in shared credentials file.")
    expect(credentialsProblem(error, 'dev')?.message).toBe(
      'profile dev: no credentials: failed with TokenProviderError',
    )
  })

  it('are not seen in errors of services', () => {
    expect(credentialsProblem(failure('AccessDenied', 'no SSO login'), 'dev')).toBeUndefined()
    expect(credentialsProblem('text')).toBeUndefined()
  })

  it('are named when a provider throws anything else', () => {
    expect(providerProblem(failure('TimeoutError', 'x')).message).toBe(
      'the credentials could not be read: failed with TimeoutError',
    )
  })

  it('stay as they are when they were told before', () => {
    const told = providerProblem(failure('TokenProviderError', 'x'), 'dev')
    expect(credentialsProblem(failure('Error', 'outer', told), 'other')).toBe(told)
  })
})
