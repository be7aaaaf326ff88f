import { describe, expect, it } from 'vitest'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { fakeQueue } from '../../support/fake-aws/sqs.ts'
import { accountId, bodyOf, findingOf, noon, publisher, region } from './scenario.ts'

const atNoon = () => Date.parse(noon)
const newHub = () => fakeSecurityHub({ accountId, region, now: atNoon })
const idsOfCalls = (hub: ReturnType<typeof newHub>) => hub.calls.map((call) => call.map((one) => one.Id))

/** Ways for a message to fail, told apart by the body or by what the hub says of the id. */
const foreign = { resource: { ...findingOf('x').resource, accountId: '999999999999' } }
const failings: readonly ((n: number) => string)[] = [
  () => 'no JSON',
  (n) => bodyOf(`foreign${n}`, foreign),
  (n) => bodyOf(`invalid${n}`),
  (n) => bodyOf(`throttled${n}`),
  (n) => bodyOf(`good${n}`).replace('2018-10-08', '2018-10-09'),
]
const hubWithFailings = () => {
  const hub = newHub()
  hub.failing = ({ Id }) =>
    Id.startsWith('pullpath/invalid') ? 'InvalidInput' : Id.startsWith('pullpath/throttled') ? 'Throttling' : undefined
  return hub
}

