import { InputError } from '../../shared/model/errors.ts'
import { isJsonObject, ownList, ownString, own as ownValue } from '../../shared/model/json.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type ReadFinding, readMessage } from './read-message.ts'

/** A message of the queue as Lambda hands it over: its id for the answer, its body not yet looked at. */
export interface Message {
  readonly messageId: string
  readonly body: unknown
}

/** A message nobody can publish, and why. */
export interface Poison {
  readonly messageId: string
  readonly reason: string
}

/** The messages that carry one finding: the newest state is sent, the older ones are done with it. */
export interface Update {
  readonly newest: ReadFinding
  readonly messageId: string
}

/** What a batch of messages comes to. */
export interface Sorted {
  readonly updates: ReadonlyMap<string, Update>
  readonly poison: readonly Poison[]
  /** Messages whose finding a newer message, or the same again, is about. */
  readonly superseded: number
}

/**
 * The messages of an event.
 * @throws InputError when the event is none of SQS: without ids nothing can be answered message by message
 */
export function messagesOf(event: unknown): readonly Message[] {
  if (!isJsonObject(event) || !Array.isArray(event.Records)) throw new InputError('event.Records: expected a list')
  return ownList(event, 'Records').map((record, index) => {
    const messageId = isJsonObject(record) ? ownString(record, 'messageId') : undefined
    if (messageId === undefined) throw new InputError(`event.Records.${index}.messageId: expected text`)
    return { messageId, body: isJsonObject(record) ? ownValue(record, 'body') : undefined }
  })
}

/** Reads every message and keeps of each finding the newest state: the queue does not keep the order. */
export function sortMessages(messages: readonly Message[], own: Scope, now: Date): Sorted {
  const updates = new Map<string, Update>()
  const poison: Poison[] = []
  let superseded = 0
  for (const { messageId, body } of messages) {
    const read = tryRead(body, own, now)
    if (read instanceof InputError) {
      poison.push({ messageId, reason: read.message })
      continue
    }
    const held = updates.get(read.id)
    if (held !== undefined) superseded++
    // Of two that are equally new the first stands, as it would in Security Hub.
    if (held === undefined || held.newest.updatedAt < read.updatedAt) updates.set(read.id, { newest: read, messageId })
  }
  return { updates, poison, superseded }
}

function tryRead(body: unknown, own: Scope, now: Date): ReadFinding | InputError {
  try {
    return readMessage(body, own, now)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}
