import { errorName } from '../failure.ts'
import type { Session } from '../sts/session.ts'
import { type FailureKind, failureKind } from './failure-kind.ts'
import type { CallPlace, Politeness } from './politeness.ts'
import { timeLimit, untilAborted } from './time-limit.ts'

const BASE_WAIT = 200
const LONGEST_WAIT = 20_000

/** How often a call that failed in this way is tried again within its time. */
const retries: Readonly<Record<FailureKind, number>> = {
  throttled: Number.POSITIVE_INFINITY,
  passing: Number.POSITIVE_INFINITY,
  unreachable: 5,
  unreadable: 1,
  skewed: 1,
  expired: 1,
  final: 0,
}

/** One request of a call: with which client, and until when. */
export type SendRequest<C, T> = (client: C, signal: AbortSignal) => Promise<T>

/**
 * Makes one call: waits for the budget, gives each request its own time limit and tries again while that may help.
 * @throws the last failure when no further request may help, or the reason of the caller's signal when it ends
 */
export type PoliteCall<C> = <T>(
  operation: string,
  signal: AbortSignal | undefined,
  send: SendRequest<C, T>,
) => Promise<T>

/**
 * Calls on one client. `connect` is called with the first call, and again after `session.renew()` when the service says that
 * the credentials have expired: calls that find out together renew them once.
 */
export function politeCalls<C>(
  place: CallPlace,
  connect: () => C,
  politeness: Politeness,
  session?: Pick<Session, 'renew'>,
): PoliteCall<C> {
  const connection = connectionOf(connect, session)
  return (operation, signal, send) => new Call(place, connection, politeness, signal).answer(operation, send)
}

interface Connection<C> {
  readonly client: () => C
  /** Makes new credentials unless that has happened since the client was handed out; false when there is no session. */
  readonly renew: (used: C) => boolean
}

function connectionOf<C>(connect: () => C, session: Pick<Session, 'renew'> | undefined): Connection<C> {
  let held: { readonly client: C } | undefined
  const client = () => {
    held ??= { client: connect() }
    return held.client
  }
  const renew = (used: C) => {
    if (session === undefined) return false
    if (held?.client === used) {
      session.renew()
      held = undefined
    }
    return true
  }
  return { client, renew }
}

/** The state of one call over its requests. */
class Call<C> {
  readonly #place: CallPlace
  readonly #connection: Connection<C>
  readonly #politeness: Politeness
  readonly #outer: readonly (AbortSignal | undefined)[]
  readonly #started: number
  readonly #failures = new Map<FailureKind, number>()
  #attempts = 0
  #waits = 0
  #failure: { readonly error: unknown } | undefined

  constructor(place: CallPlace, connection: Connection<C>, politeness: Politeness, signal: AbortSignal | undefined) {
    this.#place = place
    this.#connection = connection
    this.#politeness = politeness
    this.#outer = [signal, politeness.signal]
    this.#started = politeness.elapsed()
  }

  async answer<T>(operation: string, send: SendRequest<C, T>): Promise<T> {
    const limit = timeLimit(this.#politeness.callTimeout, this.#outer)
    try {
      const answer = await this.#untilAnswered(send, limit.signal)
      this.#report(operation)
      return answer
    } catch (error) {
      const failure = this.#whyEnded(error)
      this.#report(operation, failure)
      throw failure
    } finally {
      limit.end()
    }
  }

  async #untilAnswered<T>(send: SendRequest<C, T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      await this.#politeness.budget.take(this.#place, signal)
      signal.throwIfAborted()
      const client = this.#connection.client()
      try {
        return await this.#request(client, send, signal)
      } catch (error) {
        signal.throwIfAborted()
        this.#failure = { error }
        const wait = this.#waitAfter(error, client)
        if (wait === undefined || this.#elapsed() + wait >= this.#politeness.callTimeout) throw error
        if (wait > 0) await this.#politeness.sleep(wait, signal)
      }
    }
  }

  async #request<T>(client: C, send: SendRequest<C, T>, signal: AbortSignal): Promise<T> {
    this.#attempts += 1
    const limit = timeLimit(this.#politeness.attemptTimeout, [signal])
    try {
      return await untilAborted(send(client, limit.signal), limit.signal)
    } finally {
      limit.end()
    }
  }

  /** Milliseconds until the next request; undefined when it would not help. */
  #waitAfter(error: unknown, client: C): number | undefined {
    const kind = failureKind(error)
    const before = this.#failures.get(kind) ?? 0
    this.#failures.set(kind, before + 1)
    if (before >= retries[kind]) return undefined
    switch (kind) {
      case 'throttled':
        this.#politeness.budget.throttled(this.#place)
        return this.#jitter()
      case 'passing':
      case 'unreachable':
      case 'unreadable':
        return this.#jitter()
      case 'skewed':
        return 0
      case 'expired':
        return this.#renewed(client) ? 0 : undefined
      case 'final':
        return undefined
      default: {
        const never: never = kind
        throw new Error(`unknown kind of failure ${String(never)}`)
      }
    }
  }

  /** The client that new credentials bring has not yet heard the time of the service. */
  #renewed(client: C): boolean {
    this.#failures.delete('skewed')
    return this.#connection.renew(client)
  }

  #jitter(): number {
    const most = Math.min(LONGEST_WAIT, BASE_WAIT * 2 ** this.#waits)
    this.#waits += 1
    return this.#politeness.random() * most
  }

  #elapsed(): number {
    return this.#politeness.elapsed() - this.#started
  }

  /** What the service said says more than that the time is up; that the caller wanted no answer any more goes first. */
  #whyEnded(error: unknown): unknown {
    const ended = this.#outer.find((signal) => signal?.aborted === true)
    if (ended !== undefined) return ended.reason
    return this.#failure === undefined ? error : this.#failure.error
  }

  #report(operation: string, failure?: unknown): void {
    this.#politeness.onCall?.({
      ...this.#place,
      operation,
      attempts: this.#attempts,
      outcome: failure === undefined ? 'answered' : 'failed',
      ...(this.#failure === undefined && failure === undefined
        ? {}
        : { error: errorName(failure ?? this.#failure?.error) }),
    })
  }
}
