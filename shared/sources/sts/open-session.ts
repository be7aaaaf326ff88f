import type { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { type CallLimits, callerIdentity, type SessionOutcome, stsFailure } from './caller-identity.ts'
import { providerProblem } from './credentials-problem.ts'
import { holdCredentials } from './held-credentials.ts'

/** What opening a session needs from the process. */
export interface OpenOptions extends CallLimits {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Name of the profile the credentials come from, for the advice to sign in again. */
  readonly profile?: string
}

/**
 * The session of credentials we were given. `client` asks STS with the same credentials; `make` makes them anew each time
 * it is called.
 */
export async function openSession(
  client: Pick<STSClient, 'send'>,
  make: () => Promise<AwsCredentialIdentity>,
  options: OpenOptions,
): Promise<SessionOutcome> {
  const { profile } = options
  const { credentials, renew } = holdCredentials(() => made(make, profile), options.now)
  try {
    await credentials()
  } catch (error) {
    const { message, transience } = providerProblem(error, profile)
    return { state: 'refused', reason: message, transience }
  }
  try {
    return { state: 'open', session: { ...(await callerIdentity(client, options)), credentials, renew } }
  } catch (error) {
    return { state: 'refused', ...stsFailure('sts:GetCallerIdentity', error, profile) }
  }
}

async function made(make: () => Promise<AwsCredentialIdentity>, profile: string | undefined) {
  try {
    return await make()
  } catch (error) {
    throw providerProblem(error, profile)
  }
}
