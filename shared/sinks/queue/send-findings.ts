import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { backOff, type Patience } from '../back-off.ts'
import { MAX_FINDING_BYTES } from '../security-hub/limits.ts'
import { messageBody } from './message-body.ts'

/** IAM actions of this sink, on the queue of findings only. */
export const permissions = [{ action: 'sqs:SendMessage', resource: 'queue' }] as const

const MAX_COUNT = 10
/** The service takes 256 KB a call, all bodies together. Bytes. */
const MAX_BATCH_BYTES = 262_144
const ATTEMPTS = 4
/** Longest time one call may take, milliseconds. */
const CALL_TIME = 20_000

/** The queue findings wait in until they are published. */
export interface FindingsQueue extends Patience {
  readonly client: Pick<SQSClient, 'send'>
  readonly queueUrl: string
}

/** Findings the queue did not take although the rest was sent. */
export class UnqueuedFindings extends Error {
  override readonly name = 'UnqueuedFindings'
  /** Ids of the findings that are not in the queue. */
  readonly ids: readonly string[]
  constructor(ids: readonly string[], codes: readonly string[]) {
    super(
      `the queue did not take ${ids.length} finding(s) (${[...new Set(codes)].join(', ')}): ${ids.slice(0, 5).join(', ')}`,
    )
    this.ids = ids
  }
}

interface Message {
  readonly id: string
  readonly body: string
  readonly bytes: number
}

interface Failure {
  readonly message: Message
  readonly code: string
  /** The message itself is at fault: sending it again changes nothing. */
  readonly lasting: boolean
}

/**
 * Puts findings into the queue, one message each, at most 10 and 256 KB a call. Messages the service did not take are sent again
 * unless they are at fault themselves; everything that can be sent is, then the rest is raised.
 * @throws UnqueuedFindings naming those not sent; Error when a call fails as a whole
 */
export async function sendFindings(sink: FindingsQueue, findings: readonly AwsSecurityFinding[]): Promise<void> {
  const messages = findings.map(messageOf)
  const failures = messages.filter(isTooLarge).map((message) => failed(message, 'FindingTooLarge', true))
  for (const batch of batchesOf(messages.filter((message) => !isTooLarge(message)))) {
    failures.push(...(await sendWithRetry(sink, batch)))
  }
  if (failures.length === 0) return
  throw new UnqueuedFindings(
    failures.map(({ message }) => message.id),
    failures.map(({ code }) => code),
  )
}

function messageOf(finding: AwsSecurityFinding): Message {
  const body = messageBody(finding)
  return { id: finding.Id ?? '', body, bytes: Buffer.byteLength(body) }
}

/** Nothing is cut here: what Security Hub cannot take stays out of the queue and is named. */
function isTooLarge({ bytes }: Message): boolean {
  return bytes > MAX_FINDING_BYTES
}

function failed(message: Message, code: string, lasting: boolean): Failure {
  return { message, code, lasting }
}

function batchesOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const batches: Message[][] = []
  let bytes = 0
  for (const message of messages) {
    const current = batches.at(-1)
    if (current === undefined || current.length === MAX_COUNT || bytes + message.bytes > MAX_BATCH_BYTES) {
      batches.push([message])
      bytes = message.bytes
    } else {
      current.push(message)
      bytes += message.bytes
    }
  }
  return batches
}

async function sendWithRetry(sink: FindingsQueue, batch: readonly Message[]): Promise<readonly Failure[]> {
  const lasting: Failure[] = []
  let left = batch
  for (let attempt = 1; left.length > 0; attempt++) {
    const failures = await sendOnce(sink, left)
    const passing = failures.filter((failure) => !failure.lasting)
    lasting.push(...failures.filter((failure) => failure.lasting))
    if (attempt === ATTEMPTS) return [...lasting, ...passing]
    left = passing.map(({ message }) => message)
    if (left.length > 0) await backOff(sink, attempt)
  }
  return lasting
}

/** One call. Only a message whose entry the answer confirms is in the queue. */
async function sendOnce(sink: FindingsQueue, batch: readonly Message[]): Promise<readonly Failure[]> {
  const Entries = batch.map((message, index) => ({ Id: String(index), MessageBody: message.body }))
  const command = new SendMessageBatchCommand({ QueueUrl: sink.queueUrl, Entries })
  const output = await sink.client.send(command, { abortSignal: AbortSignal.timeout(CALL_TIME) })
  const confirmed = new Set((output.Successful ?? []).map((one) => one.Id))
  const refused = new Map((output.Failed ?? []).map((one) => [one.Id, one]))
  return batch.flatMap((message, index) => {
    const refusal = refused.get(String(index))
    if (refusal) return [failed(message, refusal.Code ?? 'Unknown', refusal.SenderFault === true)]
    return confirmed.has(String(index)) ? [] : [failed(message, 'Unconfirmed', false)]
  })
}
