import { describe, expect, it } from 'vitest'
import { MalformedAnswer } from '../../../shared/sources/failure.ts'
import { type FailureKind, failureKind } from '../../../shared/sources/polite/failure-kind.ts'

function failure(name: string, parts: object = {}): Error {
  return Object.assign(new Error('no'), { name }, parts)
}

const status = (httpStatusCode: number, more: object = {}) => ({ $metadata: { httpStatusCode, ...more } })

describe('the kind of a failure', () => {
  const rows: readonly (readonly [string, unknown, FailureKind])[] = [
    ['throttling by name', failure('RequestLimitExceeded', status(503)), 'throttled'],
    ['throttling by status', failure('Unknown', status(429)), 'throttled'],
    [
      'throttling where the clock is off',
      failure('Throttling', status(400, { clockSkewCorrected: true })),
      'throttled',
    ],
    ['a server error', failure('Unknown', status(502)), 'passing'],
    ['a server error where the clock is off', failure('Unknown', status(500, { clockSkewCorrected: true })), 'passing'],
    ['a server error seen in the response only', failure('SyntaxError', { $response: { statusCode: 503 } }), 'passing'],
    ['a request that took the service too long', failure('Unknown', status(408)), 'passing'],
    ['a time limit', failure('TimeoutError'), 'passing'],
    ['a lost connection', failure('Error', { code: 'ECONNRESET' }), 'passing'],
    ['a lost connection below fetch', failure('TypeError', { cause: { code: 'UND_ERR_SOCKET' } }), 'passing'],
    ['a name server that is busy', failure('Error', { code: 'EAI_AGAIN' }), 'passing'],
    ['a host that is not there', failure('Error', { code: 'ENOTFOUND' }), 'unreachable'],
    ['expired credentials', failure('ExpiredToken', status(403)), 'expired'],
    ['an expired request', failure('RequestExpired', status(400)), 'expired'],
    [
      'an expired request where the clock was off',
      failure('RequestExpired', status(400, { clockSkewCorrected: true })),
      'skewed',
    ],
    ['a corrected clock', failure('AuthFailure', status(401, { clockSkewCorrected: true })), 'skewed'],
    ['bad credentials', failure('AuthFailure', status(401)), 'final'],
    ['text that is no JSON', failure('SyntaxError'), 'unreadable'],
    ['an answer that is not as documented', new MalformedAnswer('no list'), 'unreadable'],
    ['XML that is cut off', failure('Error', status(200)), 'unreadable'],
    ['a denial', failure('AccessDenied', status(403)), 'final'],
    ['a call the service does not know', failure('NotImplemented', status(501)), 'final'],
    ['credentials nobody can make', failure('CredentialsProviderError'), 'final'],
    ['something that is no error', 'no', 'final'],
    ['nothing', undefined, 'final'],
    ['null', null, 'final'],
  ]
  it.each(rows)('of %s is found', (_name, error, kind) => {
    expect(failureKind(error)).toBe(kind)
  })
})
