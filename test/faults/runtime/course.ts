import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { type Deployment, deploy, type Ended, type Underway } from './deployment.ts'
import { type Area, areas, cannotPull, changed, countOf, type Estate, fill, truthOf } from './estate.ts'
import {
  arnOf,
  callEvent,
  changeEvent,
  failedTask,
  runningTask,
  steadyEvent,
  stoppedEvent,
  sweepEvent,
} from './events.ts'
import { publisherName, pullFailureName, resourceChangeName } from './functions.ts'
import type { Plan, Step } from './plans.ts'
import { most } from './requests.ts'
import {
  checkEvaluation,
  checkFinding,
  checkShown,
  checkSweep,
  checkWhole,
  must,
  restates,
  shownIn,
  wholeOf,
} from './said.ts'
import type { Conditions } from './sandbox.ts'

/** An event with what it has to bring about. */
interface Pending extends Underway {
  readonly told?: Told
}
type Told =
  | { readonly kind: 'change'; readonly area: Area; readonly id: string; readonly time: number }
  | { readonly kind: 'sweep'; readonly area: Area; readonly time: number }

/** Milliseconds between steps: what a function remembers of networks is older then. */
const STEP = 90_000
/** Milliseconds that Lambda waits at least before it tries again: no two attempts read at the same time. */
const RETRIED_AFTER = 60_000
/** Milliseconds after which a message that was not done is visible again. */
const VISIBLE_AGAIN = 361_000
const MOST_ROUNDS = 60
/** Requests that one fault may cost. */
const COST = 12

/** Plays a plan and checks after every invocation, and at its end, what must hold. */
export class Course {
  readonly #made: Deployment
  readonly #plan: Plan
  readonly #pending: Pending[] = []
  /** When a resource changed last: `area id` to milliseconds. */
  readonly #changedAt = new Map<string, number>()
  /** Events that were lost, or given up. */
  readonly #lost = new Set<Told>()
  #estate: Estate
  #poison: string | undefined

  constructor(plan: Plan, made: Deployment = deploy()) {
    this.#made = made
    this.#plan = plan
    this.#estate = plan.estate
    fill(made.world, plan.estate)
    for (const truth of areas.flatMap((area) => truthOf(area, plan.estate))) {
      const named = { resourceName: truth.name, arn: arnOf(truth, made.accountId) }
      made.config.recorded.set(`${truth.type} ${truth.id}`, named)
    }
  }

  /** @throws Broken naming the property that does not hold */
  async play(): Promise<void> {
    const { swept, steps, faults, poison, rest } = this.#plan
    const { queue, restart } = this.#made
    if (swept) await this.#sweepAll()
    if (poison) this.#poison = queue.put('{"this":"is none of ours"}')
    restart(faults)
    for (const step of steps) await this.#take(step)
    await this.#deliverAll(rest.pick, rest.conditions)
    restart([])
    await this.#settle()
    this.#checkOrder()
    await this.#sweepAll()
    if (steps.some((step) => step.do === 'task')) await this.#checkPulls()
    this.#checkEnd()
    // It takes as long as all the rest of its end: every other plan shows as much.
    if (rest.pick % 2 === 0) await this.#checkRepetition()
  }

