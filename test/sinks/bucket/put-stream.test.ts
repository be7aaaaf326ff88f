import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putStream } from '../../../shared/sinks/bucket/put-stream.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'

let s3: FakeS3
let slept: number
beforeEach(async () => {
  s3 = await startFakeS3()
  slept = 0
})
afterEach(() => s3.close())

const put = (pieces: Iterable<string> | AsyncIterable<string>, ownerId = s3.ownerId) =>
  putStream(
    {
      ...{ client: s3.client(), bucket: { name: s3.bucket, ownerId }, random: () => 0.5 },
      sleep: async () => void slept++,
    },
    { key: 'a.json', contentType: 'application/json' },
    pieces,
  )
const kinds = () => s3.calls.map((call) => call.split(' ')[0])
const mebibyte = 'ä'.repeat(2 ** 19)
const large = (count: number) => Array.from({ length: count }, () => mebibyte)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('an object that is put in pieces', () => {
  it('is one write when it is small, even when it is empty', async () => {
    expect(await put(['{"a":', '"ü"}'])).toEqual({ bytes: 10, sha256: sha256('{"a":"ü"}') })
    expect(s3.text('a.json')).toBe('{"a":"ü"}')
    expect(s3.objects.get('a.json')?.[0]?.contentType).toBe('application/json')
    await put([])
    expect([s3.text('a.json'), kinds()]).toEqual(['', ['PutObject', 'PutObject']])
  })

  it('is an upload in parts of eight mebibytes when it is large', async () => {
    expect(await put(large(20))).toEqual({ bytes: 20 * 2 ** 20, sha256: sha256(large(20).join('')) })
    expect(kinds()).toEqual([
      'CreateMultipartUpload',
      'UploadPart',
      'UploadPart',
      'UploadPart',
      'CompleteMultipartUpload',
    ])
    expect(s3.objects.get('a.json')?.[0]?.body.length).toBe(20 * 2 ** 20)
    expect(s3.text('a.json') === large(20).join('')).toBe(true)
  })

  it('has no empty part at its end', async () => {
    await put([large(16).join('')])
    expect(kinds().filter((kind) => kind === 'UploadPart')).toHaveLength(2)
    expect(s3.objects.get('a.json')?.[0]?.body.length).toBe(16 * 2 ** 20)
  })

  it('is not there when a part is refused, nor is what was sent of it', async () => {
    s3.plan = (operation, n) =>
      operation === 'UploadPart' && n === 2 ? { error: 'AccessDenied', status: 403 } : undefined
    await expect(put(large(20))).rejects.toThrow('no')
    expect([s3.objects.size, s3.uploads.size, kinds().at(-1)]).toEqual([0, 0, 'AbortMultipartUpload'])
  })

  it('is not there when the pieces end with an error', async () => {
    async function* pieces() {
      yield* large(9)
      throw new Error('cannot be read')
    }
    await expect(put(pieces())).rejects.toThrow('cannot be read')
    expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0])
  })

  it('is sent again while the service is too busy, four times', async () => {
    s3.plan = (operation, n) => (operation === 'PutObject' && n < 4 ? { error: 'SlowDown', status: 503 } : undefined)
    await put(['x'])
    expect([s3.text('a.json'), slept]).toEqual(['x', 3])
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    await expect(put(['y'])).rejects.toThrow()
    expect([s3.text('a.json'), slept]).toEqual(['x', 6])
  })

  it('is not written into a bucket of somebody else', async () => {
    await expect(put(['x'], '111122223333')).rejects.toThrow()
    expect([s3.objects.size, slept]).toEqual([0, 0])
  })
})
