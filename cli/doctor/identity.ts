import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { partitionOf } from '../../shared/model/arn.ts'
import { identityClient } from '../../shared/runtime/doctor-clients.ts'
import { errorNamedIn, regionProblem } from '../../shared/sources/regions/region-problem.ts'
import type { SessionOutcome } from '../../shared/sources/sts/caller-identity.ts'
import { openSession } from '../../shared/sources/sts/open-session.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import type { Check } from './check.ts'

/** Who we are. Without an answer of STS the session's account is not known, and the rest is asked with the bare credentials. */
export interface Identity {
  readonly check: Check
  /** Missing when there are no credentials that could be used. */
  readonly session?: Session
  readonly isKnown: boolean
}

/** Where the credentials come from and where STS is asked. */
export interface IdentityQuestion {
  readonly credentials: () => Promise<AwsCredentialIdentity>
  readonly profile?: string
  readonly region: string
  readonly now: () => number
}

/** Account id of a session whose account is not known. */
export const unknownAccount = 'unknown'

const expired: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
])
const id = 'credentials'

/** Asks STS in the region, then, when that may be one the account has not enabled, in the oldest region of the partition. */
export async function identify(question: IdentityQuestion): Promise<Identity> {
  const outcome = await opened(question)
  if (outcome.state === 'open') {
    const { session } = outcome
    return {
      check: { id, status: 'ok', reason: `${session.accountId} as ${session.callerArn}` },
      session,
      isKnown: true,
    }
  }
  const isSilence = silent(outcome.reason)
  const check: Check = isSilence
    ? { id, status: 'unknown', reason: outcome.reason, fix: 'check the network: STS of the region did not answer' }
    : { id, status: 'fail', reason: outcome.reason, fix: 'sign in again (aws sso login), or name another --profile' }
  return { check, isKnown: false, ...(isSilence ? { session: bareSession(question) } : {}) }
}

async function opened(question: IdentityQuestion): Promise<SessionOutcome> {
  const first = await openedIn(question, question.region)
  const fallback = oldestRegion.get(partitionOf(question.region)) ?? question.region
  if (first.state === 'open' || fallback === question.region || !mayBeDisabled(first.reason)) return first
  const second = await openedIn(question, fallback)
  return second.state === 'open' ? second : first
}

const oldestRegion: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])

function openedIn({ credentials, profile, now }: IdentityQuestion, region: string): Promise<SessionOutcome> {
  const client = identityClient(credentials, region)
  return openSession(client, credentials, { now, ...(profile === undefined ? {} : { profile }) })
}

function mayBeDisabled(reason: string): boolean {
  const error = errorNamedIn(reason)
  return error === 'RegionDisabledException' || isRefusal(error)
}

function isRefusal(error: string | undefined): boolean {
  return error !== undefined && regionProblem(error, { accountId: '', region: '' }, false) !== undefined
}

/** True when STS did not answer; false when the credentials are what is wrong. */
function silent(reason: string): boolean {
  if (!reason.startsWith('sts:GetCallerIdentity failed with ')) return false
  const error = errorNamedIn(reason)
  return !isRefusal(error) && !expired.has(error ?? '')
}

function bareSession({ credentials }: IdentityQuestion): Session {
  return { accountId: unknownAccount, callerArn: '', credentials, renew: () => {} }
}
