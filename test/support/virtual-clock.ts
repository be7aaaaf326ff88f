/** A clock that moves when it is told to. Milliseconds since 1970. */
export interface VirtualClock {
  readonly now: () => number
  /** Moves on, never back; signals whose time has come are aborted. */
  readonly moveTo: (time: number) => void
  readonly sleep: (milliseconds: number) => Promise<void>
  /** As `AbortSignal.timeout`. */
  readonly timeout: (milliseconds: number) => AbortSignal
}

interface Timer {
  readonly at: number
  readonly controller: AbortController
}

/** A clock that shows this time (ISO 8601). */
export function virtualClock(start: string): VirtualClock {
  let now = Date.parse(start)
  let timers: Timer[] = []
  const moveTo = (time: number) => {
    if (time <= now) return
    now = time
    const due = timers.filter(({ at }) => at <= now)
    if (due.length === 0) return
    timers = timers.filter(({ at }) => at > now)
    for (const { controller } of due) controller.abort(timedOut())
  }
  return {
    now: () => now,
    moveTo,
    sleep: async (milliseconds) => moveTo(now + milliseconds),
    timeout: (milliseconds) => {
      const controller = new AbortController()
      timers.push({ at: now + milliseconds, controller })
      return controller.signal
    },
  }
}

/** What the SDK and `AbortSignal.timeout` end a call with. */
export function timedOut(): Error {
  return Object.assign(new Error('The operation was aborted due to timeout'), { name: 'TimeoutError' })
}
