import { backOff } from '../../shared/sinks/back-off.ts'
import type { Dependencies } from './dependencies.ts'
import type { StackEvent } from './stack-event.ts'

/** What CloudFormation is told. A reason is one short line of our own. */
export type StackAnswer = { readonly status: 'SUCCESS' } | { readonly status: 'FAILED'; readonly reason: string }

/** Always the same: CloudFormation would delete what has another id after an update. */
const PHYSICAL_ID = 'pullpath-first-publication'
const ATTEMPTS = 4
const CALL_TIME = 4_000

/** The most time an answer takes, milliseconds: every attempt, and what is waited between them. */
export const ANSWER_TIME = 20_000

/**
 * Answers CloudFormation, which waits for it.
 * @throws Error when nobody took the answer; the address is not in its message
 */
export async function answerStack(
  parts: Pick<Dependencies, 'send' | 'sleep' | 'random'>,
  { answerUrl, ids }: StackEvent,
  answer: StackAnswer,
): Promise<void> {
  const reason = answer.status === 'FAILED' ? { Reason: answer.reason } : {}
  const body = Buffer.from(
    JSON.stringify({ Status: answer.status, ...reason, PhysicalResourceId: PHYSICAL_ID, ...ids }),
  )
  for (let attempt = 1; ; attempt++) {
    const status = await statusOf(() => parts.send(answerUrl, body, AbortSignal.timeout(CALL_TIME)))
    if (status !== undefined && status >= 200 && status < 300) return
    if (attempt >= ATTEMPTS) throw new Error(`CloudFormation did not take the answer: ${status ?? 'no connection'}`)
    await backOff(parts, attempt)
  }
}

/** What a connection that failed throws may hold the address. */
async function statusOf(send: () => Promise<number>): Promise<number | undefined> {
  try {
    return await send()
  } catch {
    return undefined
  }
}
