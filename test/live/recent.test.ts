import { describe, expect, it } from 'vitest'
import type { LiveReader } from '../../shared/live/live-source.ts'
import { bounded, isRecent, recentReadings } from '../../shared/live/recent.ts'

const reader = (readAt: string, changedAt?: string): LiveReader => ({
  accountId: '111122223333',
  region: 'eu-central-1',
  readAt: `2026-03-01T${readAt}Z`,
  ...(changedAt === undefined ? {} : { changedAt: `2026-03-01T${changedAt}Z` }),
})
const taken = (time: string) => ({ takenAt: `2026-03-01T${time}Z` })

describe('isRecent', () => {
  it.each([
    ['a moment later', '12:00:00.000', reader('12:00:00.000'), true],
    ['a minute later', '12:00:00.000', reader('12:01:00.000'), true],
    ['more than a minute later', '12:00:00.000', reader('12:01:00.001'), false],
    ['when the clock went back', '12:00:00.000', reader('11:59:59.999'), false],
    ['two seconds after the change', '12:00:00.000', reader('12:00:10.000', '11:59:58.000'), true],
    ['less than two seconds after the change', '12:00:00.000', reader('12:00:10.000', '11:59:58.001'), false],
    ['before the change', '12:00:00.000', reader('12:00:10.000', '12:00:05.000'), false],
  ])('%s', (_name, at, asking, expected) => {
    expect(isRecent(taken(at), asking)).toBe(expected)
  })
})

describe('bounded', () => {
  it('forgets what was set first', () => {
    const memory = bounded<number>(2)
    memory.set('a', 1)
    memory.set('b', 2)
    memory.set('a', 3)
    memory.set('c', 4)
    expect(['a', 'b', 'c'].map(memory.get)).toEqual([3, undefined, 4])
  })
})

describe('recentReadings', () => {
  it('reads once while a reading is recent, and each key by itself', async () => {
    let reads = 0
    const readings = recentReadings<number>(2, () => true)
    const read = async () => ++reads
    const at = reader('12:00:00.000')
    expect((await readings(at, 'a', read)).value).toBe(1)
    expect((await readings(reader('12:00:30.000'), 'a', read)).value).toBe(1)
    expect((await readings(at, 'b', read)).value).toBe(2)
    expect(await readings(reader('12:02:00.000'), 'a', read)).toEqual({ ...taken('12:02:00.000'), value: 3 })
  })

  it('hands out what is not to be kept, and forgets the older one with it', async () => {
    const readings = recentReadings<string>(2, (value) => value !== 'partial')
    const at = reader('12:00:00.000')
    expect((await readings(at, 'a', async () => 'whole')).value).toBe('whole')
    const later = reader('12:00:30.000', '12:00:20.000')
    expect((await readings(later, 'a', async () => 'partial')).value).toBe('partial')
    expect((await readings(at, 'a', async () => 'again')).value).toBe('again')
  })

  it('keeps nothing of a reading that throws', async () => {
    const readings = recentReadings<string>(2, () => true)
    const at = reader('12:00:00.000')
    await expect(readings(at, 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await readings(at, 'a', async () => 'yes')).value).toBe('yes')
  })
})
