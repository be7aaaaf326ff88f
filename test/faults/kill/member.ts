import { lambdaEntries } from '../../../infra/bundle.ts'
import { jitterOf } from '../../../lambdas/config-rule/jitter.ts'
import { answerOf } from '../runtime/answers.ts'
import type { Deployment, Underway } from '../runtime/deployment.ts'
import { areas, ruleOf } from '../runtime/estate.ts'
import { publisherName } from '../runtime/functions.ts'
import { region } from '../runtime/sandbox.ts'
import { killing } from './fate.ts'
import { type FunctionProcess, type FunctionProcesses, type Outcome, processesOf } from './process.ts'
import { startWire, type Wire } from './wire.ts'

const accountId = '111122223333'
/** Milliseconds every invocation has. */
const limit = 60_000
/** Sweeps wait for as long as the ARN says: this one hardly at all. */
const promptArn = [...Array(100_000).keys()]
  .map((n) => `arn:aws:config:${region}:${accountId}:config-rule/config-rule-${n}`)
  .find((arn) => jitterOf(accountId, arn, limit) < 10)

/** The functions of a member account as processes. The account they see is handed in with each event. */
export class Member {
  readonly #wire: Wire
  readonly #variables: Readonly<Record<string, string>>
  readonly #functions = new Map<string, Promise<FunctionProcesses>>()
  /** It remembers nothing of a message, so one process serves all of them, as it does on Lambda. */
  #publisher: Promise<FunctionProcess> | undefined

  private constructor(wire: Wire, variables: Readonly<Record<string, string>>) {
    this.#wire = wire
    this.#variables = variables
  }

  /** Findings go through the queue, or straight into Security Hub. */
  static async start(delivery: 'queued' | 'direct'): Promise<Member> {
    const wire = await startWire()
    const queue = { PULLPATH_FINDINGS_QUEUE_URL: `${wire.endpoint}/${accountId}/pullpath-findings` }
    const variables = { AWS_ENDPOINT_URL: wire.endpoint, PULLPATH_OWN_ROLE: 'auditor' }
    return new Member(wire, delivery === 'queued' ? { ...variables, ...queue } : variables)
  }

  /** What the last invocation asked for, as `service:operation`, in order. */
  get calls(): readonly string[] {
    return this.#wire.calls
  }

  /** Hands an event to a process that has served none, which is killed when so many requests were served. */
  async invoke(made: Deployment, underway: Underway, killedAfter = Number.POSITIVE_INFINITY): Promise<Outcome> {
    const process = await this.#fresh(underway.to)
    const outcome = await this.#run(process, made, underway, killedAfter)
    process.kill()
    return outcome
  }

  /** Everything that is under way arrives, and what fails is tried again. */
  async settle(made: Deployment): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const next = made.handedOn.shift()
      if (next !== undefined) await this.#done(made, next)
      else if (made.queue.messages.length > 0) {
        made.clock.moveTo(made.clock.now() + 361_000)
        await this.poll(made)
      } else return
    }
    throw new Error('there is no end to it')
  }

  /** One invocation of the publisher with the messages that are visible, in a process that lives on unless it is killed. */
  async poll(made: Deployment, killedAfter = Number.POSITIVE_INFINITY): Promise<Outcome | undefined> {
    let outcome: Outcome | undefined
    await made.queue.poll(async (event) => {
      this.#publisher ??= this.#fresh(publisherName)
      outcome = await this.#run(await this.#publisher, made, { to: publisherName, event }, killedAfter)
      if (outcome.how === 'done') return outcome.answer
      if (outcome.how === 'killed') this.#publisher = undefined
      throw new Error(`the publisher: ${outcome.how}`)
    }, 100)
    return outcome
  }

  async close(): Promise<void> {
    for (const one of this.#functions.values()) (await one).close()
    await this.#wire.close()
  }

  async #done(made: Deployment, underway: Underway): Promise<void> {
    const outcome = await this.invoke(made, underway)
    if (outcome.how !== 'done') throw new Error(`${underway.to}: ${JSON.stringify(outcome)}`)
  }

  async #fresh(functionName: string): Promise<FunctionProcess> {
    const processes =
      this.#functions.get(functionName) ?? processesOf(lambdaEntries[functionName] ?? '', this.#variables)
    this.#functions.set(functionName, processes)
    return (await processes).fresh()
  }

  /** The clocks of the account and of the process run side by side. */
  async #run(one: FunctionProcess, made: Deployment, { to, event }: Underway, killedAfter: number): Promise<Outcome> {
    const [now, begun] = [made.clock.now(), Date.now()]
    this.#wire.calls.length = 0
    this.#wire.fateOf = killing(one.kill, killedAfter)
    this.#wire.serve = (call) => {
      made.clock.moveTo(now + Date.now() - begun)
      const reply = answerOf(made.world, call, undefined)
      // A client whose clock goes wrong by minutes corrects it and asks again.
      return { ...reply, headers: { ...reply.headers, date: new Date(made.clock.now()).toUTCString() } }
    }
    const invokedFunctionArn = `arn:aws:lambda:${region}:${accountId}:function:${to}`
    return one.run({ event: prompt(event), invokedFunctionArn, now, limit })
  }
}

function prompt(event: unknown): unknown {
  const isOfConfig = typeof event === 'object' && event !== null && 'configRuleArn' in event
  return isOfConfig ? { ...event, configRuleArn: promptArn } : event
}

/** Whatever an invocation can change, told apart from everything else it could be. */
export function traces({ config, hub, queue, handedOn }: Deployment): string {
  const sent = queue.messages.map(({ body }) => body)
  return JSON.stringify([config.taken, hub.calls, sent, queue.deadLetters.length, handedOn])
}

/** Whether a call (`service:operation`) changes anything. */
export function isWrite(call: string): boolean {
  return /:(Put|Send|Invoke|BatchImport)/.test(call)
}

/** What everybody shows in words of people: `name verdict` of AWS Config, `rule name verdict state` of Security Hub. */
export function told({ config, hub }: Deployment): readonly string[] {
  const evaluations = areas.flatMap((area) => [...config.shown(`pullpath-${ruleOf[area].id}`).values()])
  const nameOf = (text: string) => text.split('/').at(-1)
  return [
    ...evaluations.map((one) => `${nameOf(one.ComplianceResourceId)} ${one.ComplianceType}`),
    ...hub.all().map(({ finding: { GeneratorId, Resources, Compliance, RecordState } }) => {
      return `${nameOf(GeneratorId)} ${nameOf(Resources[0].Id)} ${Compliance?.Status} ${RecordState}`
    }),
  ].sort()
}
