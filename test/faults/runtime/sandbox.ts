import { AsyncLocalStorage } from 'node:async_hooks'
import { type Clients, clientsOver, type Reply } from '../../support/fake-aws/in-memory.ts'
import type { Spoken } from '../../support/fake-aws/wire.ts'
import { timedOut, type VirtualClock } from '../../support/virtual-clock.ts'
import type { PlannedFault } from './faults.ts'

/** How one invocation fares. */
export interface Conditions {
  /** In a new process; otherwise in the one that served the last event, where there is one. */
  readonly cold?: boolean
  /** Requests after which the process ends, with nothing after them; never when missing. */
  readonly killedAfter?: number
  /** Milliseconds until a request is answered. */
  readonly latency?: number
  /** Milliseconds the invocation has; the limit of the function unless told. */
  readonly limit?: number
}

/** How an invocation ended. */
export type End = 'done' | 'failed' | 'killed' | 'timed out'

/** Answers a request of a function, wrongly when a fault says so. Rejects as a connection that breaks. */
export type Serve = (call: Spoken, fault: PlannedFault | undefined) => Reply

/** How long a request may take before a client gives up, milliseconds: as the deployed clients have it. */
const REQUEST_LIMIT = 8_000
export const region = 'eu-central-1'
const never = new Promise<never>(() => undefined)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A process of Lambda while it serves one event. Once it has ended nothing of it happens any more. */
export class Sandbox {
  requests = 0
  faults = 0
  readonly clock: VirtualClock
  readonly deadline: number
  readonly #conditions: Conditions
  readonly #serve: Serve
  readonly #faultOf: (call: Spoken) => PlannedFault | undefined
  readonly #over = Promise.withResolvers<End>()
  #isOver = false

  constructor(parts: {
    readonly clock: VirtualClock
    readonly limit: number
    readonly conditions: Conditions
    readonly serve: Serve
    readonly faultOf: (call: Spoken) => PlannedFault | undefined
  }) {
    this.clock = parts.clock
    this.deadline = parts.clock.now() + parts.limit
    this.#conditions = parts.conditions
    this.#serve = parts.serve
    this.#faultOf = parts.faultOf
  }

  /** Runs until the work ends, or the process does. */
  async run<T>(work: () => Promise<T>): Promise<{ readonly how: End; readonly answer?: T; readonly error?: unknown }> {
    const own = sandboxes.run(this, work).then(
      (answer) => ({ how: this.clock.now() > this.deadline ? ('timed out' as const) : ('done' as const), answer }),
      (error: unknown) => ({ how: 'failed' as const, error }),
    )
    const outcome = await Promise.race([own, this.#over.promise.then((how) => ({ how }))])
    this.#isOver = true
    return outcome
  }

  /** Lets milliseconds pass. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.clock.now() + milliseconds
    // Whoever waits at the same time has begun by then.
    if (milliseconds > 0) await turn()
    if (this.#isOver) return never
    this.clock.moveTo(until)
    return this.clock.now() > this.deadline ? this.#end('timed out') : undefined
  }

  async receive(call: Spoken, signal: AbortSignal | undefined): Promise<Reply> {
    const { killedAfter = Number.POSITIVE_INFINITY, latency = 0 } = this.#conditions
    if (this.#isOver) return never
    if (this.requests >= killedAfter) return this.#end('killed')
    this.requests += 1
    const fault = this.#faultOf(call)
    if (fault !== undefined) this.faults += 1
    await this.pass(fault?.kind === 'hang' ? REQUEST_LIMIT : latency)
    if (signal?.aborted) throw signal.reason
    if (fault?.kind === 'hang') throw timedOut()
    return this.#serve(call, fault)
  }

  #end(how: End): Promise<never> {
    this.#isOver = true
    this.#over.resolve(how)
    return never
  }
}

const sandboxes = new AsyncLocalStorage<Sandbox>()

/** Lets milliseconds pass in the invocation that is served now: a warm process lives longer than any of them. */
export async function sleepNow(milliseconds: number): Promise<void> {
  await sandboxes.getStore()?.pass(milliseconds)
}

/** One set of clients for everything: each request goes to the account whose function makes it. */
export const clients: Clients = clientsOver((call, signal) => {
  const sandbox = sandboxes.getStore()
  if (sandbox === undefined) throw new Error(`${call.service}:${call.operation} was asked for outside of an invocation`)
  return sandbox.receive(inWordsOfIam(call), signal)
}, region)

/** The wire has another name for SQS. */
export function inWordsOfIam(call: Spoken): Spoken {
  return call.service === 'AmazonSQS' ? { ...call, service: 'sqs' } : call
}

/** Lets invocations have the time limits of their clock. Returns what takes it back. */
export function onVirtualTime(): () => void {
  const real = AbortSignal.timeout
  AbortSignal.timeout = (milliseconds) => {
    const sandbox = sandboxes.getStore()
    return sandbox === undefined ? real.call(AbortSignal, milliseconds) : sandbox.clock.timeout(milliseconds)
  }
  return () => {
    AbortSignal.timeout = real
  }
}
