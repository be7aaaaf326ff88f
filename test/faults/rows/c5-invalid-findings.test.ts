// Row C5 of the fault matrix: what Security Hub calls invalid is set aside at once, what it throttles comes again.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountId, bodyOf, publisher, region } from '../../lambdas/finding-publisher/scenario.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { fakeQueue } from '../../support/fake-aws/sqs.ts'
import { numRuns } from '../runs.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')

/** The queue, Security Hub, the publisher and the queue of dead letters, on one clock. */
function world() {
  const clock = { now: start }
  const now = () => clock.now
  const hub = fakeSecurityHub({ accountId, region, now })
  const queue = fakeQueue({ now, maxReceiveCount: 5 })
  const aside = fakeQueue({ now })
  const published = publisher(hub, now, { client: aside.client, queueUrl: aside.url })
  const drain = async () => {
    for (let round = 0; round < 40 && queue.messages.length > 0; round++) {
      await queue.poll(published.run, 100)
      clock.now += 361_000
    }
    expect(queue.messages).toEqual([])
  }
  const counted = (name: string) =>
    published.counts.filter(([one]) => one === name).reduce((sum, [, value]) => sum + value, 0)
  return { hub, queue, aside, drain, counted }
}

const kinds = ['good', 'invalid', 'throttled'] as const
const idOf = (kind: string, n: number) => `${kind}${n}`
const timesSent = (calls: readonly (readonly { readonly Id: string }[])[], id: string) =>
  calls.flat().filter(({ Id }) => Id === `pullpath/${id}`).length

it('C5 an invalid finding is sent once and set aside, a throttled one arrives, whatever the batch', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      async (batch, throttles, wholeCall) => {
        const { hub, queue, aside, drain, counted } = world()
        const seen = new Map<string, number>()
        hub.failing = ({ Id }) => {
          if (Id.includes('invalid')) return 'InvalidInput'
          seen.set(Id, (seen.get(Id) ?? 0) + 1)
          return Id.includes('throttled') && (seen.get(Id) ?? 0) <= throttles ? 'Throttling' : undefined
        }
        const isBad = (call: number) => hub.calls[call - 1]?.some((one) => one.Id.includes('invalid'))
        if (wholeCall && batch.filter((kind) => kind === 'invalid').length <= 2)
          hub.refusing = (call) => (isBad(call) ? new Refusal('InvalidInputException') : undefined)
        for (const [n, kind] of batch.entries()) queue.put(bodyOf(idOf(kind, n)))
        await drain()
        expect(queue.deadLetters).toEqual([])
        const invalid = batch.flatMap((kind, n) => (kind === 'invalid' ? [bodyOf(idOf(kind, n))] : []))
        expect(aside.messages.map(({ body }) => body).sort()).toEqual(invalid.sort())
        expect(counted('FindingsRejected')).toBe(invalid.length)
        expect(counted('FindingsAccepted')).toBe(batch.length - invalid.length)
        for (const [n, kind] of batch.entries()) {
          const id = idOf(kind, n)
          expect([id, hub.held(`pullpath/${id}`) !== undefined]).toEqual([id, kind !== 'invalid'])
          if (kind === 'invalid' && !wholeCall) expect([id, timesSent(hub.calls, id)]).toEqual([id, 1])
        }
      },
    ),
    { numRuns: numRuns(100) },
  )
})

it('C5 where the dead-letter queue takes nothing, the message comes again, and is set aside by its queue in the end', async () => {
  for (const refusing of [
    () => ({ Code: 'AccessDenied', SenderFault: true }),
    () => ({ Code: 'Busy', SenderFault: false }),
  ]) {
    const { hub, queue, aside, drain } = world()
    hub.failing = ({ Id }) => (Id.includes('invalid') ? 'InvalidInput' : undefined)
    aside.refusing = refusing
    queue.put(bodyOf('invalid0'))
    queue.put(bodyOf('good1'))
    await drain()
    expect(aside.messages).toEqual([])
    expect(queue.deadLetters.map(({ body }) => body)).toEqual([bodyOf('invalid0')])
    expect(timesSent(hub.calls, 'invalid0')).toBe(5)
    expect(timesSent(hub.calls, 'good1')).toBe(1)
  }
})

it('C5 some of them in the dead-letter queue: only the others come again', async () => {
  const { hub, queue, aside, drain } = world()
  hub.failing = () => 'InvalidInput'
  aside.refusing = (body) => (body.includes('invalid3') ? { Code: 'AccessDenied', SenderFault: true } : undefined)
  for (let n = 0; n < 25; n++) queue.put(bodyOf(`invalid${n === 3 ? '3' : `-${n}`}`))
  await drain()
  expect(aside.messages).toHaveLength(24)
  expect(queue.deadLetters.map(({ body }) => body)).toEqual([bodyOf('invalid3')])
})

it('C5 without time for it an invalid finding is returned', async () => {
  const aside = fakeQueue({ now: () => start })
  const hub = fakeSecurityHub({ accountId, region, now: () => start })
  hub.failing = () => 'InvalidInput'
  const times = [60_000, 60_000, 9_999]
  const { publish } = publisher(hub, () => start, { client: aside.client, queueUrl: aside.url })
  expect(await publish([bodyOf('a')], () => times.shift() ?? 9_999)).toEqual(['m0'])
  expect(aside.messages).toEqual([])
})
