// biome-ignore-all lint/suspicious/noExplicitAny: tasks are whatever the test makes of them
import { afterEach, beforeEach, expect, it } from 'vitest'
import { held, invoke, type PullAccount, registry, show, startPullAccount, stoppedEvent, writes } from './scenario.ts'

let account: PullAccount
let waits: number[]
beforeEach(async () => {
  account = await startPullAccount()
  account.images.set('app', [])
  waits = []
})
afterEach(() => account.fake.close())

const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`
const event = stoppedEvent({ stoppedReason: text })
const failed = [['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']]
const shownAs = (lastStatus: string | undefined, desiredStatus: string) => {
  show(account, event)
  Object.assign(account.tasks[0], { lastStatus, desiredStatus })
}
const sleep = async (milliseconds: number) => void waits.push(milliseconds)

it.each([
  ['DEPROVISIONING', 'STOPPED'],
  ['DEACTIVATING', 'STOPPED'],
  ['STOPPING', 'STOPPED'],
  ['RUNNING', 'STOPPED'],
  ['PENDING', 'RUNNING'],
  ['PROVISIONING', 'RUNNING'],
  [undefined, 'STOPPED'],
])('an error of a task that ECS still shows as %s, wanted %s, is tried again and not lost', async (last, desired) => {
  shownAs(last, desired)
  await expect(invoke(account, event, { sleep })).rejects.toThrow(
    'is said to have stopped, and ECS does not show it yet',
  )
  expect(writes(account)).toBe(0)
  Object.assign(account.tasks[0], { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' })
  await invoke(account, event)
  expect(held(account)).toEqual(failed)
})

it('waits a little for ECS to show it, and then judges what it shows', async () => {
  shownAs('DEPROVISIONING', 'STOPPED')
  await invoke(account, event, {
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      if (waits.length === 3) account.tasks[0].lastStatus = 'STOPPED'
    },
  })
  expect(waits).toEqual([250, 500, 1_000])
  expect(held(account)).toEqual(failed)
})

it('waits no longer than twenty seconds', async () => {
  shownAs('DEPROVISIONING', 'STOPPED')
  await expect(invoke(account, event, { sleep })).rejects.toThrow('does not show it yet')
  const sum = waits.reduce((all, one) => all + one, 0)
  expect([sum, waits.length]).toEqual([17_750, 7])
})

it('believes the event once ECS shows the task no more', async () => {
  shownAs('DEPROVISIONING', 'STOPPED')
  await invoke(account, event, { sleep: async () => void account.tasks.pop() })
  expect(held(account)).toEqual(failed)
  expect([...account.hub.values()][0].Description).toContain('The event, which ECS no longer shows anything of, says')
})

it('A8 a task that runs and is meant to has not failed, and nothing is waited for', async () => {
  shownAs('RUNNING', 'RUNNING')
  await invoke(account, event, { sleep })
  expect([writes(account), waits]).toEqual([0, []])
})
