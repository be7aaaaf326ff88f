import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFailure } from '../../../shared/sources/failure.ts'
import {
  type ProfilesConnection,
  route53ProfilesClient,
} from '../../../shared/sources/route53-profiles/route53-profiles-client.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const now = Date.parse('2026-03-01T12:00:00.000Z')
const options = () => ({ abortSignal: AbortSignal.timeout(5_000) })

/** A client whose requests go to `answer` alone; those sent, in order. */
function clientWith(
  answer: (request: Request) => Response | Promise<Response>,
  more: Partial<ProfilesConnection> = {},
) {
  const sent: Request[] = []
  const client = route53ProfilesClient({
    region: 'eu-central-1',
    credentials: async () => keys,
    now: () => now,
    fetch: async (request) => {
      sent.push(request)
      return answer(request)
    },
    ...more,
  })
  return { client, sent }
}

const empty = () => Response.json({ ProfileAssociations: [], ProfileResourceAssociations: [] })
const list = (answer: (request: Request) => Response | Promise<Response>, more?: Partial<ProfilesConnection>) =>
  clientWith(answer, more).client.listProfileAssociations(undefined, options())
const failed = (answer: (request: Request) => Response | Promise<Response>, more?: Partial<ProfilesConnection>) =>
  list(answer, more).then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error,
  )

/** Signature Version 4 as AWS documents it, written down a second time. */
function signatureOf(request: Request, region: string): string {
  const url = new URL(request.url)
  const stamp = request.headers.get('x-amz-date') ?? ''
  const signedHeaders = /SignedHeaders=([^,]+)/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${name === 'host' ? url.host : request.headers.get(name)}\n`)
    .join('')
  const path = url.pathname.split('/').map(encodeURIComponent).join('/')
  const query = url.search.slice(1).split('&').sort().join('&')
  const canonical = [request.method, path, query, headers, signedHeaders, sha256('')].join('\n')
  const scope = `${stamp.slice(0, 8)}/${region}/route53profiles/aws4_request`
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`)
  return hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')).toString('hex')
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

