import type { JsonObject } from '../../model/json.ts'
import type { Answer } from '../reading.ts'
import type { IamReader } from './reader.ts'

/** Age up to which a policy of AWS serves again, milliseconds. */
const LIFETIME = 3_600_000
/** Policies remembered per client, of at most a few kilobytes each. */
const MOST = 500

interface Held {
  readonly takenAt: number
  readonly answer: Answer<JsonObject>
}

/** By the client they were read with: what one identity may see is nothing to another. */
const memories = new WeakMap<IamReader['client'], Map<string, Held>>()

/**
 * A policy of AWS as it was read with the same client in the last hour, else as `read` gives it. Only what was read is
 * remembered: a failure is met anew.
 */
export async function rememberedOfAws(
  { client, readAt }: IamReader,
  arn: string,
  read: () => Promise<Answer<JsonObject>>,
): Promise<Answer<JsonObject>> {
  const memory = memories.get(client) ?? new Map<string, Held>()
  memories.set(client, memory)
  const now = Date.parse(readAt)
  const before = memory.get(arn)
  if (before !== undefined && now - before.takenAt >= 0 && now - before.takenAt <= LIFETIME) return before.answer
  const answer = await read()
  memory.delete(arn)
  if (answer.state === 'known') memory.set(arn, { takenAt: now, answer })
  const [oldest] = memory.keys()
  if (memory.size > MOST && oldest !== undefined) memory.delete(oldest)
  return answer
}
