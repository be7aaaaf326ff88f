import { AssumeRoleCommand, type AssumeRoleCommandOutput, type STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { parseArn } from '../../model/arn.ts'
import { clip } from '../../model/quote.ts'
import { CredentialsProblem, errorName, MalformedAnswer, type ReadFailure } from '../failure.ts'
import { needText } from '../reading.ts'
import { type CallLimits, callerIdentity, type SessionOutcome, signalOf, stsFailure } from './caller-identity.ts'
import { holdCredentials } from './held-credentials.ts'
import { roleArnOf } from './role-arn.ts'

/** The longest a session of a role assumed by another role may last, seconds. */
const DURATION = 3_600

/** Which role to assume and with what. */
export interface AssumeOptions extends CallLimits {
  /** STS with the credentials of the caller. */
  readonly client: Pick<STSClient, 'send'>
  /** STS with the credentials of the role, to ask whose they are. */
  readonly connect: (credentials: () => Promise<AwsCredentialIdentity>) => Pick<STSClient, 'send'>
  /** `aws`, `aws-cn`, …: that of the caller's ARN. */
  readonly partition: string
  readonly accountId: string
  /** Name of the role, with its path when it has one: `reader`, `audit/reader`. */
  readonly roleName: string
  readonly externalId?: string
  /** Name of the session in the logs of the account: `[\w+=,.@-]{2,64}`. */
  readonly sessionName: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A session in another account. It is refused, with a line that names the role, when STS refuses it or says another account. */
export async function assumeSession(options: AssumeOptions): Promise<SessionOutcome> {
  const roleArn = roleArnOf(options.partition, options.accountId, options.roleName)
  if (roleArn === undefined) {
    const reason = `"${clip(options.roleName)}" in account ${clip(options.accountId)} is not the name of a role`
    return { state: 'refused', reason, transience: 'lasting' }
  }
  const { credentials, renew } = holdCredentials(() => assumed(options, roleArn), options.now)
  try {
    await credentials()
    const identity = await callerIdentity(options.connect(credentials), options)
    if (identity.accountId === options.accountId) return { state: 'open', session: { ...identity, credentials, renew } }
    const reason = `${roleArn}: STS says that the session is one of account ${identity.accountId}`
    return { state: 'refused', reason, transience: 'lasting' }
  } catch (error) {
    return { state: 'refused', ...refusalOf(error, roleArn) }
  }
}

function refusalOf(error: unknown, roleArn: string): ReadFailure {
  if (error instanceof CredentialsProblem) return { reason: error.message, transience: error.transience }
  return stsFailure(`sts:GetCallerIdentity as ${roleArn}`, error)
}

/** @throws CredentialsProblem with a line that names the role */
async function assumed(options: AssumeOptions, roleArn: string): Promise<AwsCredentialIdentity> {
  const { externalId, sessionName } = options
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: DURATION,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  })
  try {
    return credentialsIn(await options.client.send(command, { abortSignal: signalOf(options) }), options.accountId)
  } catch (error) {
    const { reason, transience } = stsFailure(`sts:AssumeRole of ${roleArn}`, error)
    throw new CredentialsProblem(`${reason}${meaningOf(error, externalId)}`, transience)
  }
}

/** STS answers AccessDenied whatever the cause, so that nobody can search for roles. */
function meaningOf(error: unknown, externalId: string | undefined): string {
  if (!['AccessDenied', 'AccessDeniedException'].includes(errorName(error))) return ''
  const id = externalId === undefined ? 'an external id' : 'another external id'
  return `: the role is missing, does not trust this identity or expects ${id}, or the account is suspended`
}

function credentialsIn(output: AssumeRoleCommandOutput, accountId: string): AwsCredentialIdentity {
  const { Credentials: made, AssumedRoleUser: user } = output
  const expiration = made?.Expiration
  if (!(expiration instanceof Date) || Number.isNaN(expiration.getTime())) {
    throw new MalformedAnswer('credentials without Expiration')
  }
  if (parseArn(needText(user?.Arn, 'AssumedRoleUser'))?.accountId !== accountId) {
    throw new MalformedAnswer('a role of another account')
  }
  return {
    accessKeyId: needText(made?.AccessKeyId, 'AccessKeyId'),
    secretAccessKey: needText(made?.SecretAccessKey, 'SecretAccessKey'),
    sessionToken: needText(made?.SessionToken, 'SessionToken'),
    expiration,
  }
}
