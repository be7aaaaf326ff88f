import type { Session } from '../sources/sts/session.ts'
import { requestHandler } from './request-handler.ts'

/** What a client calls as, where, and within what time. */
export interface PoliteCaller {
  readonly region: string
  readonly credentials: Session['credentials']
  /** Upper bound of one request, milliseconds. */
  readonly attemptTimeout: number
  /** Takes the place of AWS, for tests. */
  readonly endpoint?: string | undefined
}

/** The configuration of an SDK client behind `polite`, which makes the attempts: the SDK makes one request per call. */
export function politeConfiguration({ region, credentials, attemptTimeout, endpoint }: PoliteCaller) {
  return {
    ...{ region, credentials, maxAttempts: 1, requestHandler: requestHandler(attemptTimeout) },
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}