describe('a request of Route 53 Profiles', () => {
  it('asks for associations, a hundred at a time', async () => {
    const { client, sent } = clientWith(empty)
    await client.listProfileAssociations(undefined, options())
    await client.listProfileAssociations("a b+/=&c!'()*~", options())
    const base = 'https://route53profiles.eu-central-1.amazonaws.com/profileassociations?maxResults=100'
    expect(sent.map(({ url }) => url)).toEqual([base, `${base}&nextToken=a%20b%2B%2F%3D%26c%21%27%28%29%2A~`])
    expect(sent.map(({ method, redirect }) => [method, redirect])).toEqual([
      ['GET', 'error'],
      ['GET', 'error'],
    ])
  })
  it('asks for the resources of a profile, whatever its id holds', async () => {
    const { client, sent } = clientWith(empty)
    await client.listProfileResourceAssociations('rp-1', undefined, options())
    await client.listProfileResourceAssociations('rp/?#%1', '7', options())
    const base = 'https://route53profiles.eu-central-1.amazonaws.com/profileresourceassociations/profileid'
    expect(sent.map(({ url }) => url)).toEqual([
      `${base}/rp-1?maxResults=100`,
      `${base}/rp%2F%3F%23%251?maxResults=100&nextToken=7`,
    ])
  })
  it.each(['rp-1', 'rp 1/x*'])('is signed for its service and region (profile %s)', async (profileId) => {
    const { client, sent } = clientWith(empty)
    await client.listProfileResourceAssociations(profileId, 'a b+/=(*)', options())
    const [request] = sent
    const authorization = request!.headers.get('authorization')
    expect(authorization).toContain('Credential=AKIDEXAMPLE/20260301/eu-central-1/route53profiles/aws4_request')
    expect(authorization).toContain(`Signature=${signatureOf(request!, 'eu-central-1')}`)
    expect(request!.headers.get('x-amz-date')).toBe('20260301T120000Z')
    expect(request!.headers.get('x-amz-security-token')).toBeNull()
  })
  it('carries and signs the session token', async () => {
    const { client, sent } = clientWith(empty, { credentials: async () => ({ ...keys, sessionToken: 'TOKEN' }) })
    await client.listProfileAssociations(undefined, options())
    const { headers } = sent[0]!
    expect(headers.get('x-amz-security-token')).toBe('TOKEN')
    expect(headers.get('authorization')).toMatch(/SignedHeaders=[^,]*x-amz-security-token/)
    expect(headers.get('authorization')).toContain(`Signature=${signatureOf(sent[0]!, 'eu-central-1')}`)
  })
  it('asks for credentials each time', async () => {
    let asked = 0
    const { client } = clientWith(empty, { credentials: async () => ({ ...keys, accessKeyId: `AKID${asked++}` }) })
    await client.listProfileAssociations(undefined, options())
    await client.listProfileAssociations(undefined, options())
    expect(asked).toBe(2)
  })
  it.each([
    ['us-east-1', 'route53profiles.us-east-1.amazonaws.com'],
    ['cn-north-1', 'route53profiles.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'route53profiles.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'route53profiles.eusc-de-east-1.amazonaws.eu'],
    ['us-iso-east-1', 'route53profiles.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', 'route53profiles.us-isob-east-1.sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'route53profiles.eu-isoe-west-1.cloud.adc-e.uk'],
    ['us-isof-south-1', 'route53profiles.us-isof-south-1.csp.hci.ic.gov'],
  ])('of %s goes to %s', async (region, host) => {
    const { client, sent } = clientWith(empty, { region })
    await client.listProfileAssociations(undefined, options())
    expect(new URL(sent[0]!.url).host).toBe(host)
  })
  it.each([['http://localhost:4566'], ['http://localhost:4566/'], ['http://localhost:4566//']])(
    'goes to the endpoint %s when there is one',
    async (endpoint) => {
      const { client, sent } = clientWith(empty, { endpoint })
      await client.listProfileAssociations(undefined, options())
      expect(sent[0]!.url).toBe('http://localhost:4566/profileassociations?maxResults=100')
    },
  )
  it.each(['evil.example/', 'eu-central-1.evil.example', 'eu-central-1@evil', '', 'a'.repeat(100_000)])(
    'is not sent when the region is no region (case %#)',
    async (region) => {
      const { client, sent } = clientWith(empty, { region })
      await expect(client.listProfileAssociations(undefined, options())).rejects.toThrow(RangeError)
      expect(sent).toEqual([])
    },
  )
  it('is not sent when there are no credentials, whose error stands', async () => {
    const expired = Object.assign(new Error('expired'), { name: 'CredentialsProviderError' })
    const { client, sent } = clientWith(empty, { credentials: () => Promise.reject(expired) })
    await expect(client.listProfileAssociations(undefined, options())).rejects.toBe(expired)
    expect(sent).toEqual([])
  })
  it('is not sent when its time is up already', async () => {
    const { client, sent } = clientWith(empty)
    const reason = new Error('over')
    const call = client.listProfileAssociations(undefined, { abortSignal: AbortSignal.abort(reason) })
    await expect(call).rejects.toBe(reason)
    expect(sent).toEqual([])
  })
})

describe('an answer of Route 53 Profiles', () => {
  it('is a page', async () => {
    const ProfileAssociations = [{ Id: 'rpassoc-1' }]
    expect(await list(() => Response.json({ ProfileAssociations, NextToken: 'n' }))).toEqual({
      entries: ProfileAssociations,
      NextToken: 'n',
    })
  })
  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['nulls', '{"ProfileAssociations":null,"NextToken":null}'],
  ])('that is %s is a page without a list', async (_what, text) => {
    expect(await list(() => new Response(text))).toEqual({ entries: undefined, NextToken: undefined })
  })
  it.each([
    ['a page in HTML', '<html></html>'],
    ['JSON cut off', '{"ProfileAssociations":['],
  ])('that is %s is a SyntaxError with the status', async (_what, text) => {
    const error = await failed(() => new Response(text))
    expect(error).toMatchObject({ name: 'SyntaxError', $metadata: { httpStatusCode: 200 } })
  })

  const header = (code: string, status: number, text = '{}') =>
    new Response(text, { status, headers: { 'x-amzn-errortype': code } })
  it.each([
    ['its header', () => header('AccessDeniedException', 400), 'AccessDeniedException', 'lasting'],
    [
      'its header with an address',
      () => header('ThrottlingException:http://x/', 400),
      'ThrottlingException',
      'passing',
    ],
    ['its header over HTML', () => header('ValidationException', 400, '<html>'), 'ValidationException', 'lasting'],
    [
      '__type',
      () => Response.json({ __type: 'a.b#ExpiredTokenException' }, { status: 403 }),
      'ExpiredTokenException',
      'passing',
    ],
    [
      'code',
      () => Response.json({ code: 'ResourceNotFoundException' }, { status: 404 }),
      'ResourceNotFoundException',
      'lasting',
    ],
    ['no name at all', () => new Response('', { status: 429 }), 'Unknown', 'passing'],
    ['a name that is none', () => header('<b>x</b>', 503), 'Unknown', 'passing'],
    ['HTML', () => new Response('<html>', { status: 502 }), 'SyntaxError', 'passing'],
    ['a name that is no text', () => Response.json({ __type: 7 }, { status: 400 }), 'Unknown', 'lasting'],
  ] as const)('that refuses is named by %s', async (_what, answer, name, transience) => {
    const error = await failed(answer)
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: answer().status } })
    expect(readFailure('a:B', error)).toEqual({ reason: `a:B failed with ${name}`, transience })
  })
  it('that never came is named by the code of the system', async () => {
    const broken = (cause: unknown) => () => Promise.reject(new TypeError('fetch failed', { cause }))
    expect(await failed(broken({ code: 'ENOTFOUND' }))).toMatchObject({ name: 'ENOTFOUND', code: 'ENOTFOUND' })
    expect(await failed(broken({ code: 'UND_ERR_SOCKET' }))).toMatchObject({ name: 'ECONNRESET', code: 'ECONNRESET' })
    expect(await failed(broken(undefined))).toMatchObject({ name: 'ConnectionError' })
    const notFound = await failed(broken({ code: 'ENOTFOUND' }))
    expect(readFailure('a:B', notFound)).toEqual({ reason: 'a:B failed with ENOTFOUND', transience: 'passing' })
  })
})

