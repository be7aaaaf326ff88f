import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  held,
  invoke,
  type PullAccount,
  registry,
  runningTask,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
  writes,
} from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
})
afterEach(() => account.fake.close())

const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`
const first = stoppedEvent({ id: 'a', at: '2026-03-01T11:00:00Z', stoppedReason: text })
const second = stoppedEvent({ id: 'b', at: '2026-03-01T11:05:00Z', stoppedReason: text })
const steady = steadyEvent('2026-03-01T11:10:00Z')

it('repeated failures of a service update one finding', async () => {
  account.images.set('app', [])
  for (const event of [first, second]) await invoke(account, show(account, event))
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:05:00.000Z']])
})

it('errors of two hops are two findings, each updated by its own error, and one pull resolves both', async () => {
  const refused =
    "CannotPullContainerError: The task can't pull the image. Check that the role has the permissions to pull images from the registry."
  const of = (id: string, at: string) => stoppedEvent({ id, at: `2026-03-01T${at}:00Z`, stoppedReason: refused })
  for (const event of [first, of('x', '11:02'), second, of('y', '11:06')]) await invoke(account, show(account, event))
  expect(held(account).map(([, , at]) => at)).toEqual(['2026-03-01T11:05:00.000Z', '2026-03-01T11:06:00.000Z'])
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  await invoke(account, steady)
  expect(held(account)).toEqual([
    ['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z'],
    ['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z'],
  ])
})

it.each([2, 3, 5])('A5 an event delivered %d times leaves the state of one delivery', async (times) => {
  account.images.set('app', [])
  show(account, first)
  await invoke(account, first)
  const once = structuredClone([...account.hub])
  for (let n = 1; n < times; n++) await invoke(account, first)
  expect([...account.hub]).toEqual(once)
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
})

it('A5 a success delivered twice writes once', async () => {
  await invoke(account, show(account, first))
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  await invoke(account, steady)
  await invoke(account, steady)
  expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
  expect(writes(account)).toBe(2)
})

it('A6 the older of two failures that arrives last does not overwrite the newer one', async () => {
  account.images.set('app', [])
  for (const event of [second, first]) await invoke(account, show(account, event))
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:05:00.000Z']])
})

it('A6 failures and a success in any order, each any number of times, end up resolved once tasks have pulled', async () => {
  for (const event of [first, second]) show(account, event)
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  const events = [first, second, steady]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...events), { maxLength: 3 }),
      fc.shuffledSubarray(events, { minLength: 3 }),
      async (more, all) => {
        account.hub.clear()
        for (const event of [...more, ...all]) await invoke(account, event)
        expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
      },
    ),
    { numRuns: 12 },
  )
})

it('A6 failures and a success in any order end up failed while the image is missing', async () => {
  account.images.set('app', [])
  for (const event of [first, second]) show(account, event)
  account.tasks.push(runningTask('c', '2026-03-01T11:03:00Z'))
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([first, second, steady], { minLength: 3 }), async (events) => {
      account.hub.clear()
      for (const event of events) await invoke(account, event)
      expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:05:00.000Z']])
    }),
    { numRuns: 6 },
  )
})

it('A6 a failure after a success opens the finding again, and a replayed success does not close it', async () => {
  await invoke(account, show(account, first))
  account.tasks.push(runningTask('c', '2026-03-01T11:03:00Z'))
  await invoke(account, steadyEvent('2026-03-01T11:04:00Z'))
  expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:03:00.000Z']])
  await invoke(account, show(account, second))
  await invoke(account, steadyEvent('2026-03-01T11:04:00Z'))
  expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:05:00.000Z']])
})

it('A6 an error that arrives after a pull stands while the configuration still breaks it', async () => {
  account.images.set('app', [])
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  await invoke(account, show(account, first))
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
})

it('A6 an error that arrives after a pull is not resolved by a configuration that could not be read just now', async () => {
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  account.fake.state.plan = (operation) => (operation === 'GetRole' ? { error: 'Throttling' } : undefined)
  await expect(invoke(account, show(account, first))).rejects.toThrow('iam:GetRole failed with Throttling')
  expect(held(account)).toEqual([])
})
