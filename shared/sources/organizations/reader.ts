import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import { isAccountId, parseArn } from '../../model/arn.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import { needText, type Reader } from '../reading.ts'

export const organizationType = 'AWS::Organizations::Organization'
export const accountType = 'AWS::Organizations::Account'
export const unitType = 'AWS::Organizations::OrganizationalUnit'
export const policyType = 'AWS::Organizations::Policy'

/** Calls made at the same time. */
export const CONCURRENCY = 4
/** The most entries AWS Organizations hands over at once. */
export const PAGE = 20

/** Where and with what to read AWS Organizations. */
export interface OrganizationsReader extends Reader {
  readonly client: Pick<OrganizationsClient, 'send'>
}

/** A reader in an organization: what it reads belongs to the management account. */
export interface OrganizationReader extends OrganizationsReader {
  /** The account that reads, which may be another one. */
  readonly readBy: string
}

/** The reason of a denied call, with who is allowed to make it; other failures stay as they are. */
export function explained({ accountId, readBy }: OrganizationReader, failure: ReadFailure): ReadFailure {
  if (readBy === accountId || !/ failed with AccessDenied(?:Exception)?$/.test(failure.reason)) return failure
  const who = `only the management account ${accountId} or a delegated administrator may read the organization`
  return { ...failure, reason: `${failure.reason}: ${who}` }
}

/** The id of an account. @throws MalformedAnswer */
export function needAccountId(value: unknown): string {
  const id = needText(value, 'account id')
  if (!isAccountId(id)) throw new MalformedAnswer('an account id without twelve digits')
  return id
}

/** An id that begins as ids of its kind do: `r-`, `ou-`, `o-`, `p-`. @throws MalformedAnswer */
export function needId(value: unknown, prefix: string): string {
  const id = needText(value, `${prefix} id`)
  if (!id.startsWith(prefix)) throw new MalformedAnswer(`an id that does not begin with ${prefix}`)
  return id
}

/** The ARN, which must be one of AWS Organizations. @throws MalformedAnswer */
export function needArn(value: unknown): string {
  const text = needText(value, 'ARN')
  if (parseArn(text)?.service !== 'organizations') throw new MalformedAnswer('an ARN of another service')
  return text
}
