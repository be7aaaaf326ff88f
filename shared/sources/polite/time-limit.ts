/** Timers of Node.js go no further; a longer one would go off at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** A signal that ends by itself; `end` takes its timer and listeners away when the work is done. */
export interface TimeLimit {
  readonly signal: AbortSignal
  readonly end: () => void
}

/**
 * A signal that ends after the milliseconds with a TimeoutError, or with any of the others and their reason. Own timers, not
 * AbortSignal.timeout: thousands of calls would leave as many timers behind, and a timer that holds no reference would let
 * the process end in the middle of a call.
 */
export function timeLimit(milliseconds: number, others: readonly (AbortSignal | undefined)[]): TimeLimit {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(timedOut(milliseconds)), Math.min(milliseconds, LONGEST_TIMER))
  const undo = others.map((other) => whenAborted(other, (reason) => controller.abort(reason)))
  const end = () => {
    clearTimeout(timer)
    for (const remove of undo) remove()
  }
  return { signal: controller.signal, end }
}

/** The promise, or the signal's reason as soon as it ends: also for work that pays no attention to its signal. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const remove = whenAborted(signal, reject)
    work.then(resolve, reject).finally(remove)
  })
}

/** Calls back when the signal ends, or at once when it has; the function it returns forgets about it. */
export function whenAborted(signal: AbortSignal | undefined, callback: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {}
  const listener = () => callback(signal.reason)
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}

function timedOut(milliseconds: number): DOMException {
  return new DOMException(`no answer within ${milliseconds} ms`, 'TimeoutError')
}
