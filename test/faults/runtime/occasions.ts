import { expect } from 'vitest'
import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { type Deployment, deploy, type Underway } from './deployment.ts'
import { areas, type Estate, fill, ruleOf, truthOf } from './estate.ts'
import {
  callEvent,
  changeEvent,
  failedTask,
  placelessCall,
  runningTask,
  steadyEvent,
  stoppedEvent,
  sweepEvent,
} from './events.ts'
import { pullFailureName, resourceChangeName } from './functions.ts'

const before: Estate = {
  ...{ repositories: ['closed', 'open', 'open'], roles: ['pulls', 'administers'] },
  ...{ network: 'whole', batch: 'own' },
}
const after: Estate = {
  ...{ repositories: ['open', 'closed', 'gone'], roles: ['administers', 'gone'] },
  ...{ network: 'broken', batch: 'foreign' },
}

/** Everything that is under way arrives, and what fails is tried again. */
export async function settle(made: Deployment): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const next = made.handedOn.shift()
    if (next !== undefined) await invoked(made, next)
    else if (made.queue.messages.length > 0) {
      made.clock.moveTo(made.clock.now() + 361_000)
      await made.poll()
    } else return
  }
  throw new Error('there is no end to it')
}

/** Invokes once, in the process that is there. Returns the number of requests. */
export async function invoked(made: Deployment, { to, event }: Underway): Promise<number> {
  const ended = await made.invoke(to, event)
  expect([to, ended.how, String(ended.error ?? '')]).toEqual([to, 'done', ''])
  return ended.requests
}

/** An account that was judged before everything in it changed. */
export async function changedAccount(): Promise<Deployment> {
  const made = deploy()
  fill(made.world, before)
  for (const area of areas) {
    await invoked(made, { to: judgingFunctions[area], event: sweepEvent(area, made.accountId, made.clock.now()) })
  }
  await settle(made)
  fill(made.world, after)
  made.clock.moveTo(made.clock.now() + 3_600_000)
  return made
}

/** What everybody shows, without when. */
export function shown({ config, hub }: Deployment) {
  const evaluations = areas.flatMap((area) =>
    [...config.shown(`pullpath-${ruleOf[area].id}`).values()].map(
      (one) => `${one.ComplianceResourceType} ${one.ComplianceResourceId} ${one.ComplianceType} ${one.Annotation}`,
    ),
  )
  const findings = hub.all().map(({ finding }) => `${finding.Id} ${finding.Compliance?.Status} ${finding.RecordState}`)
  return [...evaluations.sort(), ...findings.sort()]
}

const truthIn = (area: (typeof areas)[number], name: string) => truthOf(area, after).find((one) => one.name === name)!
type Occasion = (made: Deployment) => Underway | Promise<Underway>
/** Events of that account, one for everything a function does, by what they are. */
export const occasions: Readonly<Record<string, Occasion>> = Object.fromEntries<Occasion>([
  ...areas.map((area): [string, Occasion] => [
    `a sweep of area ${area}`,
    ({ accountId, clock }) => ({ to: judgingFunctions[area], event: sweepEvent(area, accountId, clock.now()) }),
  ]),
  ...(
    [
      ['ecr', 'app'],
      ['ecr', 'c'],
      ['role', 'puller'],
      ['role', 'other'],
      ['vpc', 'vpc-1'],
      ['image', 'batch'],
    ] as const
  ).map(([area, name]): [string, Occasion] => [
    `a change of ${name}`,
    ({ accountId, clock }) => ({
      to: judgingFunctions[area],
      event: changeEvent(area, accountId, truthIn(area, name), clock.now()),
    }),
  ]),
  [
    'a call of CloudTrail',
    ({ accountId, clock }) => ({
      to: resourceChangeName,
      event: callEvent('ecr', accountId, truthIn('ecr', 'app'), clock.now()),
    }),
  ],
  [
    'a call that was handed on',
    ({ accountId, clock }) => ({
      to: judgingFunctions.ecr,
      event: callEvent('ecr', accountId, truthIn('ecr', 'app'), clock.now()),
    }),
  ],
  [
    'a call on a policy that was handed on',
    ({ accountId, clock }) => ({
      to: judgingFunctions.role,
      event: callEvent('role', accountId, truthIn('role', 'puller'), clock.now()),
    }),
  ],
  [
    'a call that names no VPC and was handed on',
    ({ accountId, clock }) => ({ to: judgingFunctions.vpc, event: placelessCall(accountId, clock.now()) }),
  ],
  ['a pull that failed', failedPull],
  [
    'a pull that works again',
    async (made) => {
      await invoked(made, failedPull(made))
      await settle(made)
      fill(made.world, before)
      made.clock.moveTo(made.clock.now() + 60_000)
      const time = made.clock.now()
      made.tasks.push(runningTask(made.accountId, time))
      return { to: pullFailureName, event: steadyEvent(made.accountId, time + 5_000) }
    },
  ],
])

function failedPull(made: Deployment): Underway {
  const task = failedTask(made.accountId, made.clock.now())
  made.tasks.push(task)
  return { to: pullFailureName, event: stoppedEvent(made.accountId, task) }
}
