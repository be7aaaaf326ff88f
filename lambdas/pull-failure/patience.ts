import type { Patience } from '../../shared/sinks/back-off.ts'
import type { Answer } from '../../shared/sources/reading.ts'

/** What may be spent on waiting for an answer that is not there yet. */
export interface Waiting extends Patience {
  /** All waits together, milliseconds. */
  readonly budget: number
  /** Ends the asking, although some budget may be left. */
  readonly signal?: AbortSignal | undefined
}

/** The first wait lasts at most this long, milliseconds; each further one twice as long as the one before it might have. */
const FIRST = 500
/** No wait is longer, milliseconds: less than what is kept back for writing, so that the end of the time is noticed. */
const LONGEST = 10_000

/**
 * Asks until the answer has come or the budget is spent, and returns the last answer. Each wait is a random part, at least half, of
 * its longest: many that are refused at once do not come back at once.
 */
export async function untilThere<T>(
  { sleep, random, budget, signal }: Waiting,
  ask: () => Promise<T>,
  isStillToCome: (answer: T) => boolean,
): Promise<T> {
  let left = budget
  for (let longest = FIRST; ; longest = Math.min(LONGEST, longest * 2)) {
    const answer = await ask()
    const wait = Math.floor((longest * (1 + random())) / 2)
    if (!isStillToCome(answer) || wait > left || signal?.aborted === true) return answer
    left -= wait
    await sleep(wait)
  }
}

/** Asks a service again for what it could not answer just now: events come in bursts, and each is a call or two. */
export function answered<T>(waiting: Waiting, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  return untilThere(waiting, ask, (answer) => answer.state === 'unknown' && answer.transience === 'passing')
}
