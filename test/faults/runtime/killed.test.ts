import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { ruleOf } from './estate.ts'
import { sweepEvent } from './events.ts'
import { changedAccount, invoked, occasions, settle, shown } from './occasions.ts'
import { onVirtualTime } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

describe('P8 a process that is killed after any of its requests', () => {
  it.each(Object.entries(occasions))(
    'during %s leaves nothing that the next attempt does not make good',
    async (_, occasion) => {
      const whole = await changedAccount()
      const untouched = shown(whole)
      const requests = await invoked(whole, await occasion(whole))
      await settle(whole)
      const expected = shown(whole)
      expect(requests).toBeGreaterThan(0)
      expect(expected).not.toEqual(untouched)
      for (let n = 0; n < requests; n++) {
        const made = await changedAccount()
        const underway = await occasion(made)
        const { how } = await made.invoke(underway.to, underway.event, { killedAfter: n })
        expect([n, how]).toEqual([n, 'killed'])
        // What it had sent on before arrives before it is tried again, or after.
        if (n % 2 === 0) await settle(made)
        await invoked(made, underway)
        await settle(made)
        expect([n, ...shown(made)]).toEqual([n, ...expected])
      }
    },
  )

  it('during a delivery to Security Hub leaves its messages in the queue', async () => {
    const made = await changedAccount()
    const event = sweepEvent('ecr', made.accountId, made.clock.now())
    await invoked(made, { to: judgingFunctions.ecr, event })
    const queued = made.queue.messages.length
    expect(queued).toBeGreaterThan(0)
    const ended = await made.poll({ killedAfter: 0 })
    expect([ended?.how, made.queue.messages.length]).toEqual(['killed', queued])
    await settle(made)
    expect([made.queue.messages.length, made.queue.deadLetters.length]).toEqual([0, 0])
    const held = made.hub.all().filter(({ finding }) => finding.GeneratorId === `pullpath/${ruleOf.ecr.id}`)
    const states = held.map(
      ({ finding }) =>
        `${finding.Resources[0].Id.split('/').at(-1)} ${finding.Compliance?.Status} ${finding.RecordState}`,
    )
    expect(states).toEqual(expect.arrayContaining(['app FAILED ACTIVE', 'b PASSED ACTIVE', 'c PASSED ARCHIVED']))
  })
})
