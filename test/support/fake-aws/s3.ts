import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Client } from '@aws-sdk/client-s3'
import { Refusal } from './refusal.ts'

/** One version of an object. */
export interface ObjectVersion {
  readonly body: Buffer
  readonly etag: string
  readonly versionId: string
  readonly writtenAt: Date
  readonly contentType: string | undefined
}

/** How a call goes wrong. */
export type S3Fault =
  | { readonly error: string; readonly status: number }
  | { readonly hang: true }
  /** The head of the answer, a byte of the body, and nothing more. */
  | { readonly trickle: true }
  /** The connection ends in the middle of the body. */
  | { readonly cut: true }
  /** The write is done, its answer never arrives. */
  | { readonly lost: true }
  /** A body instead of the object's, without its length in the head. */
  | { readonly stream: Buffer }
  /** Something else happens right before the call is served. */
  | { readonly meanwhile: () => void }

/** One versioned bucket. */
export interface FakeS3 {
  readonly endpoint: string
  readonly bucket: string
  readonly ownerId: string
  /** All versions by key, the newest last. */
  readonly objects: Map<string, ObjectVersion[]>
  /** `GetObject key`, `PutObject key`, in order. */
  readonly calls: string[]
  /** Whether the caller may list: S3 tells nobody else that a key is not there. */
  mayList: boolean
  now: () => number
  /** Decides about each call; n counts calls of the operation from 1. */
  plan: (operation: string, n: number, key: string) => S3Fault | undefined
  put(key: string, text: string | Buffer): void
  /** The newest version's text. */
  text(key: string): string | undefined
  /** A client that gives up at the first failure. */
  client(): S3Client
  close(): Promise<void>
}

/** A server that speaks S3's REST with XML errors: GetObject and PutObject with conditions, of one bucket. */
export async function startFakeS3(bucket = 'hub-bucket', ownerId = '999999999999'): Promise<FakeS3> {
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const operation = request.method === 'PUT' ? 'PutObject' : 'GetObject'
      const [, name = '', ...parts] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/')
      const key = decodeURIComponent(parts.join('/'))
      const n = (counts.get(operation) ?? 0) + 1
      counts.set(operation, n)
      fake.calls.push(`${operation} ${key}`)
      answer(
        fake,
        { request, response, operation, name, key, body: Buffer.concat(chunks) },
        fake.plan(operation, n, key),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fake: FakeS3 = {
    ...{ endpoint, bucket, ownerId, objects: new Map(), calls: [], mayList: true, now: Date.now },
    plan: () => undefined,
    put: (key, text) => void store(fake, key, Buffer.from(text), undefined),
    text: (key) => fake.objects.get(key)?.at(-1)?.body.toString(),
    client: () =>
      new S3Client({
        ...{ endpoint, region: 'eu-central-1', forcePathStyle: true, maxAttempts: 1 },
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return fake
}

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly operation: 'GetObject' | 'PutObject'
  readonly name: string
  readonly key: string
  readonly body: Buffer
}

function answer(fake: FakeS3, call: Call, fault: S3Fault | undefined): void {
  const { response, operation } = call
  if (fault && 'hang' in fault) return
  if (fault && 'meanwhile' in fault) fault.meanwhile()
  try {
    if (fault && 'error' in fault) throw new Refusal(fault.error, fault.status)
    admit(fake, call)
    if (operation === 'PutObject') {
      const { etag, versionId } = put(fake, call)
      if (fault && 'lost' in fault) return void response.destroy()
      return void response.writeHead(200, { etag, 'x-amz-version-id': versionId }).end()
    }
    get(response, versionOf(fake, call.key), fault)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>no</Message></Error>`
    response.writeHead(error.status, { 'content-type': 'application/xml' }).end(text)
  }
}

function admit(fake: FakeS3, { request, name }: Call): void {
  if (name !== fake.bucket) throw new Refusal('NoSuchBucket', 404)
  const owner = request.headers['x-amz-expected-bucket-owner']
  if (owner !== undefined && owner !== fake.ownerId) throw new Refusal('AccessDenied', 403)
}

function versionOf({ objects, mayList }: FakeS3, key: string): ObjectVersion {
  const version = objects.get(key)?.at(-1)
  if (version !== undefined) return version
  throw mayList ? new Refusal('NoSuchKey', 404) : new Refusal('AccessDenied', 403)
}

function get(response: ServerResponse, version: ObjectVersion, fault: S3Fault | undefined): void {
  const { body, etag, versionId, writtenAt, contentType = 'binary/octet-stream' } = version
  const head = {
    ...{ etag, 'x-amz-version-id': versionId, 'content-type': contentType },
    'last-modified': writtenAt.toUTCString(),
  }
  if (fault && 'stream' in fault) return void response.writeHead(200, head).end(fault.stream)
  response.writeHead(200, { ...head, 'content-length': body.length })
  if (fault && 'trickle' in fault) return void response.write(body.subarray(0, 1))
  if (fault && 'cut' in fault) {
    return void response.write(body.subarray(0, body.length >> 1), () => response.destroy())
  }
  response.end(body)
}

function put(fake: FakeS3, { request, key, body }: Call): ObjectVersion {
  const held = fake.objects.get(key)?.at(-1)
  const { 'if-match': match, 'if-none-match': noneMatch } = request.headers
  if (match !== undefined && held === undefined) throw new Refusal('NoSuchKey', 404)
  if (match !== undefined && match !== held?.etag) throw new Refusal('PreconditionFailed', 412)
  if (noneMatch !== undefined && held !== undefined) throw new Refusal('PreconditionFailed', 412)
  return store(fake, key, body, request.headers['content-type'])
}

function store(fake: FakeS3, key: string, body: Buffer, contentType: string | undefined): ObjectVersion {
  const versions = fake.objects.get(key) ?? []
  const version = {
    ...{ body, contentType, versionId: String(versions.length + 1), writtenAt: new Date(fake.now()) },
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
  }
  versions.push(version)
  fake.objects.set(key, versions)
  return version
}
