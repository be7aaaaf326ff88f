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
  /** `GetObject key`, `PutObject key`, … (`ListObjectsV2 prefix`), in order. */
  readonly calls: string[]
  /** Uploads in parts that are neither complete nor abandoned, by id. */
  readonly uploads: Map<string, Map<number, Buffer>>
  /** Keys of a page of a listing. */
  pageSize: number
  /** Whether the caller may list, which the functions of members may not: S3 tells nobody else that a key is not there. */
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

/**
 * A server that speaks S3's REST with XML errors, of one bucket: GetObject and PutObject with conditions, ListObjectsV2, and uploads in
 * parts.
 */
export async function startFakeS3(bucket = 'hub-bucket', ownerId = '999999999999'): Promise<FakeS3> {
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const operation = operationOf(request.method, url.searchParams)
      const [, name = '', ...parts] = url.pathname.split('/')
      const path = decodeURIComponent(parts.join('/'))
      const key = operation === 'ListObjectsV2' ? (url.searchParams.get('prefix') ?? '') : path
      const n = (counts.get(operation) ?? 0) + 1
      counts.set(operation, n)
      fake.calls.push(`${operation} ${key}`)
      answer(
        fake,
        { request, response, operation, name, key, query: url.searchParams, body: Buffer.concat(chunks) },
        fake.plan(operation, n, key),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fake: FakeS3 = {
    ...{ endpoint, bucket, ownerId, objects: new Map(), calls: [], mayList: false, now: Date.now },
    ...{ uploads: new Map(), pageSize: 1_000 },
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

type Operation =
  | ('GetObject' | 'PutObject' | 'ListObjectsV2')
  | ('CreateMultipartUpload' | 'UploadPart' | 'CompleteMultipartUpload' | 'AbortMultipartUpload')

function operationOf(method: string | undefined, query: URLSearchParams): Operation {
  const part = query.has('uploadId')
  switch (method) {
    case 'PUT':
      return part ? 'UploadPart' : 'PutObject'
    case 'POST':
      return part ? 'CompleteMultipartUpload' : 'CreateMultipartUpload'
    case 'DELETE':
      return 'AbortMultipartUpload'
    default:
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'GetObject'
  }
}

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly operation: Operation
  readonly name: string
  /** Of a listing its prefix. */
  readonly key: string
  readonly query: URLSearchParams
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
    if (operation === 'GetObject') return void get(response, versionOf(fake, call.key), fault)
    const {
      head = {},
      text = '',
      status = 200,
    } = operation === 'ListObjectsV2' ? listed(fake, call) : multipart(fake, call)
    response.writeHead(status, { 'content-type': 'application/xml', ...head }).end(text)
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

interface Served {
  readonly head?: Record<string, string>
  readonly text?: string
  readonly status?: number
}

function listed({ objects, mayList, bucket, pageSize }: FakeS3, { key: prefix, query }: Call): Served {
  if (!mayList) throw new Refusal('AccessDenied', 403)
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
  const start = Number(query.get('continuation-token') ?? 0)
  const page = keys.slice(start, start + pageSize)
  const isCut = start + pageSize < keys.length
  const written = (key: string) => objects.get(key)?.at(-1)?.writtenAt.toISOString()
  const entry = (key: string) => `<Key>${key}</Key><LastModified>${written(key)}</LastModified><Size>1</Size>`
  const contents = page.map((key) => `<Contents>${entry(key)}</Contents>`).join('')
  const next = isCut ? `<NextContinuationToken>${start + pageSize}</NextContinuationToken>` : ''
  const head = `<Name>${bucket}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${isCut}</IsTruncated>`
  return { text: `<ListBucketResult>${head}${next}${contents}</ListBucketResult>` }
}

/** Parts below 5 MiB are taken for the last one. */
function multipart(fake: FakeS3, { request, operation, key, query, body }: Call): Served {
  const id = query.get('uploadId') ?? ''
  const upload = fake.uploads.get(id)
  if (operation === 'CreateMultipartUpload') {
    const made = `upload-${fake.calls.length}`
    fake.uploads.set(made, new Map())
    return { text: `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>` }
  }
  if (upload === undefined) throw new Refusal('NoSuchUpload', 404)
  if (operation === 'UploadPart') {
    upload.set(Number(query.get('partNumber')), body)
    return { head: { etag: `"part-${query.get('partNumber')}"` } }
  }
  fake.uploads.delete(id)
  if (operation === 'AbortMultipartUpload') return { status: 204 }
  const parts = [...upload].sort(([a], [b]) => a - b).map(([, part]) => part)
  if (parts.slice(0, -1).some((part) => part.length < 5 * 2 ** 20)) throw new Refusal('EntityTooSmall')
  const { etag } = store(fake, key, Buffer.concat(parts), request.headers['content-type'])
  return { text: `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>` }
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
