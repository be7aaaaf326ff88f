import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendFindings } from '../../../shared/sinks/queue/send-findings.ts'
import { bodyOf, noon } from '../../lambdas/finding-publisher/scenario.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'

let fake: FakeAws
let queue: FakeQueue
let slept: number[]
beforeEach(async () => {
  fake = await startFakeAws()
  queue = fakeQueue({ now: () => Date.parse(noon) })
  slept = []
  fake.state.services.set('AmazonSQS', queue.serve)
})
afterEach(() => fake.close())

const asff = (id: string, fields: Record<string, string> = {}): AwsSecurityFinding => ({
  ...JSON.parse(bodyOf(id)),
  ProductFields: fields,
})
/** A finding whose message has exactly so many bytes. */
function sized(id: string, bytes: number): AwsSecurityFinding {
  const room = bytes - Buffer.byteLength(JSON.stringify(asff(id, { x: '' })))
  return asff(id, { x: 'é'.repeat(room >> 1) + 'a'.repeat(room % 2) })
}
const send = (findings: readonly AwsSecurityFinding[], random = 0.5) =>
  sendFindings(
    {
      client: new SQSClient({
        ...{ region: 'eu-central-1', endpoint: fake.endpoint, maxAttempts: 1 },
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      }),
      queueUrl: queue.url,
      sleep: async (milliseconds) => void slept.push(milliseconds),
      random: () => random,
    },
    findings,
  )
const entriesOf = () => fake.calls.map((call) => call.body.Entries.length)
const queued = () => queue.messages.map(({ body }) => JSON.parse(body).Id)

describe('sendFindings', () => {
  it.each([
    [0, []],
    [1, [1]],
    [9, [9]],
    [10, [10]],
    [11, [10, 1]],
    [21, [10, 10, 1]],
  ])('C6 sends %i findings in calls of %j', async (count, calls) => {
    await send(Array.from({ length: count }, (_, n) => asff(`id${n}`)))
    expect(entriesOf()).toEqual(calls)
    expect(queued()).toEqual(Array.from({ length: count }, (_, n) => `pullpath/id${n}`))
  })

  it.each([
    [131_071, [2]],
    [131_072, [2]],
    [131_073, [1, 1]],
  ])('C6 sends two findings of %i bytes in calls of %j', async (bytes, calls) => {
    await send([sized('a', bytes), sized('b', bytes)])
    expect(entriesOf()).toEqual(calls)
    expect(queued()).toEqual(['pullpath/a', 'pullpath/b'])
  })

  it.each([
    [239_999, true],
    [240_000, true],
    [240_001, false],
  ])('C6 queues a finding of %i bytes: %s, and the rest in any case', async (bytes, taken) => {
    const sent = send([sized('big', bytes), asff('small')])
    if (taken) await sent
    else await expect(sent).rejects.toThrow('the queue did not take 1 finding(s) (FindingTooLarge): pullpath/big')
    expect(queued()).toEqual(taken ? ['pullpath/big', 'pullpath/small'] : ['pullpath/small'])
  })

  it('sends the body as JSON text and nothing else', async () => {
    await send([asff('a')])
    expect(queue.messages.map(({ body }) => body)).toEqual([JSON.stringify(asff('a'))])
    expect(Object.keys(fake.calls[0]!.body.Entries[0])).toEqual(['Id', 'MessageBody'])
  })

  it('sends again, after a pause, only the messages the queue did not take', async () => {
    queue.refusing = (body, attempt) =>
      body.includes('/b') && attempt < 3 ? { Code: 'InternalError', SenderFault: false } : undefined
    await send([asff('a'), asff('b'), asff('c')])
    expect(entriesOf()).toEqual([3, 1, 1])
    expect(queued()).toEqual(['pullpath/a', 'pullpath/c', 'pullpath/b'])
    expect(slept).toEqual([200, 400])
  })

  it('waits with full jitter', async () => {
    queue.refusing = (_body, attempt) => (attempt < 3 ? { Code: 'InternalError', SenderFault: false } : undefined)
    await send([asff('a')], 0)
    expect(slept).toEqual([0, 0])
  })

  it('raises what stays refused after four attempts, the rest is queued', async () => {
    queue.refusing = (body) => (body.includes('/b') ? { Code: 'InternalError', SenderFault: false } : undefined)
    const error = await send([asff('a'), asff('b'), asff('c')]).catch((reason) => reason)
    expect(error.message).toBe('the queue did not take 1 finding(s) (InternalError): pullpath/b')
    expect([error.name, error.ids]).toEqual(['UnqueuedFindings', ['pullpath/b']])
    expect(entriesOf()).toEqual([3, 1, 1, 1])
    expect(queued()).toEqual(['pullpath/a', 'pullpath/c'])
  })

  it('does not send again what is at fault itself, and sends the batches after it', async () => {
    queue.refusing = (body) =>
      body.includes('/id3"') ? { Code: 'InvalidMessageContents', SenderFault: true } : undefined
    await expect(send(Array.from({ length: 12 }, (_, n) => asff(`id${n}`)))).rejects.toThrow(
      'the queue did not take 1 finding(s) (InvalidMessageContents): pullpath/id3',
    )
    expect(entriesOf()).toEqual([10, 2])
    expect(queue.messages.length).toBe(11)
  })

  it('takes only what the answer confirms for sent', async () => {
    fake.state.plan = (_operation, n) => (n === 1 ? { answer: {} } : undefined)
    await send([asff('a')])
    expect(entriesOf()).toEqual([1, 1])
    fake.state.plan = () => ({ answer: {} })
    await expect(send([asff('b')])).rejects.toThrow('(Unconfirmed): pullpath/b')
  })

  it('queues characters that SQS refuses as they are, and the text stays the same', async () => {
    const odd = asff('a', { x: '\u0000\u0007\uFFFE\uFFFF\uD800é😀\u007F' })
    await send([odd])
    expect(JSON.parse(queue.messages[0]!.body)).toEqual(odd)
  })

  it('fails when a call fails as a whole', async () => {
    fake.state.plan = () => ({ error: 'QueueDoesNotExist' })
    await expect(send([asff('a')])).rejects.toThrow('QueueDoesNotExist')
  })
})
