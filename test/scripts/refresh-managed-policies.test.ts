import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { IAMClient } from '@aws-sdk/client-iam'
import { afterEach, describe, expect, it } from 'vitest'
import { captureFromFile, captureOf, readManagedPolicies } from '../../scripts/refresh-managed-policies.ts'
import type { JsonValue } from '../../shared/model/json.ts'

interface Held {
  readonly path?: string
  readonly versionId: string
  readonly document: JsonValue | string
}

let server: Server | undefined
afterEach(() => new Promise((done) => (server === undefined ? done(undefined) : server.close(done))))

/** IAM's query protocol over some policies, two to a page. `calls` are the parameters it was sent. */
async function fakeIam(policies: Readonly<Record<string, Held>>, calls: URLSearchParams[] = []): Promise<IAMClient> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const parameters = new URLSearchParams(Buffer.concat(chunks).toString())
      calls.push(parameters)
      const { status, body } = answer(policies, parameters)
      response.writeHead(status, { 'content-type': 'text/xml', connection: 'close' }).end(body)
    })
  })
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return new IAMClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials, maxAttempts: 1 })
}

function answer(policies: Readonly<Record<string, Held>>, parameters: URLSearchParams) {
  const action = parameters.get('Action')
  const wrap = (inner: string) =>
    `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${inner}</${action}Result></${action}Response>`
  if (action === 'ListPolicies')
    return { status: 200, body: wrap(pageOf(policies, Number(parameters.get('Marker') ?? 0))) }
  const name = parameters.get('PolicyArn')?.split('/').at(-1) ?? ''
  const held = policies[name]
  if (action !== 'GetPolicyVersion' || held === undefined || held.versionId !== parameters.get('VersionId')) {
    const error = '<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>not there</Message></Error>'
    return { status: 404, body: `<ErrorResponse>${error}</ErrorResponse>` }
  }
  const text = typeof held.document === 'string' ? held.document : JSON.stringify(held.document)
  const version = `<Document>${encodeURIComponent(text)}</Document><VersionId>${held.versionId}</VersionId>`
  return {
    status: 200,
    body: wrap(`<PolicyVersion>${version}<IsDefaultVersion>true</IsDefaultVersion></PolicyVersion>`),
  }
}

function pageOf(policies: Readonly<Record<string, Held>>, start: number): string {
  const all = Object.entries(policies)
  const members = all.slice(start, start + 2).map(([name, { path = '', versionId }]) => {
    const arn = `arn:aws:iam::aws:policy/${path}${name}`
    return `<member><PolicyName>${name}</PolicyName><Arn>${arn}</Arn><DefaultVersionId>${versionId}</DefaultVersionId></member>`
  })
  const rest = start + 2 < all.length ? `<IsTruncated>true</IsTruncated><Marker>${start + 2}</Marker>` : ''
  return `<Policies>${members.join('')}</Policies>${rest}`
}

function documentWith(...Statement: JsonValue[]) {
  return { Version: '2012-10-17', Statement }
}

const mixed = { Sid: 'Mixed+1', Effect: 'Allow', Action: ['s3:GetObject', 'ECR:BatchGetImage'], Resource: '*' }
const objects = { Effect: 'Allow', Action: 's3:*', Resource: '*' }
const unlock = { Effect: 'Deny', NotAction: ['sqs:*'], Resource: '*' }

