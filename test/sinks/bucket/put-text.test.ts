import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putText, type Replaced } from '../../../shared/sinks/bucket/put-text.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'

let s3: FakeS3
let slept: number[]
beforeEach(async () => {
  s3 = await startFakeS3()
  slept = []
})
afterEach(() => s3.close())

const put = (text: string, replaced: Replaced, ownerId = s3.ownerId) =>
  putText(
    {
      ...{ client: s3.client(), bucket: { name: s3.bucket, ownerId }, random: () => 0.5 },
      sleep: async (milliseconds) => void slept.push(milliseconds),
    },
    { key: 'a.json', text, contentType: 'application/json' },
    replaced,
  )
const etag = () => s3.objects.get('a.json')?.at(-1)?.etag ?? ''

describe('a text that is put into a bucket', () => {
  it('is written whole, with its type, where there is nothing', async () => {
    expect(await put('{"a":"ü"}', 'nothing')).toBe('written')
    expect(s3.text('a.json')).toBe('{"a":"ü"}')
    expect(s3.objects.get('a.json')?.[0]?.contentType).toBe('application/json')
  })

  it('replaces the version that was read', async () => {
    s3.put('a.json', 'old')
    expect(await put('new', { etag: etag() })).toBe('written')
    expect(s3.text('a.json')).toBe('new')
  })

  it('never replaces another version, nor anything when nothing was read, nor what was deleted', async () => {
    s3.put('a.json', 'old')
    const read = etag()
    s3.put('a.json', 'newer')
    expect(await put('ours', { etag: read })).toBe('conflict')
    expect(await put('ours', 'nothing')).toBe('conflict')
    expect(s3.text('a.json')).toBe('newer')
    s3.objects.clear()
    expect(await put('ours', { etag: read })).toBe('conflict')
    expect(s3.text('a.json')).toBeUndefined()
  })

  it('replaces whatever is there when nothing was read on purpose', async () => {
    expect(await put('one', 'anything')).toBe('written')
    expect(await put('two', 'anything')).toBe('written')
    expect(s3.objects.get('a.json')?.map(({ body }) => body.toString())).toEqual(['one', 'two'])
  })

  it('is a conflict when two write at the same moment', async () => {
    s3.plan = () => ({ error: 'ConditionalRequestConflict', status: 409 })
    expect(await put('ours', 'nothing')).toBe('conflict')
  })

  it('C13 is sent again when S3 asks to slow down, with growing patience', async () => {
    s3.plan = (_, n) => (n <= 3 ? { error: 'SlowDown', status: 503 } : undefined)
    expect(await put('text', 'nothing')).toBe('written')
    expect(slept).toEqual([200, 400, 800])
    expect(s3.text('a.json')).toBe('text')
  })

  it('C13 is given up after four attempts, and what was there stays', async () => {
    s3.put('a.json', 'old')
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    await expect(put('new', { etag: etag() })).rejects.toMatchObject({ name: 'SlowDown' })
    expect(s3.calls).toHaveLength(4)
    expect(s3.text('a.json')).toBe('old')
  })

  it.each([
    ['AccessDenied', 403],
    ['KMS.DisabledException', 400],
  ])('C13 is not sent again after %s, and what was there stays', async (error, status) => {
    s3.put('a.json', 'old')
    s3.plan = () => ({ error, status })
    await expect(put('new', { etag: etag() })).rejects.toMatchObject({ name: error })
    expect([s3.calls.length, slept, s3.text('a.json')]).toEqual([1, [], 'old'])
  })

  it('C3 says conflict when it was written and the answer was lost', async () => {
    s3.plan = (_, n) => (n === 1 ? { lost: true } : undefined)
    expect(await put('text', 'nothing')).toBe('conflict')
    expect(s3.objects.get('a.json')).toHaveLength(1)
    expect(s3.text('a.json')).toBe('text')
  })

  it('is not written into a bucket that somebody else owns', async () => {
    await expect(put('text', 'nothing', '222233334444')).rejects.toMatchObject({ name: 'AccessDenied' })
    expect(s3.objects.size).toBe(0)
  })
})
