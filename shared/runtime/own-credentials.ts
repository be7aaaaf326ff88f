import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { providerProblem } from '../sources/sts/credentials-problem.ts'

/** The SDK's chain writes its remarks to the console, in several lines; what matters of them is in the errors. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

/** Time limits of the services that hand out credentials, milliseconds; the SDK has none of its own. */
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true }

/**
 * Makes the credentials of a profile, or of the SDK's default chain (environment, AWS_PROFILE, container, instance), anew each
 * time it is called. Throws CredentialsProblem, whose message says what to do: `aws sso login --profile NAME` when the SSO
 * session has expired.
 */
export function ownCredentials(
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): () => Promise<AwsCredentialIdentity> {
  return async () => {
    try {
      const clientConfig = { requestHandler, maxAttempts: 3 }
      return await fromNodeProviderChain({
        ...(profile === undefined ? {} : { profile }),
        clientConfig,
        logger: silent,
      })()
    } catch (error) {
      throw providerProblem(error, profileInUse(profile, environment))
    }
  }
}

/** The profile that was named, by the caller or by AWS_PROFILE. */
export function profileInUse(
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return profile ?? (environment.AWS_PROFILE || undefined)
}
