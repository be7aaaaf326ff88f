import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { afterEach, describe, expect, it } from 'vitest'
import { readFailure } from '../../../shared/sources/failure.ts'
import { polite } from '../../../shared/sources/polite/polite-client.ts'
import { dateAhead, json, refused, text } from '../../support/fault-server/answers.ts'
import {
  type FaultRequest,
  type FaultScript,
  type FaultServer,
  startFaultServer,
} from '../../support/fault-server/fault-server.ts'
import { ecrClient, place, testPoliteness } from './support.ts'

let server: FaultServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

const good = json({ repositories: [] })

/** A session with numbered credentials, `key1` to begin with. */
function numberedSession() {
  const session = {
    renewals: 0,
    asked: 0,
    renew: () => {
      session.renewals += 1
    },
    credentials: async () => {
      session.asked += 1
      return { accessKeyId: `key${session.renewals + 1}`, secretAccessKey: 'secret' }
    },
  }
  return session
}

function keyOf({ headers }: FaultRequest): string {
  return /Credential=([^/]+)\//.exec(String(headers.authorization))?.[1] ?? ''
}

async function sessionClient(script: FaultScript) {
  server = await startFaultServer(script)
  const { endpoint } = server
  const session = numberedSession()
  const connect = () => ecrClient(endpoint, { credentials: session.credentials })
  return { session, client: polite(place, connect, testPoliteness(), session), requests: server.requests }
}

describe('B6 credentials expire in the middle of a run', () => {
  it.each(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'])(
    'B6 after %s they are asked for anew, and the call made once more',
    async (error) => {
      const { session, client, requests } = await sessionClient((request) =>
        keyOf(request) === 'key1' ? refused(error) : good,
      )
      expect(await client.send(new DescribeRepositoriesCommand({}))).toMatchObject({ repositories: [] })
      expect(session).toMatchObject({ renewals: 1, asked: 2 })
      expect(requests.map(keyOf)).toEqual(['key1', 'key2'])
      await client.send(new DescribeRepositoriesCommand({}))
      expect(session).toMatchObject({ renewals: 1, asked: 2 })
    },
  )

  it('B6 a second expiry of the same call stands', async () => {
    const { session, client, requests } = await sessionClient([refused('ExpiredTokenException')])
    const error = await client.send(new DescribeRepositoriesCommand({})).catch((reason: unknown) => reason)
    expect(readFailure('ecr:DescribeRepositories', error)).toEqual({
      reason: 'ecr:DescribeRepositories failed with ExpiredTokenException',
      transience: 'passing',
    })
    expect(session).toMatchObject({ renewals: 1, asked: 2 })
    expect(requests.map(keyOf)).toEqual(['key1', 'key2'])
  })

  it('B6 calls that find out together renew once', async () => {
    const { session, client, requests } = await sessionClient((request) =>
      keyOf(request) === 'key1' ? refused('ExpiredTokenException') : good,
    )
    const calls = Array.from({ length: 40 }, () => client.send(new DescribeRepositoriesCommand({})))
    expect(await Promise.all(calls)).toHaveLength(40)
    expect(session).toMatchObject({ renewals: 1, asked: 2 })
    expect(requests.filter((request) => keyOf(request) === 'key2')).toHaveLength(40)
  })

  it('B6 EC2 says RequestExpired in XML', async () => {
    const expired =
      '<Response><Errors><Error><Code>RequestExpired</Code><Message>no</Message></Error></Errors></Response>'
    server = await startFaultServer((request) =>
      keyOf(request) === 'key1' ? text(expired, 400) : text('<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>'),
    )
    const { endpoint } = server
    const session = numberedSession()
    const connect = () =>
      new EC2Client({ region: place.region, endpoint, maxAttempts: 1, credentials: session.credentials })
    const ec2 = polite({ ...place, service: 'ec2' }, connect, testPoliteness(), session)
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([])
    expect(session.renewals).toBe(1)
  })

  it('B6 credentials that cannot be made end the call at once', async () => {
    server = await startFaultServer([good])
    const { endpoint } = server
    const failure = Object.assign(new Error('sign in again'), { name: 'CredentialsProviderError' })
    const connect = () => ecrClient(endpoint, { credentials: () => Promise.reject(failure) })
    const client = polite(place, connect, testPoliteness(), { renew: () => {} })
    await expect(client.send(new DescribeRepositoriesCommand({}))).rejects.toThrow('sign in again')
    expect(server.requests).toHaveLength(0)
  })

  it('B6 credentials that never come end with the time of the call', async () => {
    server = await startFaultServer([good])
    const { endpoint } = server
    const connect = () => ecrClient(endpoint, { credentials: () => new Promise(() => {}) })
    const client = polite(place, connect, testPoliteness({ attemptTimeout: 50, callTimeout: 200 }))
    await expect(client.send(new DescribeRepositoriesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

/** A service whose clock is ahead and that refuses what was signed five minutes before or after. */
function strictClock(minutes: number, error = 'InvalidSignatureException') {
  return ({ headers }: FaultRequest) => {
    const ahead = dateAhead(minutes)
    const signed = signedAt(String(headers['x-amz-date']))
    const near = Math.abs(signed - Date.parse(ahead.date ?? '')) < 5 * 60_000
    return near ? json({ repositories: [] }, 200, ahead) : refused(error, 403, ahead)
  }
}

function signedAt(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

describe('B15 clock skew', () => {
  it.each([20, -20])('B15 of %i minutes is corrected with one request more, and stays corrected', async (minutes) => {
    const { client, requests } = await sessionClient(strictClock(minutes))
    await client.send(new DescribeRepositoriesCommand({}))
    expect(requests).toHaveLength(2)
    await client.send(new DescribeRepositoriesCommand({}))
    expect(requests).toHaveLength(3)
  })

  it('B15 is corrected for calls that meet it together', async () => {
    const { client, requests } = await sessionClient(strictClock(20))
    const calls = Array.from({ length: 20 }, () => client.send(new DescribeRepositoriesCommand({})))
    expect(await Promise.all(calls)).toHaveLength(20)
    expect(requests.length).toBeLessThanOrEqual(40)
  })

  it('B15 is not taken for credentials that have expired', async () => {
    const { session, client, requests } = await sessionClient(strictClock(20, 'RequestExpired'))
    await client.send(new DescribeRepositoriesCommand({}))
    expect(session.renewals).toBe(0)
    expect(requests).toHaveLength(2)
  })

  it('B15 is corrected again for the client that new credentials bring', async () => {
    const clock = strictClock(20)
    const { session, client, requests } = await sessionClient((request) => {
      const answer = clock(request)
      const inTime = answer.kind === 'answer' && answer.status === 200
      return inTime && keyOf(request) === 'key1' ? refused('ExpiredTokenException', 403, dateAhead(20)) : answer
    })
    expect(await client.send(new DescribeRepositoriesCommand({}))).toMatchObject({ repositories: [] })
    expect(session.renewals).toBe(1)
    expect(requests.map(keyOf)).toEqual(['key1', 'key1', 'key2', 'key2'])
  })
})