describe('a refresh from the IAM API', () => {
  it('reads every page, in the default version, and keeps what speaks of registries', async () => {
    const calls: URLSearchParams[] = []
    const client = await fakeIam(
      {
        Zeta: { versionId: 'v3', document: documentWith(objects, mixed) },
        Objects: { versionId: 'v1', document: documentWith(objects) },
        Task: { path: 'service-role/', versionId: 'v2', document: { Statement: mixed } },
        Unlock: { versionId: 'v1', document: documentWith(unlock) },
        Admin: { versionId: 'v1', document: documentWith({ Effect: 'Allow', Action: '*', Resource: '*' }) },
      },
      calls,
    )
    const reduced = { ...mixed, Action: ['ECR:BatchGetImage'] }
    expect(captureOf(await readManagedPolicies(client), '2026-05-01')).toEqual({
      capturedAt: '2026-05-01',
      policies: {
        Admin: {
          versionId: 'v1',
          language: '2012-10-17',
          statements: [{ Effect: 'Allow', Action: ['*'], Resource: '*' }],
        },
        Task: { versionId: 'v2', language: '2008-10-17', statements: [reduced] },
        Unlock: { versionId: 'v1', language: '2012-10-17', statements: [unlock] },
        Zeta: { versionId: 'v3', language: '2012-10-17', statements: [reduced] },
      },
      withoutRegistryActions: ['Objects'],
    })
    const listings = calls.filter((call) => call.get('Action') === 'ListPolicies')
    expect(listings.map((call) => [call.get('Scope'), call.get('Marker')])).toEqual([
      ['AWS', null],
      ['AWS', '2'],
      ['AWS', '4'],
    ])
    expect(calls.find((call) => call.get('PolicyArn')?.endsWith('/Task'))!.get('PolicyArn')).toBe(
      'arn:aws:iam::aws:policy/service-role/Task',
    )
  })

  it('fails as a whole when one policy cannot be read', async () => {
    const client = await fakeIam({ Broken: { versionId: 'v1', document: 'no JSON' } })
    await expect(readManagedPolicies(client)).rejects.toThrow(/JSON/)
  })

  it('fails as a whole when a document is no object', async () => {
    const client = await fakeIam({ Listed: { versionId: 'v1', document: ['x'] } })
    await expect(readManagedPolicies(client)).rejects.toThrow('arn:aws:iam::aws:policy/Listed v1 is not a JSON object')
  })
})

describe('what is kept of a statement', () => {
  const kept = (statement: JsonValue) =>
    captureOf([{ name: 'P', versionId: 'v1', document: documentWith(statement) }], '2026-05-01').policies.P?.statements

  it.each(['ecr:*', 'ecr-public:*', 'e*:*', '*', '*:Describe*', 'ecr?public:Get*', 'EcR:List*'])(
    'is an action like %s',
    (action) => {
      const statement = { Effect: 'Allow', Action: [action], Resource: '*' }
      expect(kept(statement)).toEqual([statement])
    },
  )

  it.each(['ec2:*', 'ecs:*', 's*:*', 's3:ecr:*'])('is no action like %s', (action) => {
    expect(kept({ Effect: 'Allow', Action: [action], Resource: '*' })).toBeUndefined()
  })

  it('is everything where it is not understood', () => {
    expect(kept('odd')).toEqual(['odd'])
    expect(kept({ Effect: 'Allow', Action: [1], Resource: '*' })).toEqual([
      { Effect: 'Allow', Action: [1], Resource: '*' },
    ])
  })
})

describe('a capture file', () => {
  const policies = { Zeta: { versionId: 'v3', document: documentWith(objects, mixed) } }

  it('is converted', () => {
    expect(captureFromFile({ capturedAt: '2026-03-07', policies, withoutRegistryActions: ['B', 'A'] })).toEqual({
      capturedAt: '2026-03-07',
      policies: {
        Zeta: { versionId: 'v3', language: '2012-10-17', statements: [{ ...mixed, Action: ['ECR:BatchGetImage'] }] },
      },
      withoutRegistryActions: ['A', 'B'],
    })
  })

  it.each<[JsonValue, string]>([
    [[], 'the capture is not a JSON object'],
    [{ policies }, 'capturedAt is not a date'],
    [{ capturedAt: '2026-03-07' }, 'policies is missing or empty'],
    [{ capturedAt: '2026-03-07', policies: { A: { versionId: 'v1' } } }, 'policies.A lacks versionId or document'],
    [{ capturedAt: '2026-03-07', policies, withoutRegistryActions: ['Zeta'] }, 'two policies are named Zeta'],
  ])('is refused when it is not whole (%#)', (json, message) => {
    expect(() => captureFromFile(json)).toThrow(message)
  })

  it('is what the command reads with --from', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pullpath-capture-'))
    try {
      const [from, out] = [join(folder, 'capture.json'), join(folder, 'data.json')]
      writeFileSync(from, JSON.stringify({ capturedAt: '2026-03-07', policies, withoutRegistryActions: ['A'] }))
      const script = resolve(import.meta.dirname, '../../scripts/refresh-managed-policies.ts')
      const said = execFileSync(process.execPath, [script, '--from', from, '--out', out], { encoding: 'utf8' })
      expect(said).toBe(`${out}: 1 policies with registry actions, 1 without\n`)
      expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ withoutRegistryActions: ['A'] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