describe('the finding publisher', () => {
  it('A9 answers with exactly the messages that failed, for each of the 1,024 subsets of a batch of ten', async () => {
    for (let subset = 0; subset < 1024; subset++) {
      const fails = (n: number) => (subset & (1 << n)) !== 0
      const indices = Array.from({ length: 10 }, (_, n) => n)
      const bodies = indices.map((n) => (fails(n) ? failings[(n + subset) % failings.length]!(n) : bodyOf(`good${n}`)))
      const hub = hubWithFailings()
      const failed = await publisher(hub).publish(bodies)
      expect([...failed].sort()).toEqual(indices.filter(fails).map((n) => `m${n}`))
      for (const n of indices) expect(hub.held(`pullpath/good${n}`) !== undefined).toBe(!fails(n))
    }
  })

  it('A9 leaves a poison message to the dead-letter queue, alone', async () => {
    let now = atNoon()
    const queue = fakeQueue({ now: () => now, maxReceiveCount: 3 })
    const hub = fakeSecurityHub({ accountId, region, now: () => now })
    const { run } = publisher(hub, () => now)
    for (let n = 0; n < 9; n++) queue.put(bodyOf(`good${n}`))
    queue.put('poison')
    for (let round = 0; round < 5; round++, now += 400_000) await queue.poll(run)
    expect(queue.deadLetters.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['poison', 3]])
    expect(queue.messages).toEqual([])
    expect(queue.events.map((event) => event.Records.length)).toEqual([10, 1, 1])
    expect(hub.calls.map((call) => call.length)).toEqual([9])
  })

  it.each(['cold', 'warm'] as const)(
    'A10 returns every id when the whole batch fails, does not throw, and the messages end as dead letters (%s)',
    async (start) => {
      let now = atNoon()
      const queue = fakeQueue({ now: () => now, maxReceiveCount: 2 })
      const hub = fakeSecurityHub({ accountId, region, now: () => now })
      hub.refusing = () => new Refusal('InternalException', 500)
      const held = publisher(hub, () => now)
      const answers: unknown[] = []
      const handler = async (event: unknown) => {
        const { run } = start === 'warm' ? held : publisher(hub, () => now)
        const answer = await run(event)
        answers.push(answer)
        return answer
      }
      const ids = [queue.put(bodyOf('a')), queue.put(bodyOf('b'))]
      for (let round = 0; round < 4; round++, now += 400_000) await queue.poll(handler)
      const all = { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }
      expect(answers).toEqual([all, all])
      expect(queue.deadLetters.map(({ messageId }) => messageId)).toEqual(ids)
      expect(hub.calls.length).toBe(8)
    },
  )

  it('A10 gives a warm function the same answers after a batch that failed', async () => {
    const hub = hubWithFailings()
    const warm = publisher(hub)
    expect(await warm.publish(['no JSON'])).toEqual(['m0'])
    expect(await warm.publish([bodyOf('good0'), bodyOf('invalid0')])).toEqual(['m1'])
    expect(await warm.publish([bodyOf('good1')])).toEqual([])
    expect(await warm.publish([])).toEqual([])
  })

  it('C5 sends a finding that is invalid once, and a throttled one again', async () => {
    const hub = newHub()
    let throttled = 0
    hub.failing = ({ Id }) =>
      Id === 'pullpath/invalid' ? 'InvalidInput' : Id === 'pullpath/slow' && throttled++ < 2 ? 'Throttling' : undefined
    const { publish, counts, lines, seen } = publisher(hub)
    expect(await publish([bodyOf('good'), bodyOf('invalid'), bodyOf('slow')])).toEqual(['m1'])
    expect(idsOfCalls(hub)).toEqual([
      ['pullpath/good', 'pullpath/invalid', 'pullpath/slow'],
      ['pullpath/slow'],
      ['pullpath/slow'],
    ])
    expect(counts).toEqual([
      ['FindingsAccepted', 2],
      ['FindingsRejected', 1],
      ['FindingsNotDelivered', 0],
    ])
    expect(seen).toEqual({ flushed: 1, slept: 2 })
    expect(lines[0]).toEqual({ message: 'finding refused', fields: { id: 'pullpath/invalid', code: 'InvalidInput' } })
  })

  it('C5 finds the finding a whole call is refused for', async () => {
    const hub = newHub()
    hub.refusing = (call) =>
      hub.calls[call - 1]!.some((one) => one.Id === 'pullpath/id3') ? new Refusal('InvalidInputException') : undefined
    const bodies = Array.from({ length: 10 }, (_, n) => bodyOf(`id${n}`))
    expect(await publisher(hub).publish(bodies)).toEqual(['m3'])
    expect(bodies.filter((_, n) => hub.held(`pullpath/id${n}`)).length).toBe(9)
    expect(hub.calls.length).toBeLessThanOrEqual(9)
  })

  it('C5 sends a throttled call again, and returns what stays throttled', async () => {
    const hub = newHub()
    hub.refusing = (call) => (call <= 3 ? new Refusal('LimitExceededException', 429) : undefined)
    expect(await publisher(hub).publish([bodyOf('a'), bodyOf('b')])).toEqual([])
    expect(hub.calls.length).toBe(4)
    hub.refusing = () => new Refusal('LimitExceededException', 429)
    const { publish, lines, counts } = publisher(hub)
    expect(await publish([bodyOf('c')])).toEqual(['m0'])
    expect(hub.calls.length).toBe(8)
    expect(lines[0]).toEqual({
      message: 'findings left for later',
      fields: { count: 1, codes: 'LimitExceededException' },
    })
    expect(counts).toContainEqual(['FindingsRejected', 0])
  })

  it.each([
    [new Refusal('ThrottlingException', 400), 4],
    [new Refusal('Unknown', 429), 4],
    [new Refusal('Unknown', 503), 4],
    [new Refusal('ExpiredTokenException', 400), 1],
    [new Refusal('ValidationException', 400), 1],
    [new Refusal('InvalidInputException', 400), 1],
  ])('C5 sends a call that fails with %s %i times, and the message stays', async (refusal, calls) => {
    const hub = newHub()
    hub.refusing = () => refusal
    const { publish, counts } = publisher(hub)
    expect(await publish([bodyOf('a')])).toEqual(['m0'])
    expect(hub.calls.length).toBe(calls)
    const isInvalid = refusal.code === 'ValidationException' || refusal.code === 'InvalidInputException'
    expect(counts).toContainEqual(['FindingsRejected', isInvalid ? 1 : 0])
  })

  it('C5 does not ask again when it is denied, and the messages stay', async () => {
    const hub = newHub()
    hub.refusing = () => new Refusal('AccessDeniedException', 403)
    expect(await publisher(hub).publish([bodyOf('a')])).toEqual(['m0'])
    expect(hub.calls.length).toBe(1)
  })

  it('C7 acknowledges what nobody waits for, counts it and says in which region', async () => {
    const hub = newHub()
    hub.enabled = false
    const { publish, counts, lines } = publisher(hub)
    const bodies = Array.from({ length: 150 }, (_, n) => bodyOf(`id${n}`))
    expect(await publish([...bodies, 'poison'])).toEqual(['m150'])
    expect(hub.calls.length).toBe(1)
    expect(counts).toEqual([
      ['FindingsAccepted', 0],
      ['FindingsRejected', 1],
      ['FindingsNotDelivered', 150],
      ['FindingsNotDelivered', 150, { region }],
    ])
    expect(lines.map(({ message, fields }) => [message, fields.region, fields.count])).toContainEqual([
      'findings not delivered: Security Hub is not enabled',
      region,
      150,
    ])
  })

  it('C8 refuses a finding of another account before any call', async () => {
    const hub = newHub()
    const { publish, lines } = publisher(hub)
    expect(await publish([bodyOf('a', foreign)])).toEqual(['m0'])
    expect(hub.calls).toEqual([])
    expect(lines[0]?.fields).toEqual({
      messageId: 'm0',
      reason: 'AwsAccountId: expected the account of this function',
    })
  })

  it('D2 begins no call with less than 20 seconds left and returns the rest', async () => {
    const hub = newHub()
    const bodies = Array.from({ length: 250 }, (_, n) => bodyOf(`id${n}`))
    // Asked once to decide and once to limit the call: the third batch comes too late.
    const times = [60_000, 60_000, 20_000, 20_000, 19_999]
    const failed = await publisher(hub).publish(bodies, () => times.shift() ?? 0)
    expect(hub.calls.map((call) => call.length)).toEqual([100, 100])
    expect(failed).toEqual(Array.from({ length: 50 }, (_, n) => `m${200 + n}`))
  })

  it('D9 keeps nothing between invocations: a thousand interleaved ones answer as alone', async () => {
    let now = atNoon()
    const hub = fakeSecurityHub({ accountId, region, now: () => now })
    hub.failing = hubWithFailings().failing
    const bodyAt = (n: number) => [bodyOf(`good${n}`), bodyOf(`invalid${n}`), bodyOf(`good${n}`), 'no JSON'][n % 4]
    const { publish, counts } = publisher(hub, () => {
      now += 1_000
      return now
    })
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => publish([bodyAt(n)])))
    expect(answers).toEqual(Array.from({ length: 1000 }, (_, n) => (n % 2 === 0 ? [] : ['m0'])))
    const accepted = counts.filter(([name]) => name === 'FindingsAccepted').map(([, value]) => value)
    expect([accepted.length, accepted.reduce((sum, value) => sum + value, 0)]).toEqual([1000, 500])
  })

  it('sends only the newest of several messages about one finding, whatever the order, and is done with all', async () => {
    const times = ['2026-03-01T11:00:00.000Z', '2026-03-01T11:30:00.000Z', '2026-03-01T11:59:00.000Z']
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const hub = newHub()
      const bodies = order.map((n) => bodyOf('a', { title: `state ${n}` }, times[n]))
      expect(await publisher(hub).publish(bodies)).toEqual([])
      expect(hub.calls.map((call) => call.map((one) => one.Title))).toEqual([['state 2']])
    }
  })

  it('returns the message of the newest state when that fails, and is done with the older ones', async () => {
    const hub = newHub()
    hub.failing = () => 'Throttling'
    const bodies = [bodyOf('a', {}, '2026-03-01T11:00:00.000Z'), bodyOf('a', {}, noon), bodyOf('a', {}, noon)]
    expect(await publisher(hub).publish(bodies)).toEqual(['m1'])
  })

  it('publishes the older state when the newer message cannot be read', async () => {
    const hub = newHub()
    const newer = bodyOf('a').replace('2018-10-08', 'other')
    expect(await publisher(hub).publish([newer, bodyOf('a', {}, '2026-03-01T11:00:00.000Z')])).toEqual(['m0'])
    expect(hub.held('pullpath/a')?.finding.UpdatedAt).toBe('2026-03-01T11:00:00.000Z')
  })

  it.each([
    [undefined, 'event.Records'],
    [{}, 'event.Records'],
    [{ Records: {} }, 'event.Records'],
    [{ Records: [null] }, 'event.Records.0.messageId'],
    [{ Records: [{ messageId: '', body: '' }] }, 'event.Records.0.messageId'],
  ])('refuses an event that is none of the queue: %j', async (event, field) => {
    await expect(publisher(newHub()).run(event)).rejects.toThrow(field)
  })

  it('writes no more lines than a person reads, and nothing of what a message held', async () => {
    const { publish, lines } = publisher(newHub())
    await publish(Array.from({ length: 50 }, () => JSON.stringify({ secret: 'hunter2' })))
    expect(lines.length).toBe(11)
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })

  it.each([1, 2, 3].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    'P8 killed at call %i, %s it counted, publishes everything in the end',
    async (killedAt, moment) => {
      let now = atNoon()
      const queue = fakeQueue({ now: () => now })
      const hub = fakeSecurityHub({ accountId, region, now: () => now })
      const ids = Array.from({ length: 250 }, (_, n) => `id${n}`)
      for (const id of ids) queue.put(bodyOf(id))
      let calls = 0
      const killed = Promise.withResolvers<never>()
      const send = async (command: Parameters<typeof hub.client.send>[0]) => {
        calls++
        if (calls !== killedAt) return hub.client.send(command)
        if (moment === 'after') await hub.client.send(command)
        killed.reject(new Error('killed'))
        return new Promise(() => undefined)
      }
      const { run } = publisher({ client: { send } as typeof hub.client }, () => now)
      await queue.poll((event) => Promise.race([run(event), killed.promise]), 1_000)
      expect(queue.messages.length).toBe(250)
      now += 400_000
      await queue.poll(publisher(hub, () => now).run, 1_000)
      expect([queue.messages, queue.deadLetters]).toEqual([[], []])
      expect(ids.filter((id) => hub.held(`pullpath/${id}`) === undefined)).toEqual([])
    },
  )
})
