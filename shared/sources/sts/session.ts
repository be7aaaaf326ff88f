import type { AwsCredentialIdentity } from '@aws-sdk/types'

/** Somebody's identity in one account, as long as it lasts. */
export interface Session {
  readonly accountId: string
  /** The ARN STS gives for the identity: an assumed role, a user, … */
  readonly callerArn: string
  /** Credentials that are valid for five minutes more at least; made anew when they are not. */
  readonly credentials: () => Promise<AwsCredentialIdentity>
  /** Forgets the credentials, so that the next call makes new ones: the service said that they have expired. */
  readonly renew: () => void
}
