import type { EcrReader } from '../../../shared/sources/ecr/reader.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

/** A reader of the fake's account, with a real client. */
export function readerOf(fake: FakeAws, callTimeout = 5_000): EcrReader {
  const { accountId, region } = fake.state
  const { ecr } = clientsAt(fake.endpoint, region)
  return { client: ecr, accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout }
}

/** Faults of a call, and whether trying again may help. */
export const faults = [
  ['is denied', { error: 'AccessDeniedException' }, 'AccessDeniedException', 'lasting'],
  ['is throttled', { error: 'ThrottlingException' }, 'ThrottlingException', 'passing'],
  ['fails with a 500', { error: 'ServerException', status: 500 }, 'ServerException', 'passing'],
  ['answers an empty object', { answer: {} }, 'MalformedAnswer', 'passing'],
  ['answers nothing', { text: '' }, 'MalformedAnswer', 'passing'],
  ['answers HTML', { text: '<html></html>' }, 'SyntaxError', 'passing'],
  ['answers a 500 in HTML', { text: '<html></html>', status: 500 }, 'SyntaxError', 'passing'],
  ['never answers', { hang: true }, 'AbortError', 'passing'],
] as const
