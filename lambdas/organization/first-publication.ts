import { InputError } from '../../shared/model/errors.ts'
import { clip } from '../../shared/model/quote.ts'
import { errorName } from '../../shared/sources/failure.ts'
import { ANSWER_TIME, answerStack, type StackAnswer } from './answer-stack.ts'
import type { Dependencies } from './dependencies.ts'
import { publishAll, type Run, sentenceOf } from './publish-all.ts'
import type { StackEvent } from './stack-event.ts'
import { standsPublished } from './standing-copy.ts'

/** Before it is tried again, milliseconds: a role that was made a moment ago is not known everywhere yet. */
const PAUSES = [5_000, 10_000, 20_000, 40_000] as const

/** The run of an invocation, which ends with the signal. */
export type MakeRun = (signal: AbortSignal) => Run

/**
 * Publishes for the stack that is made or changed, before its members are, and answers in every case: CloudFormation would wait
 * for an hour. The answer is that it worked when members have something good to read of each file, be it the last good copy: an
 * update, or taking one back, must not fail because somebody wrote settings that are not valid. What was answered is no error.
 * @throws Error when nobody took the answer: Lambda tries again
 */
export async function servePublication(
  parts: Dependencies,
  event: StackEvent,
  timeLeft: number,
  makeRun: MakeRun,
): Promise<void> {
  const answer = await answerTo(event, Math.max(1_000, timeLeft - ANSWER_TIME), makeRun)
  const { request } = event
  if (answer.status === 'FAILED') parts.log().warn('refused to the stack', { request, reason: answer.reason })
  else parts.log().info('granted to the stack', { request })
  await answerStack(parts, event, answer)
}

async function answerTo({ request }: StackEvent, limit: number, makeRun: MakeRun): Promise<StackAnswer> {
  switch (request) {
    case 'Create':
    case 'Update':
      return inTime(limit, makeRun)
    case 'Delete':
      // What is published stays, as the bucket does.
      return { status: 'SUCCESS' }
    case 'unknown':
      return { status: 'FAILED', reason: 'event.RequestType: expected Create, Update or Delete' }
    default:
      return request satisfies never
  }
}

/** A write that goes on after that does no harm: it is conditional, as all are. */
async function inTime(limit: number, makeRun: MakeRun): Promise<StackAnswer> {
  const ending = new AbortController()
  const late: StackAnswer = { status: 'FAILED', reason: 'not published: it took too long' }
  const { promise: end, resolve } = Promise.withResolvers<StackAnswer>()
  const clock = setTimeout(() => {
    ending.abort()
    resolve(late)
  }, limit)
  try {
    return await Promise.race([publication(() => makeRun(ending.signal)), end])
  } finally {
    clearTimeout(clock)
  }
}

async function publication(start: () => Run): Promise<StackAnswer> {
  try {
    return await tried(start())
  } catch (error) {
    return failed([error instanceof InputError ? error.message : `failed with ${errorName(error)}`])
  }
}

async function tried(run: Run): Promise<StackAnswer> {
  const pauses = PAUSES.values()
  for (;;) {
    const lacking = await lackingAfter(run)
    if (lacking.length === 0) return { status: 'SUCCESS' }
    const { value: pause } = pauses.next()
    if (pause === undefined || run.signal.aborted) return failed(lacking)
    await run.parts.sleep(pause)
  }
}

/** Publishes, and says why of what members have nothing good to read. */
async function lackingAfter(run: Run): Promise<readonly string[]> {
  const lacking: string[] = []
  for (const { file, reason } of await publishAll(run)) if (!(await standsPublished(run, file))) lacking.push(reason)
  return lacking
}

function failed(reasons: readonly string[]): StackAnswer {
  return { status: 'FAILED', reason: sentenceOf(reasons.map(clip)) }
}
