import { type FakeConfigRules, fakeConfigRules } from '../../support/fake-aws/config-rules.ts'
import { emptyWorld, type World } from '../../support/fake-aws/fake-aws.ts'
import { type FakeSecurityHub, fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'
import type { Spoken } from '../../support/fake-aws/wire.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { answerOf } from './answers.ts'
import { areas, ruleOf } from './estate.ts'
import type { PlannedFault } from './faults.ts'
import { type Context, functions, publisherName } from './functions.ts'
import { servePulls, type Task } from './pulls.ts'
import { type Conditions, clients, type End, region, Sandbox, type Serve, sleepNow } from './sandbox.ts'

/** What became of an invocation. */
export interface Ended {
  readonly how: End
  readonly requests: number
  /** Requests that went wrong as planned. */
  readonly faults: number
  readonly answer?: unknown
  readonly error?: unknown
}

/** An event on its way to a function. */
export interface Underway {
  readonly to: string
  readonly event: unknown
}

/** Everything an account has deployed, on a clock of its own. */
export interface Deployment {
  readonly accountId: string
  readonly clock: VirtualClock
  readonly world: World
  readonly config: FakeConfigRules
  readonly hub: FakeSecurityHub
  readonly queue: FakeQueue
  readonly tasks: Task[]
  /** What functions hand to functions. */
  readonly handedOn: Underway[]
  /** From now on requests go wrong as planned, counted anew. */
  readonly restart: (faults: readonly PlannedFault[]) => void
  readonly invoke: (functionName: string, event: unknown, conditions?: Conditions) => Promise<Ended>
  /** One invocation of the publisher with what is visible in the queue; undefined when nothing is. */
  readonly poll: (conditions?: Conditions) => Promise<Ended | undefined>
}

/** How requests are answered, in place of how they are answered truly. */
export type Tamper = (truly: Serve) => Serve

/** The functions in an empty account, at 2026-03-01T09:00Z. */
export function deploy(accountId = '111122223333', tamper: Tamper = (truly) => truly): Deployment {
  const clock = virtualClock('2026-03-01T09:00:00.000Z')
  const world = emptyWorld(accountId, region)
  const rules = areas.map((area) => `pullpath-${ruleOf[area].id}`)
  const config = fakeConfigRules(rules, clock.now)
  const hub = fakeSecurityHub({ accountId, region, now: clock.now })
  const queue = fakeQueue({ now: clock.now, maxReceiveCount: 5 })
  const tasks: Task[] = []
  const handedOn: Underway[] = []
  const { services } = world.state
  services.set('config', config.serve)
  services.set('securityhub', hub.serve)
  services.set('sqs', queue.serve)
  services.set('lambda', (_, { FunctionName, Payload }) => {
    handedOn.push({ to: FunctionName.split(':').at(-1), event: JSON.parse(Payload) })
  })
  servePulls(world, tasks)
  const { restart, faultOf } = planner()
  const serve = tamper((call, fault) => answerOf(world, call, fault))
  const invoke = invoker({ accountId, clock, serve, faultOf, queueUrl: queue.url })
  return { accountId, clock, world, config, hub, queue, tasks, handedOn, restart, invoke, poll: poller(queue, invoke) }
}

/** Counts requests of each operation, and says which of them go wrong. */
function planner() {
  let planned: readonly PlannedFault[] = []
  const counts = new Map<string, number>()
  return {
    restart: (faults: readonly PlannedFault[]) => {
      planned = faults
      counts.clear()
    },
    faultOf: ({ service, operation }: Spoken) => {
      const name = `${service}:${operation}`
      const n = (counts.get(name) ?? 0) + 1
      counts.set(name, n)
      return planned.find((one) => one.operation === name && one.nth === n)
    },
  }
}

interface Place {
  readonly accountId: string
  readonly clock: VirtualClock
  readonly serve: Serve
  readonly faultOf: (call: Spoken) => PlannedFault | undefined
  readonly queueUrl: string
}

/** Runs functions as Lambda does: a process serves one event after the other until it ends. */
function invoker({ accountId, clock, serve, faultOf, queueUrl }: Place): Deployment['invoke'] {
  const warm = new Map<string, (event: unknown, context: Context) => Promise<unknown>>()
  const outside = {
    ...{ clients, now: () => new Date(clock.now()), sleep: sleepNow, random: () => 0.5 },
    variables: { PULLPATH_FINDINGS_QUEUE_URL: queueUrl, PULLPATH_OWN_ROLE: 'auditor' },
  }
  return async (functionName, event, conditions = {}) => {
    const deployed = functions.get(functionName)
    if (deployed === undefined) throw new Error(`there is no function ${functionName}`)
    const { cold = false, limit = deployed.limit } = conditions
    const handler = (cold ? undefined : warm.get(functionName)) ?? deployed.start(outside)
    warm.set(functionName, handler)
    const sandbox = new Sandbox({ clock, limit, conditions, serve, faultOf })
    const outcome = await sandbox.run(() =>
      handler(JSON.parse(JSON.stringify(event)), {
        invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
        getRemainingTimeInMillis: () => sandbox.deadline - clock.now(),
      }),
    )
    if (outcome.how === 'killed' || outcome.how === 'timed out') warm.delete(functionName)
    return { ...outcome, requests: sandbox.requests, faults: sandbox.faults }
  }
}

function poller(queue: FakeQueue, invoke: Deployment['invoke']): Deployment['poll'] {
  return async (conditions) => {
    let ended: Ended | undefined
    await queue.poll(async (event) => {
      ended = await invoke(publisherName, event, conditions)
      if (ended.how !== 'done') throw new Error(`the publisher: ${ended.how}`)
      return ended.answer
    }, 100)
    return ended
  }
}
