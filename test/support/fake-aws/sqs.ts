// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { createHash, randomUUID } from 'node:crypto'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { clientOf } from './in-process.ts'
import { Refusal } from './refusal.ts'

/** A message in the queue. */
export interface QueuedMessage {
  readonly messageId: string
  readonly body: string
  receiveCount: number
  /** Nobody receives it before, milliseconds since the epoch. */
  visibleAt: number
}

/** What Lambda's poller invokes. */
export type BatchHandler = (event: any) => Promise<unknown>

/** A standard queue with its dead-letter queue, on a clock of the test. */
export interface FakeQueue {
  readonly url: string
  readonly messages: QueuedMessage[]
  readonly deadLetters: QueuedMessage[]
  /** Events the handler was invoked with. */
  readonly events: any[]
  /** Whether an entry of a batch is refused, and whose fault that is. */
  refusing: (body: string, attempt: number) => { readonly Code: string; readonly SenderFault: boolean } | undefined
  /** The order messages come in; a standard queue promises none. */
  order: (messages: readonly QueuedMessage[]) => readonly QueuedMessage[]
  serve(operation: string, body: any): unknown
  readonly client: Pick<SQSClient, 'send'>
  put(body: string): string
  /** One invocation with the messages that are visible, if any; true when there were some. Never throws. */
  poll(handler: BatchHandler, batchSize?: number): Promise<boolean>
}

const MAX_BYTES = 262_144
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones SQS refuses
const refusedCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

/** An empty queue. `visibilityTimeout` in milliseconds. */
export function fakeQueue(options: {
  readonly now: () => number
  readonly visibilityTimeout?: number
  readonly maxReceiveCount?: number
}): FakeQueue {
  const { now, visibilityTimeout = 360_000, maxReceiveCount = 3 } = options
  const attempts = new Map<string, number>()
  const queue: FakeQueue = {
    url: 'https://sqs.eu-central-1.amazonaws.com/111122223333/pullpath-findings',
    messages: [],
    deadLetters: [],
    events: [],
    refusing: () => undefined,
    order: (messages) => messages,
    serve,
    client: clientOf(serve),
    put: (body) => {
      const messageId = randomUUID()
      queue.messages.push({ messageId, body, receiveCount: 0, visibleAt: now() })
      return messageId
    },
    poll: async (handler, batchSize = 10) => {
      const received = receive(batchSize)
      if (received.length === 0) return false
      const event = { Records: received.map(recordOf) }
      queue.events.push(event)
      const ids = received.map(({ messageId }) => messageId)
      const failed = await failedBy(handler, event, ids)
      const done = new Set(ids.filter((id) => !failed.has(id)))
      remove((message) => done.has(message.messageId))
      return true
    },
  }
  return queue

  function serve(operation: string, body: any): unknown {
    if (operation !== 'SendMessageBatch') throw new Refusal('UnknownOperationException')
    const entries: any[] = body.Entries ?? []
    if (entries.length === 0) throw new Refusal('EmptyBatchRequest')
    if (entries.length > 10) throw new Refusal('TooManyEntriesInBatchRequest')
    if (new Set(entries.map((one) => one.Id)).size < entries.length) throw new Refusal('BatchEntryIdsNotDistinct')
    const bytes = entries.reduce((sum, one) => sum + Buffer.byteLength(one.MessageBody), 0)
    if (bytes > MAX_BYTES) throw new Refusal('BatchRequestTooLong')
    const answers = entries.map(({ Id, MessageBody }) => ({ Id, ...accept(MessageBody) }))
    return {
      Successful: answers.filter((one) => 'MessageId' in one),
      Failed: answers.filter((one) => 'Code' in one),
    }
  }

  function accept(body: string) {
    const attempt = (attempts.get(body) ?? 0) + 1
    attempts.set(body, attempt)
    const refusal = queue.refusing(body, attempt)
    if (refusal) return refusal
    if (refusedCharacters.test(body)) return { Code: 'InvalidMessageContents', SenderFault: true }
    return { MessageId: queue.put(body), MD5OfMessageBody: createHash('md5').update(body).digest('hex') }
  }

  /** Takes visible messages; what was received too often goes to the dead-letter queue instead. */
  function receive(batchSize: number): readonly QueuedMessage[] {
    const visible = queue.order(queue.messages.filter((message) => message.visibleAt <= now()))
    const spent = new Set(visible.filter((message) => message.receiveCount >= maxReceiveCount))
    queue.deadLetters.push(...spent)
    remove((message) => spent.has(message))
    const received = visible.filter((message) => !spent.has(message)).slice(0, batchSize)
    for (const message of received) {
      message.receiveCount += 1
      message.visibleAt = now() + visibilityTimeout
    }
    return received
  }

  function remove(which: (message: QueuedMessage) => boolean): void {
    queue.messages.splice(0, Infinity, ...queue.messages.filter((message) => !which(message)))
  }
}

function recordOf({ messageId, body, receiveCount }: QueuedMessage) {
  return {
    messageId,
    receiptHandle: `handle-${messageId}-${receiveCount}`,
    body,
    attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: '1', SenderId: 'A' },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:pullpath-findings',
    awsRegion: 'eu-central-1',
  }
}

/** The messages that stay, as the poller reads an answer: all of them when it throws or names what was not in the batch. */
async function failedBy(handler: BatchHandler, event: unknown, ids: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    const answer = (await handler(JSON.parse(JSON.stringify(event)))) as any
    const named = (answer?.batchItemFailures ?? []).map((one: any) => one.itemIdentifier)
    return new Set(named.every((id: string) => ids.includes(id)) ? named : ids)
  } catch {
    return new Set(ids)
  }
}
