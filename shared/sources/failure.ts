import type { Transience } from '../model/fact.ts'

/** Why a call gave no answer. */
export interface ReadFailure {
  /** One line that names the action and the error, without the service's free text. */
  readonly reason: string
  readonly transience: Transience
}

/** An answer that arrived but is not shaped as documented; an empty 200 is one. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer'
}

/** Credentials could not be made. The message is one line that says what to do, without free text of others. */
export class CredentialsProblem extends Error {
  override readonly name = 'CredentialsProblem'
  readonly transience: Transience
  constructor(reason: string, transience: Transience) {
    super(reason)
    this.transience = transience
  }
}

const lastingNames = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'AuthFailure',
  'OptInRequired',
  'UnknownOperationException',
  'UnsupportedOperation',
  'NotImplemented',
  'ValidationException',
  'InvalidParameterException',
])

const passingNames = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'RequestTimeout',
  'TimeoutError',
  'AbortError',
  'ServerException',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ExpiredTokenException',
  'ExpiredToken',
  'RequestExpired',
  'EC2ThrottledException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'PriorRequestNotComplete',
  'BandwidthLimitExceeded',
  'InvalidSignatureException',
])

/** What the SDK throws when the body of an answer cannot be parsed: nobody knows what a refusal refused. */
const unreadableNames = new Set(['Error', 'SyntaxError'])

/** The name of an AWS error, or of the JavaScript error when the service did not answer; a system's code (`ENOTFOUND`) where there is one. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error) || error.name === '') return 'UnknownError'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.name === 'Error' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : error.name
}

/**
 * Sorts a failed call: passing (worth trying again) or lasting. What is not known to be lasting is passing:
 * trying again is harmless, writing a verdict that nobody could check is not.
 */
export function readFailure(action: string, error: unknown): ReadFailure {
  if (error instanceof CredentialsProblem) {
    return { reason: `${action}: ${error.message}`, transience: error.transience }
  }
  const name = errorName(error)
  return { reason: `${action} failed with ${name}`, transience: transienceOf(name, statusOf(error)) }
}

function transienceOf(name: string, status: number | undefined): Transience {
  if (lastingNames.has(name)) return 'lasting'
  if (passingNames.has(name) || unreadableNames.has(name)) return 'passing'
  if (status === undefined || status === 429 || status >= 500 || status < 400) return 'passing'
  return 'lasting'
}

function statusOf(error: unknown): number | undefined {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata
  return metadata?.httpStatusCode
}
