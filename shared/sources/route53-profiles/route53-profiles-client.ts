import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { AwsClient } from 'aws4fetch'
import { type JsonObject, own } from '../../model/json.ts'
import { connectionError, objectOf } from './answer.ts'
import type { ProfileAssociation, ProfileResourceAssociation, ProfilesPage, Route53ProfilesClient } from './client.ts'
import { profilesEndpoint } from './endpoint.ts'
import { type ServiceClock, serviceClock } from './service-clock.ts'

/** How to reach Route 53 Profiles. */
export interface ProfilesConnection {
  readonly region: string
  /** Asked before each request. */
  readonly credentials: () => Promise<AwsCredentialIdentity>
  /** Where the service is, when not at AWS's own address; a path and a final slash are allowed. */
  readonly endpoint?: string
  /** Sends a signed request; the global one when missing. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** The time for signatures, milliseconds since 1970; this machine's when missing. */
  readonly now?: () => number
}

/** A connection and what it has learned. */
interface Line extends ProfilesConnection {
  readonly clock: ServiceClock
}

/**
 * A client of Route 53 Profiles, one request per call and never a second one. Its methods reject with the service's error
 * (ServiceError), a ConnectionError, a SyntaxError, the reason of the signal, or what the credentials reject with.
 */
export function route53ProfilesClient(connection: ProfilesConnection): Route53ProfilesClient {
  const line: Line = { ...connection, clock: serviceClock(connection.now ?? Date.now) }
  return {
    async listProfileAssociations(token, { abortSignal }) {
      const body = await get(line, '/profileassociations', token, abortSignal)
      return pageOf<ProfileAssociation>(body, 'ProfileAssociations')
    },
    async listProfileResourceAssociations(profileId, token, { abortSignal }) {
      const path = `/profileresourceassociations/profileid/${encoded(profileId)}`
      const body = await get(line, path, token, abortSignal)
      return pageOf<ProfileResourceAssociation>(body, 'ProfileResourceAssociations')
    },
  }
}

async function get(line: Line, path: string, token: string | undefined, signal: AbortSignal): Promise<JsonObject> {
  const base = line.endpoint?.replace(/\/+$/, '') ?? profilesEndpoint(line.region)
  const more = token === undefined ? '' : `&nextToken=${encoded(token)}`
  const request = await signed(line, new URL(`${base}${path}?maxResults=100${more}`), signal)
  signal.throwIfAborted()
  const send = line.fetch ?? ((one: Request) => fetch(one))
  try {
    return await objectOf(await send(request), line.clock)
  } catch (error) {
    throw connectionError(error)
  }
}

/** Written as it is signed: everything but letters, digits and `-._~` percent-encoded. URLSearchParams and JavaScript leave more. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A redirect is an error: the session token would go along to wherever it leads. */
async function signed({ region, credentials, clock }: Line, url: URL, signal: AbortSignal): Promise<Request> {
  const { accessKeyId, secretAccessKey, sessionToken } = await credentials()
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  const signer = new AwsClient({ ...identity, region, service: 'route53profiles', retries: 0 })
  const headers = { accept: 'application/json' }
  return signer.sign(url, { method: 'GET', headers, redirect: 'error', signal, aws: { datetime: clock.stamp() } })
}

/** The parts as they arrived; their reader looks at their shape. */
function pageOf<T>(body: JsonObject, list: string): ProfilesPage<T> {
  const entries = own(body, list) as readonly T[] | null | undefined
  const token = own(body, 'NextToken') as string | null | undefined
  return { entries: entries ?? undefined, NextToken: token ?? undefined }
}
