import { describe, expect, it } from 'vitest'
import { rememberedOfAws } from '../../../shared/sources/iam/aws-policy-memory.ts'
import type { IamReader } from '../../../shared/sources/iam/reader.ts'
import type { Answer } from '../../../shared/sources/reading.ts'

const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const item = { arn }
const start = Date.parse('2026-03-01T12:00:00.000Z')

/** A reader with a client of its own, and how often it read. */
function scene() {
  const client = { send: () => Promise.reject(new Error('not asked')) } as unknown as IamReader['client']
  const asked: string[] = []
  const read = (
    name: string,
    minutes: number,
    answer: Answer<{ readonly arn: string }> = { state: 'known', value: item },
  ) =>
    rememberedOfAws(
      { client, readAt: new Date(start + minutes * 60_000).toISOString() } as unknown as IamReader,
      name,
      () => {
        asked.push(name)
        return Promise.resolve(answer)
      },
    )
  return { asked, read }
}

describe('the memory of policies that AWS wrote', () => {
  it('serves a policy again for an hour', async () => {
    const { asked, read } = scene()
    expect(await read(arn, 0)).toEqual({ state: 'known', value: item })
    expect(await read(arn, 60)).toEqual({ state: 'known', value: item })
    expect(asked).toEqual([arn])
    await read(arn, 61)
    await read(arn, 121)
    expect(asked).toEqual([arn, arn])
  })

  it('meets failures and absences anew', async () => {
    const { asked, read } = scene()
    const failed = { state: 'unknown', reason: 'throttled', transience: 'passing' } as const
    expect(await read(arn, 0, failed)).toEqual(failed)
    expect(await read(arn, 0, { state: 'absent' })).toEqual({ state: 'absent' })
    expect(await read(arn, 0)).toEqual({ state: 'known', value: item })
    expect(asked).toHaveLength(3)
  })

  it('serves nothing from the future of the reader', async () => {
    const { asked, read } = scene()
    await read(arn, 10)
    await read(arn, 0)
    expect(asked).toHaveLength(2)
  })

  it('is each client its own', async () => {
    const [one, other] = [scene(), scene()]
    await one.read(arn, 0)
    await other.read(arn, 0)
    expect(other.asked).toEqual([arn])
  })

  it('forgets the oldest of more than 500', async () => {
    const { asked, read } = scene()
    for (let index = 0; index <= 500; index++) await read(`policy-${index}`, 0)
    await read('policy-500', 0)
    await read('policy-1', 0)
    expect(asked).toHaveLength(501)
    await read('policy-0', 0)
    expect(asked).toHaveLength(502)
  })
})
