import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterEach, describe, expect, it } from 'vitest'
import { readFailure } from '../../../shared/sources/failure.ts'
import { polite } from '../../../shared/sources/polite/polite-client.ts'
import { bare, dateAhead, json, refused, text } from '../../support/fault-server/answers.ts'
import {
  type FaultAnswer,
  type FaultScript,
  type FaultServer,
  startFaultServer,
} from '../../support/fault-server/fault-server.ts'
import { place, politeEcr, testPoliteness } from './support.ts'

let server: FaultServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

const good = json({ repositories: [{ repositoryName: 'team/app' }] })

/** How a call through `polite` ends when the server plays the script. */
async function ending(script: FaultScript, options: Parameters<typeof testPoliteness>[0] = {}) {
  server = await startFaultServer(script)
  const politeness = testPoliteness(options)
  const client = politeEcr(server.endpoint, politeness)
  const outcome = await client.send(new DescribeRepositoriesCommand({})).then(
    (answer) => ({ repositories: answer.repositories }),
    (error: unknown) => ({ error: (error as Error).name, ...readFailure('ecr:DescribeRepositories', error) }),
  )
  return { outcome, requests: server.requests.length, politeness }
}

const answered = { repositories: [{ repositoryName: 'team/app' }] }

describe('a call that goes wrong and then right', () => {
  const rows: readonly (readonly [string, readonly FaultAnswer[], number])[] = [
    ['is throttled twice', [refused('ThrottlingException'), refused('ThrottlingException'), good], 3],
    ['meets a LimitExceededException', [refused('LimitExceededException'), good], 2],
    ['meets a 429 without a body', [bare(429), good], 2],
    ['meets a 500 without a body', [bare(500), good], 2],
    ['meets a 503 without a body', [bare(503), good], 2],
    ['meets a 500 of HTML', [text('<html>oops</html>', 500), good], 2],
    ['meets a server error by name', [refused('ServerException', 500), good], 2],
    ['meets a connection reset', [{ kind: 'reset' }, good], 2],
    ['meets a reset in the middle of the body', [{ kind: 'cut', body: '{"repos', end: 'reset' }, good], 2],
    ['meets a body that ends too early', [{ kind: 'cut', body: '{"repos', end: 'close' }, good], 2],
    ['meets malformed JSON', [text('{"repositories": ['), good], 2],
    ['meets HTML', [text('<html><body>proxy</body></html>'), good], 2],
    ['meets a clock that is off', [refused('InvalidSignatureException', 400, dateAhead(20)), good], 2],
  ]
  it.each(rows)('that %s is answered in the end', async (_name, script, requests) => {
    expect(await ending(script)).toMatchObject({ outcome: answered, requests })
  })

  it.each([
    ['a request that hangs', { kind: 'hang' }],
    ['a body that trickles', { kind: 'trickle' }],
  ] as const)('after %s is answered by the next request', async (_name, fault) => {
    expect(await ending([fault, good], { attemptTimeout: 600 })).toMatchObject({ outcome: answered, requests: 2 })
  })
})

