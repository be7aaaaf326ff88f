/** Why a reading ended early; the message is for a person. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  /** Exit code of a process that a signal ended; undefined when its time was up. */
  readonly exitCode: number | undefined
  constructor(message: string, exitCode?: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** What may end a reading early. */
export interface StopOptions {
  /** Milliseconds; none: no limit. */
  readonly timeLimit?: number
  /** How the limit is called in messages: "5 minutes". */
  readonly timeLimitText?: string
  /** Milliseconds after the stop until whoever waits is told to wait no longer. */
  readonly grace: number
  readonly exitCodes: { readonly SIGINT: number; readonly SIGTERM: number }
}

/** A running watch for reasons to stop. */
export interface StopWatch {
  /** Aborts with a Stopped. */
  readonly signal: AbortSignal
  /** Resolves when the grace after the stop is over. */
  readonly overdue: Promise<void>
  /** Ends the watch, so that it does not keep the process alive. */
  readonly end: () => void
}

/** Watches the clock, SIGINT and SIGTERM. A second signal changes nothing: the first is being obeyed. */
export function watchForStop({ timeLimit, timeLimitText, grace, exitCodes }: StopOptions): StopWatch {
  const controller = new AbortController()
  const overdue = Promise.withResolvers<void>()
  const timers = new Set<NodeJS.Timeout>()
  const stop = (reason: Stopped) => {
    if (controller.signal.aborted) return
    controller.abort(reason)
    timers.add(setTimeout(overdue.resolve, grace))
  }
  const onInterrupt = () => stop(new Stopped('interrupted (SIGINT)', exitCodes.SIGINT))
  const onTerminate = () => stop(new Stopped('terminated (SIGTERM)', exitCodes.SIGTERM))
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  if (timeLimit !== undefined) {
    const reached = () => stop(new Stopped(`the time limit of ${timeLimitText ?? `${timeLimit} ms`} was reached`))
    timers.add(setTimeout(reached, timeLimit))
  }
  const end = () => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
    for (const timer of timers) clearTimeout(timer)
  }
  return { signal: controller.signal, overdue: overdue.promise, end }
}