describe('the clock of a signature', () => {
  const refusal = (code: string, date: number | string) =>
    new Response('{}', {
      status: 403,
      headers: { 'x-amzn-errortype': code, date: typeof date === 'string' ? date : new Date(date).toUTCString() },
    })
  const stamps = async (answer: () => Response) => {
    const { client, sent } = clientWith((request) => (sent.indexOf(request) === 0 ? answer() : empty()))
    const error: unknown = await client.listProfileAssociations(undefined, options()).catch((one: unknown) => one)
    await client.listProfileAssociations(undefined, options())
    return { error, stamp: sent[1]!.headers.get('x-amz-date') }
  }
  it.each([
    [20, '20260301T122000Z'],
    [-20, '20260301T114000Z'],
  ])('is put right after a refusal that is %i minutes away, and the error says so', async (minutes, expected) => {
    const { error, stamp } = await stamps(() => refusal('InvalidSignatureException', now + minutes * 60_000))
    expect(stamp).toBe(expected)
    expect(error).toMatchObject({ name: 'InvalidSignatureException', $metadata: { clockSkewCorrected: true } })
  })
  it.each([
    ['the clock is right', 'InvalidSignatureException', now + 60_000],
    ['the refusal is another', 'AccessDeniedException', now + 1_200_000],
    ['the service does not say the time', 'InvalidSignatureException', 'soon'],
  ])('stays when %s', async (_when, code, date) => {
    const { error, stamp } = await stamps(() => refusal(code, date))
    expect(stamp).toBe('20260301T120000Z')
    expect(error).not.toHaveProperty('$metadata.clockSkewCorrected')
  })
})

describe('over a real connection', () => {
  let server: Server
  let handle: (request: IncomingMessage, response: ServerResponse) => void
  let endpoint: string
  beforeEach(async () => {
    server = createServer((request, response) => handle(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })
  const call = (milliseconds = 5_000) =>
    route53ProfilesClient({ region: 'eu-central-1', credentials: async () => keys, endpoint })
      .listProfileAssociations(undefined, { abortSignal: AbortSignal.timeout(milliseconds) })
      .catch((error: unknown) => error)

  it('an answer arrives', async () => {
    handle = (_request, response) => response.end('{"ProfileAssociations":[]}')
    expect(await call()).toEqual({ entries: [], NextToken: undefined })
  })
  it('one failure is one request', async () => {
    let requests = 0
    handle = (_request, response) => {
      requests++
      response.writeHead(500).end()
    }
    expect(await call()).toMatchObject({ name: 'Unknown', $metadata: { httpStatusCode: 500 } })
    expect(requests).toBe(1)
  })
  it('a server that never answers is left at the end of the time', async () => {
    handle = () => undefined
    expect(await call(100)).toMatchObject({ name: 'TimeoutError' })
  })
  it('a body that trickles is left at the end of the time', async () => {
    handle = (_request, response) => {
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    }
    expect(await call(200)).toMatchObject({ name: 'TimeoutError' })
  })
  it('a connection that is reset is ECONNRESET, before the answer and within it', async () => {
    handle = (request) => request.socket.resetAndDestroy()
    expect(await call()).toMatchObject({ name: 'ECONNRESET' })
    handle = (request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"ProfileAssociations":[')
      setTimeout(() => request.socket.destroy(), 20)
    }
    expect(await call()).toMatchObject({ name: 'ECONNRESET' })
  })
  it('nobody there is ECONNREFUSED', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(await call()).toMatchObject({ name: 'ECONNREFUSED' })
  })
  it('a redirect is not followed', async () => {
    let requests = 0
    handle = (_request, response) => {
      requests++
      response.writeHead(302, { location: `${endpoint}/elsewhere` }).end()
    }
    expect(await call()).toMatchObject({ name: 'ConnectionError' })
    expect(requests).toBe(1)
  })
})
