import { afterAll, beforeAll, expect, it } from 'vitest'
import { changedAccount, invoked, occasions, settle } from './occasions.ts'
import { most } from './requests.ts'
import { onVirtualTime } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

it('P6 is measured against what the functions ask for when nothing fails', async () => {
  const counted = new Map([...most.keys()].map((name) => [name, 0]))
  for (const occasion of Object.values(occasions)) {
    const made = await changedAccount()
    const underway = await occasion(made)
    const requests = await invoked(made, underway)
    counted.set(underway.to, Math.max(counted.get(underway.to) ?? 0, requests))
    await settle(made)
  }
  const made = await changedAccount()
  await invoked(made, await occasions['a change of app']!(made))
  const name = 'pullpath-finding-publisher'
  counted.set(name, (await made.poll())?.requests ?? 0)
  expect([...counted]).toEqual([...most])
})
