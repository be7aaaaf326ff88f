import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import type { Deployment } from '../runtime/deployment.ts'
import { changedAccount, invoked, occasions, shown } from '../runtime/occasions.ts'
import { onVirtualTime } from '../runtime/sandbox.ts'
import { expectGoodInTheEnd } from './attempts.ts'
import { isWrite, Member } from './member.ts'

let [queued, direct]: Member[] = []
let back: () => void
beforeAll(async () => {
  back = onVirtualTime()
  ;[queued, direct] = await Promise.all([Member.start('queued'), Member.start('direct')])
})
afterAll(async () => {
  back()
  await Promise.all([queued!.close(), direct!.close()])
})

/** An account whose queue holds the findings of a sweep and poison; Security Hub takes some of them at the second or third call only. */
async function busyQueue(): Promise<Deployment> {
  const made = await changedAccount()
  await invoked(made, await occasions['a sweep of area ecr']!(made))
  made.queue.put('poison')
  let [isThrottled, isFailing] = [true, true]
  made.hub.refusing = () => {
    const refusal = isThrottled ? new Refusal('LimitExceededException', 429) : undefined
    isThrottled = false
    return refusal
  }
  made.hub.failing = () => {
    const code = isFailing ? 'InternalFailure' : undefined
    isFailing = false
    return code
  }
  return made
}
const ending = ({ queue }: Deployment) => [queue.messages.length, queue.deadLetters.map(({ body }) => body)]

describe('P8 a process of the built publisher', () => {
  it('killed after any request and started anew brings every message to where it belongs, once', async () => {
    const whole = await busyQueue()
    const sent = whole.queue.messages.length
    expect((await queued!.poll(whole))?.how).toBe('done')
    const calls = [...queued!.calls]
    expect(calls).toEqual(Array(3).fill('securityhub:BatchImportFindings'))
    await queued!.settle(whole)
    const expected = shown(whole)
    expect(ending(whole)).toEqual([0, ['poison']])
    for (let n = 0; n <= calls.length; n++) {
      const made = await busyQueue()
      expect([n, (await queued!.poll(made, n))?.how]).toEqual([n, 'killed'])
      expect([n, made.queue.messages.length]).toEqual([n, sent])
      await queued!.settle(made)
      expect([n, ...shown(made)]).toEqual([n, ...expected])
      expect([n, ...ending(made)]).toEqual([n, 0, ['poison']])
    }
  }, 240_000)
})

describe('P8 a process of the built function that tells Security Hub itself', () => {
  it('killed after any request of a sweep and started anew leaves what an undisturbed one leaves', async () => {
    const { calls, news } = await expectGoodInTheEnd(direct!, 'a sweep of area ecr')
    expect(calls.filter(isWrite)).toEqual([
      ...['config:PutEvaluations', 'securityhub:BatchImportFindings', 'config:PutEvaluations'],
    ])
    expect(news).toEqual([
      ...['app NON_COMPLIANT', 'b COMPLIANT', 'c NOT_APPLICABLE'],
      ...['ecr-repository-not-public app FAILED ACTIVE', 'ecr-repository-not-public b PASSED ACTIVE'],
      'ecr-repository-not-public c PASSED ARCHIVED',
    ])
  }, 240_000)
})
