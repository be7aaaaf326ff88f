import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callBudget } from '../../../shared/sources/polite/call-budget.ts'
import { callRate } from '../../../shared/sources/polite/call-rates.ts'
import type { CallBudget, CallPlace } from '../../../shared/sources/polite/politeness.ts'
import { place } from './support.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal

/** Asks so many times and writes down who got through. */
function askTimes(budget: CallBudget, times: number, where: CallPlace = place, signal = never): number[] {
  const through: number[] = []
  for (let index = 0; index < times; index++) {
    budget.take(where, signal).then(
      () => through.push(index),
      () => {},
    )
  }
  return through
}

describe('the budget of a place', () => {
  it('lets a burst through and then one call after the other, in their order', async () => {
    const through = askTimes(
      callBudget(() => ({ burst: 3, perSecond: 10 })),
      6,
    )
    await vi.advanceTimersByTimeAsync(0)
    expect(through).toEqual([0, 1, 2])
    await vi.advanceTimersByTimeAsync(105)
    expect(through).toEqual([0, 1, 2, 3])
    await vi.advanceTimersByTimeAsync(210)
    expect(through).toEqual([0, 1, 2, 3, 4, 5])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('holds up nobody elsewhere', async () => {
    const budget = callBudget(() => ({ burst: 1, perSecond: 1 }))
    askTimes(budget, 5)
    const elsewhere = [
      { ...place, accountId: '222222222222' },
      { ...place, region: 'us-east-1' },
      { ...place, service: 'ec2' },
    ].map((where) => askTimes(budget, 1, where))
    await vi.advanceTimersByTimeAsync(0)
    expect(elsewhere).toEqual([[0], [0], [0]])
  })

  it('forgets a call whose signal ends, and lets the next one through in its stead', async () => {
    const budget = callBudget(() => ({ burst: 1, perSecond: 1 }))
    const controller = new AbortController()
    askTimes(budget, 1)
    const ended = budget.take(place, controller.signal).catch((reason: unknown) => reason)
    const next = askTimes(budget, 1)
    controller.abort(new Error('over'))
    expect(await ended).toEqual(new Error('over'))
    await vi.advanceTimersByTimeAsync(1_010)
    expect(next).toEqual([0])
  })

  it('leaves no timer behind when all who wait have gone', async () => {
    const budget = callBudget(() => ({ burst: 1, perSecond: 1 }))
    const controller = new AbortController()
    askTimes(budget, 5, place, controller.signal)
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(1)
    controller.abort()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('refuses a signal that has ended', async () => {
    const budget = callBudget()
    await expect(budget.take(place, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
  })
})

describe('a budget whose calls are throttled', () => {
  async function passedIn(milliseconds: number, budget: CallBudget): Promise<number> {
    const controller = new AbortController()
    const through = askTimes(budget, 1_000, place, controller.signal)
    await vi.advanceTimersByTimeAsync(milliseconds)
    controller.abort()
    return through.length
  }

  it('loses its burst and half its rate, once for a burst of refusals', async () => {
    const budget = callBudget(() => ({ burst: 50, perSecond: 40 }))
    await budget.take(place, never)
    for (let index = 0; index < 100; index++) budget.throttled(place)
    expect(await passedIn(1_000, budget)).toBe(20)
  })

  it('gets slower while that goes on, down to a sixteenth', async () => {
    const budget = callBudget(() => ({ burst: 50, perSecond: 160 }))
    await budget.take(place, never)
    for (let second = 0; second < 20; second++) {
      budget.throttled(place)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    budget.throttled(place)
    expect(await passedIn(1_000, budget)).toBe(10)
  })

  it('recovers when it stops', async () => {
    const budget = callBudget(() => ({ burst: 1, perSecond: 40 }))
    await budget.take(place, never)
    budget.throttled(place)
    await passedIn(15_000, budget)
    expect(await passedIn(1_000, budget)).toBeGreaterThanOrEqual(39)
  })

  it('slows down nobody elsewhere', async () => {
    const budget = callBudget(() => ({ burst: 2, perSecond: 1 }))
    budget.throttled({ ...place, region: 'us-east-1' })
    expect(await passedIn(0, budget)).toBe(2)
  })
})

describe('the rates', () => {
  it.each([
    'autoscaling',
    'config',
    'ec2',
    'ecr',
    'ecs',
    'eks',
    'iam',
    'organizations',
    'route53',
    'route53profiles',
    'sts',
  ])('have one for %s that lets calls through', (service) => {
    expect(callRate(service).perSecond).toBeGreaterThanOrEqual(3)
    expect(callRate(service).burst).toBeGreaterThanOrEqual(2)
  })

  it('let no more than the five calls a second through that Route 53 allows an account', () => {
    const { burst, perSecond } = callRate('route53')
    expect(burst + perSecond).toBeLessThanOrEqual(5)
  })

  it('are cautious with a service nobody knows', () => {
    expect(callRate('something-new')).toEqual({ burst: 5, perSecond: 3 })
  })
})
