import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getText } from '../../../shared/sources/published/get-text.ts'
import { type FakeS3, type S3Fault, startFakeS3 } from '../../support/fake-aws/s3.ts'

let s3: FakeS3
beforeEach(async () => {
  s3 = await startFakeS3()
  s3.now = () => Date.parse('2026-03-01T12:00:00.000Z')
})
afterEach(() => s3.close())

const read = (max = 100, ownerId = s3.ownerId, name = s3.bucket) =>
  getText(
    {
      ...{ accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z', callTimeout: 300 },
      ...{ client: s3.client(), bucket: { name, ownerId } },
    },
    'hub/a.txt',
    max,
  )
const failing = (fault: S3Fault) => {
  s3.plan = () => fault
}

describe('a text in a bucket', () => {
  it('is handed over with its version', async () => {
    s3.put('hub/a.txt', 'grüße\n')
    expect(await read()).toEqual({
      state: 'known',
      value: { text: 'grüße\n', etag: s3.objects.get('hub/a.txt')?.[0]?.etag, writtenAt: '2026-03-01T12:00:00.000Z' },
    })
  })

  it('is absent only when S3 says that there is no such key', async () => {
    s3.mayList = true
    expect(await read()).toEqual({ state: 'absent' })
    s3.mayList = false
    expect(await read()).toEqual({
      ...{ state: 'unknown', transience: 'lasting' },
      reason: 's3:GetObject of hub/a.txt failed with AccessDenied',
    })
  })

  it('is taken up to its limit and not a byte beyond', async () => {
    s3.put('hub/a.txt', 'x'.repeat(101))
    expect(await read(101)).toMatchObject({ state: 'known' })
    expect(await read(100)).toEqual({
      ...{ state: 'unknown', transience: 'lasting' },
      reason: 'hub/a.txt is larger than 100 bytes',
    })
  })

  it('is bounded when the answer does not state its length', async () => {
    s3.put('hub/a.txt', 'x')
    failing({ stream: Buffer.alloc(3_000_000, 'x') })
    expect(await read()).toMatchObject({ state: 'unknown', reason: 'hub/a.txt is larger than 100 bytes' })
  })

  it('is no text when it is not UTF-8', async () => {
    s3.put('hub/a.txt', Buffer.from([0x61, 0xff]))
    expect(await read()).toMatchObject({
      state: 'unknown',
      transience: 'lasting',
      reason: 'hub/a.txt is not UTF-8 text',
    })
  })

  it('is not read from a bucket that somebody else owns, nor from another bucket', async () => {
    s3.put('hub/a.txt', 'x')
    expect(await read(100, '222233334444')).toMatchObject({
      reason: 's3:GetObject of hub/a.txt failed with AccessDenied',
      transience: 'lasting',
    })
    expect(await read(100, s3.ownerId, 'other-bucket')).toMatchObject({
      reason: 's3:GetObject of hub/a.txt failed with NoSuchBucket',
      transience: 'lasting',
    })
  })

  const faults: readonly [string, S3Fault, string, string][] = [
    ['C13 access is denied', { error: 'AccessDenied', status: 403 }, 'AccessDenied', 'lasting'],
    [
      'C13 the KMS key is disabled',
      { error: 'KMS.DisabledException', status: 400 },
      'KMS.DisabledException',
      'lasting',
    ],
    ['C13 S3 asks to slow down', { error: 'SlowDown', status: 503 }, 'SlowDown', 'passing'],
    ['S3 fails', { error: 'InternalError', status: 500 }, 'InternalError', 'passing'],
    ['B7 the call never ends', { hang: true }, 'AbortError', 'passing'],
    ['B7 the body trickles', { trickle: true }, 'TimeoutError', 'passing'],
    ['B7 the body is cut off', { cut: true }, 'ECONNRESET', 'passing'],
  ]
  it.each(faults)('%s: the text is unknown', async (_, fault, error, transience) => {
    s3.put('hub/a.txt', 'a text of some length')
    failing(fault)
    expect(await read()).toEqual({
      ...{ state: 'unknown', transience },
      reason: `s3:GetObject of hub/a.txt failed with ${error}`,
    })
  })
})
