import { errorName } from '../failure.ts'

/**
 * What a failed request means for the next one. `throttled` and `passing`: wait and try again. `unreachable`: nobody there,
 * which may be a gap in the network. `expired`: make new credentials. `skewed`: the client has corrected its clock.
 * `unreadable`: an answer came that nobody could read. `final`: the service has decided, or nobody knows better.
 */
export type FailureKind = 'throttled' | 'passing' | 'unreachable' | 'expired' | 'skewed' | 'unreadable' | 'final'

const throttlingNames = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])

const passingNames = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'InternalFailure',
  'InternalError',
  'InternalServerError',
  'InternalServiceError',
  'ServerException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
])

const expiredNames = new Set(['ExpiredToken', 'ExpiredTokenException'])

const brokenCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])

const unreachableCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH', 'ENOTFOUND'])

/** Parts of an error that the SDK or Node.js adds; each may be missing. */
interface ErrorParts {
  readonly code?: unknown
  readonly cause?: { readonly code?: unknown } | null
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean }
  readonly $response?: { readonly statusCode?: number }
}

/** Sorts a failed request by name and by status: throttling and server errors without a body have no name. */
export function failureKind(error: unknown): FailureKind {
  const parts: ErrorParts = typeof error === 'object' && error !== null ? error : {}
  const status = parts.$metadata?.httpStatusCode ?? parts.$response?.statusCode
  const name = errorName(error)
  if (throttlingNames.has(name) || status === 429) return 'throttled'
  if (expiredNames.has(name)) return 'expired'
  if (passingNames.has(name) || isServerFault(status) || hasCode(parts, brokenCodes)) return 'passing'
  if (hasCode(parts, unreachableCodes)) return 'unreachable'
  if (parts.$metadata?.clockSkewCorrected === true) return 'skewed'
  // EC2's word both for credentials that have expired and for a request signed too long ago.
  if (name === 'RequestExpired') return 'expired'
  return isUnreadable(name, status) ? 'unreadable' : 'final'
}

/** 501 says that the service does not know the call, today or tomorrow. */
function isServerFault(status: number | undefined): boolean {
  return status !== undefined && (status === 408 || (status >= 500 && status !== 501))
}

function isUnreadable(name: string, status: number | undefined): boolean {
  if (name === 'SyntaxError' || name === 'MalformedAnswer') return true
  return status !== undefined && status < 300
}

function hasCode({ code, cause }: ErrorParts, codes: ReadonlySet<string>): boolean {
  return [code, cause?.code].some((value) => typeof value === 'string' && codes.has(value))
}
