import { TokenBucket } from 'limiter'
import { type CallRate, callRate } from './call-rates.ts'
import type { CallBudget, CallPlace } from './politeness.ts'
import { whenAborted } from './time-limit.ts'

/** A throttled burst arrives together: what comes within this time, in milliseconds, is the same news. */
const SAME_NEWS = 1_000
/** Part of the full rate that comes back with every quiet second. */
const RECOVERY = 0.05
/** The slowest a place gets, as part of its full rate. */
const SLOWEST = 1 / 16

/**
 * Budgets per account, region and service: AWS limits the called account, so accounts do not wait for one another. Calls are
 * let through in the order in which they asked.
 */
export function callBudget(rateOf: (service: string) => CallRate = callRate): CallBudget {
  const buckets = new Map<string, Bucket>()
  const bucketOf = ({ accountId, region, service }: CallPlace): Bucket => {
    const key = `${accountId} ${region} ${service}`
    const bucket = buckets.get(key) ?? new Bucket(rateOf(service))
    buckets.set(key, bucket)
    return bucket
  }
  return {
    take: (place, signal) => bucketOf(place).take(signal),
    throttled: (place) => bucketOf(place).slowDown(),
  }
}

/** One bucket and who waits for it. */
class Bucket {
  readonly #full: number
  readonly #tokens: TokenBucket
  readonly #waiting = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #slowedAt = Number.NEGATIVE_INFINITY
  #adjustedAt = performance.now()

  constructor({ burst, perSecond }: CallRate) {
    this.#full = perSecond
    this.#tokens = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: 'second' })
    this.#tokens.content = burst
  }

  take(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const remove = whenAborted(signal, (reason) => {
        this.#waiting.delete(proceed)
        this.#serve()
        reject(reason)
      })
      const proceed = () => {
        remove()
        resolve()
      }
      this.#waiting.add(proceed)
      this.#serve()
    })
  }

  slowDown(): void {
    const now = performance.now()
    if (now - this.#slowedAt < SAME_NEWS) return
    this.#slowedAt = now
    this.#setRate(this.#tokens.tokensPerInterval / 2)
    this.#tokens.content = 0
  }

  /** Lets through who may go, and comes back when the next one may. */
  #serve(): void {
    this.#speedUp()
    for (const proceed of this.#waiting) {
      if (!this.#tokens.tryRemoveTokens(1)) break
      this.#waiting.delete(proceed)
      proceed()
    }
    clearTimeout(this.#timer)
    this.#timer = this.#waiting.size === 0 ? undefined : setTimeout(() => this.#serve(), this.#tokens.getWaitTime(1))
  }

  #speedUp(): void {
    const now = performance.now()
    const quiet = now - Math.max(this.#adjustedAt, this.#slowedAt + SAME_NEWS)
    if (quiet <= 0 || this.#tokens.tokensPerInterval >= this.#full) return
    this.#setRate(this.#tokens.tokensPerInterval + (this.#full * RECOVERY * quiet) / 1_000)
  }

  #setRate(perSecond: number): void {
    // What has dripped so far dripped at the old rate.
    this.#tokens.drip()
    this.#tokens.tokensPerInterval = Math.min(this.#full, Math.max(this.#full * SLOWEST, perSecond))
    this.#adjustedAt = performance.now()
  }
}