  async #take(step: Step): Promise<void> {
    this.#wait(STEP)
    switch (step.do) {
      case 'change':
        this.#change(step)
        break
      case 'sweep':
        this.#pending.push(this.#sweepOf(step.area, this.#made.clock.now()))
        break
      case 'task':
        this.#runTask()
        break
      case 'deliver': {
        const [one] = this.#pending.splice(step.pick % Math.max(1, this.#pending.length), 1)
        if (one !== undefined) await this.#deliver(one, step.times, step.conditions)
        break
      }
      case 'publish':
        this.#made.queue.order = step.reversed ? (messages) => messages.toReversed() : (messages) => messages
        await this.#poll(step.conditions)
        break
      default:
        step satisfies never
    }
  }

  /** To a whole second, as the times of events are. */
  #wait(milliseconds: number): void {
    const { clock } = this.#made
    clock.moveTo((Math.floor(clock.now() / 1_000) + milliseconds / 1_000) * 1_000)
  }

  #change({ area, index, state }: Extract<Step, { do: 'change' }>): void {
    const { accountId, clock, world } = this.#made
    this.#estate = changed(this.#estate, area, index, state)
    fill(world, this.#estate)
    const truth = truthOf(area, this.#estate)[index % countOf(area)]
    if (truth === undefined) throw new Error(`there is no resource ${index} of ${area}`)
    const time = clock.now()
    this.#changedAt.set(`${area} ${truth.id}`, time)
    const told = { kind: 'change', area, id: truth.id, time } as const
    this.#pending.push(
      { to: judgingFunctions[area], event: changeEvent(area, accountId, truth, time), told },
      { to: resourceChangeName, event: callEvent(area, accountId, truth, time) },
    )
  }

  #sweepOf(area: Area, time: number): Pending {
    const event = sweepEvent(area, this.#made.accountId, time)
    return { to: judgingFunctions[area], event, told: { kind: 'sweep', area, time } }
  }

  /** A task that cannot pull stops, any other runs; ECS tells of it. */
  #runTask(): void {
    const { accountId, clock, tasks } = this.#made
    const time = clock.now()
    const task = cannotPull(this.#estate) ? failedTask(accountId, time) : runningTask(accountId, time)
    tasks.push(task)
    const event = 'stoppedAt' in task ? stoppedEvent(accountId, task) : steadyEvent(accountId, time + 5_000)
    this.#pending.push({ to: pullFailureName, event })
  }

  /** As Lambda delivers: twice more when it fails, and the whole event more than once. */
  async #deliver(pending: Pending, times = 1, conditions: Conditions = {}): Promise<void> {
    if (times === 0) this.#giveUp(pending)
    for (let time = 0; time < times; time++) {
      let ended: Ended | undefined
      for (let attempt = 0; attempt < 3 && ended?.how !== 'done'; attempt++) {
        if (attempt > 0) this.#wait(RETRIED_AFTER)
        // Killed at the same place each time, nothing would ever get done.
        ended = await this.#invoke(pending, attempt === 0 ? conditions : { cold: conditions.cold ?? false })
      }
      if (ended?.how !== 'done') this.#giveUp(pending)
    }
  }

  #giveUp({ told }: Pending): void {
    if (told !== undefined) this.#lost.add(told)
  }

  async #invoke(pending: Pending, conditions: Conditions): Promise<Ended> {
    const { config, queue, handedOn, invoke } = this.#made
    const taken = config.taken.length
    const queued = new Set(queue.messages)
    const ended = await invoke(pending.to, pending.event, conditions)
    checkBounded(pending.to, ended, conditions)
    for (const told of config.taken.slice(taken)) {
      if (!restates(told, config.taken.slice(0, taken))) checkEvaluation(told.rule, told.evaluation, this.#estate)
    }
    for (const message of queue.messages) {
      if (!queued.has(message)) checkFinding(JSON.parse(message.body), this.#estate)
    }
    const next = handedOn.splice(0)
    // What goes on with a sweep has to bring about what the sweep has.
    const { told } = pending
    this.#pending.push(...next.map((one) => (one.to === pending.to && told !== undefined ? { ...one, told } : one)))
    if (ended.how === 'done' && next.length === 0) this.#checkHonest(told)
    return ended
  }

  /** False when nothing was to be done. */
  async #poll(conditions: Conditions = {}): Promise<boolean> {
    const { queue, hub, poll } = this.#made
    const before = [...queue.messages]
    const ended = await poll(conditions)
    if (ended === undefined) return false
    checkBounded(publisherName, ended, conditions)
    const kept = [...queue.messages, ...queue.deadLetters]
    const findings = kept.filter(({ messageId }) => messageId !== this.#poison).map(({ body }) => JSON.parse(body))
    for (const { body } of before.filter((message) => !kept.includes(message))) {
      const { Id, UpdatedAt } = JSON.parse(body)
      const asNew = [hub.held(Id)?.finding, ...findings].some(
        (one) => one?.Id === Id && Date.parse(one.UpdatedAt) >= Date.parse(UpdatedAt),
      )
      must(asNew, `P1: the publisher says that ${Id} is done, and it is nowhere`)
    }
    return true
  }

  async #deliverAll(pick = 0, conditions: readonly Conditions[] = []): Promise<void> {
    for (let round = 0; this.#pending.length > 0; round++) {
      must(round < MOST_ROUNDS, 'P6: there is no end to the events')
      this.#wait(STEP)
      const [one] = this.#pending.splice(pick % this.#pending.length, 1)
      if (one !== undefined) await this.#deliver(one, 1, conditions[round % conditions.length])
      await this.#poll()
    }
  }

  /** Until nothing is under way any more. */
  async #settle(): Promise<void> {
    await this.#deliverAll()
    for (let round = 0; this.#made.queue.messages.length > 0; round++) {
      must(round < MOST_ROUNDS, 'P1: there are messages that never leave the queue')
      this.#wait(VISIBLE_AGAIN)
      await this.#poll()
    }
  }

  async #sweepAll(): Promise<void> {
    for (const area of this.#plan.areas) {
      this.#wait(STEP)
      this.#pending.push(this.#sweepOf(area, this.#made.clock.now()))
    }
    await this.#settle()
  }

  /** Whether nothing later is to be told of a resource than at that time. */
  #isSettled(area: Area, id: string, time: number): boolean {
    return (this.#changedAt.get(`${area} ${id}`) ?? 0) <= time
  }

  #checkHonest(told: Told | undefined): void {
    if (told === undefined) return
    const { area, time } = told
    if (told.kind === 'sweep') {
      const lies = this.#plan.faults.some(({ kind }) => kind === 'short')
      const isSettled = (id: string) => this.#isSettled(area, id, time)
      checkSweep(this.#made, told, this.#estate, { isSettled, lies })
      return
    }
    const truth = truthOf(area, this.#estate).find(({ id }) => id === told.id)
    if (truth && this.#isSettled(area, truth.id, time)) checkShown(this.#made, area, truth, 'P7')
  }

  /** P5, of every change that was told of at last. */
  #checkOrder(): void {
    const lost = new Set(
      [...this.#lost].map((one) => (one.kind === 'change' ? `${one.area} ${one.id} ${one.time}` : '')),
    )
    for (const area of areas) {
      for (const truth of truthOf(area, this.#estate)) {
        const time = this.#changedAt.get(`${area} ${truth.id}`)
        if (time !== undefined && !lost.has(`${area} ${truth.id} ${time}`)) checkShown(this.#made, area, truth, 'P5')
      }
    }
  }

  /** What ECS tells at last decides about the pulls. */
  async #checkPulls(): Promise<void> {
    this.#wait(STEP)
    this.#runTask()
    await this.#settle()
    const isOpen = this.#made.hub
      .all()
      .some(
        ({ finding }) =>
          finding.GeneratorId === 'pullpath/pull-failure' &&
          finding.RecordState === 'ACTIVE' &&
          finding.Compliance.Status === 'FAILED',
      )
    must(isOpen === cannotPull(this.#estate), `P1: a failed pull is ${isOpen ? 'still' : 'not'} shown at the end`)
  }

  #checkEnd(): void {
    const letters = this.#made.queue.deadLetters.filter(({ messageId }) => messageId !== this.#poison)
    const dead = new Set<string>(letters.map(({ body }) => JSON.parse(body).Id))
    for (const area of this.#plan.areas) checkWhole(this.#made, area, this.#estate, dead)
    const isSetAside = this.#poison === undefined || this.#made.queue.deadLetters.length === letters.length + 1
    must(isSetAside, 'P1: what nobody can publish is not in the dead-letter queue')
    must(letters.length === 0 || this.#plan.faults.length > 0, 'P1: a good message is in the dead-letter queue')
  }

  /** P4. */
  async #checkRepetition(): Promise<void> {
    const before = this.#state()
    for (const area of this.#plan.areas) {
      const again = this.#sweepOf(area, wholeOf(this.#made, area).OrderingTimestamp * 1_000)
      await this.#deliver(again, 1, { cold: true })
    }
    await this.#settle()
    must(this.#state() === before, 'P4: the same sweep once more changes something')
  }

  #state(): string {
    const results = this.#plan.areas.map((area) => [...shownIn(this.#made, area).values()])
    const findings = this.#made.hub
      .all()
      .map(({ finding, workflow }) => [finding.Id, finding.Compliance, finding.RecordState, workflow])
    return JSON.stringify([results, findings])
  }
}

/** P6. */
function checkBounded(to: string, { how, requests, faults }: Ended, { limit }: Conditions): void {
  const allowed = 3 * (most.get(to) ?? 0) + COST * faults
  must(requests <= allowed, `P6: ${to} made ${requests} requests, ${allowed} are allowed`)
  // With hardly any time there may be none to write in.
  must(how !== 'timed out' || (limit ?? 60_000) < 60_000, `P6: ${to} ran past its time limit`)
}
