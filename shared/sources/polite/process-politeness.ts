import { callBudget } from './call-budget.ts'
import type { CallBudget, CallReport, Politeness } from './politeness.ts'
import { whenAborted } from './time-limit.ts'

/** What a process may choose about its calls; the rest is as good for everybody. */
export interface PolitenessOptions {
  /** One per process, so that all who call the same place share it. */
  readonly budget?: CallBudget
  /** Upper bound of one request, milliseconds; default 20,000: a page of account authorization details takes ten seconds. */
  readonly attemptTimeout?: number
  /** Upper bound of one call with all its attempts and waits, milliseconds; default 120,000. */
  readonly callTimeout?: number
  /** Ends all calls. */
  readonly signal?: AbortSignal
  readonly onCall?: (report: CallReport) => void
}

/** Politeness with the clock, the chance and the patience of this process. */
export function politeness(options: PolitenessOptions = {}): Politeness {
  return {
    budget: callBudget(),
    attemptTimeout: 20_000,
    callTimeout: 120_000,
    sleep,
    random: Math.random,
    elapsed: () => performance.now(),
    ...options,
  }
}

/** Resolves after the milliseconds. @throws the signal's reason as soon as it ends */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const remove = whenAborted(signal, (reason) => {
      clearTimeout(timer)
      reject(reason)
    })
    const timer = setTimeout(() => {
      remove()
      resolve()
    }, milliseconds)
  })
}
