import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput, type STSClient } from '@aws-sdk/client-sts'
import { isAccountId, parseArn } from '../../model/arn.ts'
import { errorName, MalformedAnswer, type ReadFailure, readFailure } from '../failure.ts'
import { needText } from '../reading.ts'
import { credentialsProblem } from './credentials-problem.ts'
import type { Session } from './session.ts'

/** How long calls may take and what ends them. */
export interface CallLimits {
  /** Upper bound of one call, milliseconds; default 10,000. */
  readonly callTimeout?: number
  readonly signal?: AbortSignal
}

/** A session, or one line that says why there is none. Never an exception. */
export type SessionOutcome =
  | { readonly state: 'open'; readonly session: Session }
  | ({ readonly state: 'refused' } & ReadFailure)

/** Who somebody is, in the words of STS. */
export type Identity = Pick<Session, 'accountId' | 'callerArn'>

/** Asks STS whose credentials the client has. @throws what the call threw; MalformedAnswer */
export async function callerIdentity(client: Pick<STSClient, 'send'>, limits: CallLimits): Promise<Identity> {
  const abortSignal = signalOf(limits)
  return identityIn(await client.send(new GetCallerIdentityCommand({}), { abortSignal }))
}

function identityIn({ Account, Arn }: GetCallerIdentityCommandOutput): Identity {
  const accountId = needText(Account, 'Account')
  const callerArn = needText(Arn, 'Arn')
  if (!isAccountId(accountId) || parseArn(callerArn)?.accountId !== accountId) {
    throw new MalformedAnswer('an identity without an account')
  }
  return { accountId, callerArn }
}

/** Ends one call: at its time limit, or with everything. */
export function signalOf({ callTimeout, signal }: CallLimits): AbortSignal {
  const timeout = AbortSignal.timeout(callTimeout ?? 10_000)
  return signal ? AbortSignal.any([timeout, signal]) : timeout
}

const invalid = 'the credentials are not valid'
const expired = 'the credentials have expired'
const meanings: ReadonlyMap<string, string> = new Map([
  ['InvalidClientTokenId', invalid],
  ['UnrecognizedClientException', invalid],
  ['SignatureDoesNotMatch', invalid],
  ['InvalidSignatureException', invalid],
  ['AuthFailure', invalid],
  ['ExpiredToken', expired],
  ['ExpiredTokenException', expired],
  ['RequestExpired', expired],
  ['RegionDisabledException', 'STS is not active for the account in this region'],
])

/** Why a call to STS failed, in one line: what is wrong with the credentials, or the error with what it means. */
export function stsFailure(what: string, error: unknown, profile?: string): ReadFailure {
  const problem = credentialsProblem(error, profile)
  if (problem !== undefined) return { reason: `${what}: ${problem.message}`, transience: problem.transience }
  const { reason, transience } = readFailure(what, error)
  const meaning = meanings.get(errorName(error))
  return { reason: meaning === undefined ? reason : `${reason}: ${meaning}`, transience }
}