describe('a call that keeps going wrong', () => {
  const rows: readonly (readonly [string, FaultAnswer, string, 'passing' | 'lasting', number])[] = [
    ['malformed JSON', text('{"repositories": ['), 'SyntaxError', 'passing', 2],
    ['HTML', text('<html></html>'), 'SyntaxError', 'passing', 2],
    ['a denial', refused('AccessDeniedException'), 'AccessDeniedException', 'lasting', 1],
    ['not found', refused('RepositoryNotFoundException'), 'RepositoryNotFoundException', 'lasting', 1],
    ['a validation error', refused('ValidationException'), 'ValidationException', 'lasting', 1],
    ['an unknown operation', refused('UnknownOperationException', 501), 'UnknownOperationException', 'lasting', 1],
    [
      'a denial from a server whose clock is off',
      refused('AccessDeniedException', 400, dateAhead(10)),
      'AccessDeniedException',
      'lasting',
      2,
    ],
    [
      'expired credentials that nobody can renew',
      refused('ExpiredTokenException'),
      'ExpiredTokenException',
      'passing',
      1,
    ],
  ]
  it.each(rows)('by %s ends with it', async (_name, fault, error, transience, requests) => {
    expect(await ending([fault])).toMatchObject({
      outcome: { error, transience, reason: `ecr:DescribeRepositories failed with ${error}` },
      requests,
    })
  })

  it('is tried with growing waits until its time is up', async () => {
    const { outcome, requests, politeness } = await ending([bare(500)], { callTimeout: 10_000 })
    expect(politeness.waits).toEqual([100, 200, 400, 800, 1_600, 3_200])
    expect(requests).toBe(7)
    expect(outcome).toMatchObject({ transience: 'passing' })
  })

  it('waits twenty seconds at most', async () => {
    const { politeness } = await ending([bare(503)], { callTimeout: 60_000, random: () => 0.999 })
    expect(Math.max(...politeness.waits)).toBe(19_980)
  })
})

describe('B7 faults below the protocol that do not pass', () => {
  it.each([
    ['hanging', { kind: 'hang' }, 60, 'TimeoutError'],
    ['trickling', { kind: 'trickle' }, 60, 'TimeoutError'],
    ['resets', { kind: 'reset' }, 5_000, 'TimeoutError'],
    ['resets in the middle of the body', { kind: 'cut', body: '{"repos', end: 'reset' }, 5_000, 'Error'],
    ['truncated bodies', { kind: 'cut', body: '{"repos', end: 'close' }, 5_000, 'Error'],
  ] as const)(
    'B7 %s end the call within its time, and trying again later may help',
    async (_name, fault, attemptTimeout, error) => {
      const { outcome, requests, politeness } = await ending([fault], { attemptTimeout, callTimeout: 1_500 })
      expect(outcome).toMatchObject({ error, transience: 'passing' })
      expect(politeness.waits).toEqual([100, 200, 400])
      expect(requests).toBe(4)
    },
  )

  it('B7 a service that nobody answers for is tried six times', async () => {
    const gone = await startFaultServer([])
    await gone.close()
    const politeness = testPoliteness({ callTimeout: Number.MAX_SAFE_INTEGER })
    const call = politeEcr(gone.endpoint, politeness).send(new DescribeRepositoriesCommand({}))
    await expect(call).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(politeness.reports).toMatchObject([{ attempts: 6, outcome: 'failed' }])
  })
})

describe('an answer that is well-formed but wrong', () => {
  it.each([
    ['an empty 200', text(''), undefined],
    ['an object where a list should be', json({ repositories: {} }), {}],
    ['null where a list should be', json({ repositories: null }), undefined],
  ])(
    'such as %s is handed to the reader after one request, for the reader to refuse',
    async (_name, fault, repositories) => {
      expect(await ending([fault])).toMatchObject({ outcome: { repositories }, requests: 1 })
    },
  )

  it('does not touch prototypes', async () => {
    const { outcome } = await ending([text('{"repositories":[],"__proto__":{"polluted":true}}')])
    expect(outcome).toEqual({ repositories: [] })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('an answer in XML', () => {
  it('that is cut off is asked for once more and then unknown', async () => {
    server = await startFaultServer([text('<GetAccountAuthorizationDetailsResponse><Role')])
    const { endpoint } = server
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const connect = () => new IAMClient({ region: place.region, endpoint, credentials, maxAttempts: 1 })
    const iam = polite({ ...place, service: 'iam' }, connect, testPoliteness())
    const error = await iam.send(new GetAccountAuthorizationDetailsCommand({})).catch((reason: unknown) => reason)
    expect(readFailure('iam:GetAccountAuthorizationDetails', error).transience).toBe('passing')
    expect(server.requests).toHaveLength(2)
  })
})
