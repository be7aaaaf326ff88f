// Row D9 of the fault matrix: a thousand events in one process end as if each had a process of its own.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../../../infra/bundle.ts'
import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { organizationKey, setMembers, startHub } from '../../lambdas/organization/scenario.ts'
import { type Deployment, deploy, type Underway } from '../runtime/deployment.ts'
import { areas, cannotPull, changed, countOf, type Estate, fill, truthOf } from '../runtime/estate.ts'
import {
  callEvent,
  changeEvent,
  failedTask,
  runningTask,
  steadyEvent,
  stoppedEvent,
  sweepEvent,
} from '../runtime/events.ts'
import { pullFailureName, resourceChangeName } from '../runtime/functions.ts'
import { onVirtualTime } from '../runtime/sandbox.ts'

/** Milliseconds between events: what a function remembers of networks on purpose is older then. */
const STEP = 90_000
const EVENTS = 1_000

let back: () => void
beforeAll(async () => {
  back = onVirtualTime()
  await freezeModules()
})
afterAll(() => back())

/** Everything modules hand out to each other may be read, and nothing else. */
async function freezeModules(): Promise<void> {
  const folders = ['model', 'iam', 'inventory', 'network', 'pull', 'rules', 'events', 'engine', 'live']
  for (const folder of folders) {
    const within = join(projectRoot, 'shared', folder)
    for (const name of readdirSync(within, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) freeze(Object.values(await import(join(within, name))))
    }
  }
}

function freeze(values: readonly unknown[]): void {
  const seen = new Set<unknown>()
  const open = [...values]
  while (open.length > 0) {
    const value = open.pop()
    // Schemas make their parts when they are used first.
    if (typeof value !== 'object' || value === null || seen.has(value) || '_zod' in value) continue
    seen.add(value)
    if (value instanceof Map || value instanceof Set) {
      for (const name of ['set', 'add', 'delete', 'clear']) Object.defineProperty(value, name, { value: frozen })
      open.push(...value)
    } else if (!(value instanceof RegExp) && !ArrayBuffer.isView(value)) {
      Object.freeze(value)
      open.push(...Object.values(value))
    }
  }
}
const frozen = () => {
  throw new TypeError('what a module hands out was changed')
}

interface Turn {
  readonly what: 'change' | 'call' | 'sweep' | 'task' | 'foreign' | 'broken' | 'publish'
  readonly area: number
  readonly index: number
  readonly state: number
}
const turn: fc.Arbitrary<Turn> = fc.record({
  what: fc.constantFrom(
    'change',
    'change',
    'call',
    'call',
    'sweep',
    'task',
    'task',
    'foreign',
    'broken',
    'publish',
    'publish',
  ),
  area: fc.nat(areas.length - 1),
  index: fc.nat(2),
  state: fc.nat(3),
})

const first: Estate = {
  ...{ repositories: ['open', 'closed', 'none'], roles: ['pulls', 'administers'] },
  ...{ network: 'whole', batch: 'own' },
}

/** The events of a turn; what changes, changes in the account, too. */
function eventsOf(made: Deployment, before: Estate, { what, area: place, index, state }: Turn) {
  const { accountId, clock, world, tasks } = made
  const area = areas[place] ?? 'ecr'
  const time = clock.now()
  const to = judgingFunctions[area]
  const changes = what === 'change' || what === 'call'
  const estate = changes ? changed(before, area, index, state) : before
  if (changes) fill(world, estate)
  const truth = truthOf(area, estate)[index % countOf(area)]!
  const told = changeEvent(area, accountId, truth, time)
  const events = {
    change: () => [{ to, event: told }],
    call: () => [{ to: resourceChangeName, event: callEvent(area, accountId, truth, time) }],
    sweep: () => [{ to, event: sweepEvent(area, accountId, time) }],
    task: () => {
      const task = cannotPull(estate) ? failedTask(accountId, time) : runningTask(accountId, time)
      tasks.push(task)
      const event = 'stoppedAt' in task ? stoppedEvent(accountId, task) : steadyEvent(accountId, time)
      return [{ to: pullFailureName, event }]
    },
    foreign: () => [{ to, event: changeEvent(area, '999999999999', truth, time) }],
    broken: () => [
      { to, event: { ...told, invokingEvent: '{"messageType":' } },
      { to: resourceChangeName, event: { source: 'aws.ecr' } },
      { to: pullFailureName, event: null },
    ],
    publish: () => [],
  }[what]()
  return { estate, events }
}

/** What every event of the turns brought about, one after the other. */
async function played(turns: readonly Turn[], cold: boolean): Promise<readonly string[]> {
  const made = deploy()
  const { clock, config, queue, hub, handedOn, world } = made
  fill(world, first)
  let estate = first
  const said: string[] = []
  const invoke = async ({ to, event }: Underway) => {
    const [taken, queued] = [config.taken.length, queue.messages.length]
    const { how, error, requests } = await made.invoke(to, event, { cold })
    const outcome = [to, how, String(error ?? ''), requests, config.taken.slice(taken), handedOn]
    said.push(JSON.stringify([...outcome, queue.messages.slice(queued).map(({ body }) => body)]))
  }
  for (const one of turns) {
    clock.moveTo(clock.now() + STEP)
    const { estate: next, events } = eventsOf(made, estate, one)
    estate = next
    for (const event of events) await invoke(event)
    for (const event of handedOn.splice(0)) await invoke(event)
    if (one.what === 'publish') {
      const calls = hub.calls.length
      const ended = await made.poll({ cold })
      said.push(JSON.stringify(['published', ended?.how, hub.calls.slice(calls)]))
    }
  }
  said.push(JSON.stringify([hub.all(), queue.messages.length, queue.deadLetters.length]))
  return said
}

it('D9 a thousand events that come to warm functions in turns bring about, each, what they would in a new process', {
  timeout: 300_000,
}, async () => {
  const turns = fc.sample(turn, { numRuns: EVENTS, seed: 20260301 })
  const warm = await played(turns, false)
  const cold = await played(turns, true)
  expect(warm.length).toBeGreaterThanOrEqual(EVENTS)
  for (const [n, said] of warm.entries()) expect([n, said]).toEqual([n, cold[n]])
  expect(warm.length).toBe(cold.length)
  const done = [...judgingFunctionNames, resourceChangeName, pullFailureName].map(
    (name) => warm.filter((said) => said.startsWith(`["${name}","done"`)).length > 50,
  )
  expect(done).toEqual(done.map(() => true))
  expect(warm.filter((said) => said.includes('"failed"')).length).toBeGreaterThan(50)
})
const judgingFunctionNames = Object.values(judgingFunctions)

it('D9 the function of the organization publishes in a warm process, between failures, what a new one would', {
  timeout: 120_000,
}, async () => {
  const hub = await startHub(3)
  for (let n = 0; n < 50; n++) {
    hub.now += 3_600_000
    setMembers(hub.organization, 3 + (n % 7))
    hub.s3.put('source/settings.yaml', n % 5 === 4 ? 'rules: 7\n' : `rules: {}\n# ${n}\n`)
    hub.s3.plan = (operation) =>
      n % 6 === 5 && operation === 'PutObject' ? { error: 'AccessDenied', status: 403 } : undefined
    const before = new Map([...hub.s3.objects].map(([key, versions]) => [key, [...versions]]))
    const failure = await hub.run().then(() => '', String)
    if (n % 10 < 8) continue
    const cold = await startHub(3 + (n % 7))
    cold.now = hub.now
    for (const [key, versions] of before) cold.s3.objects.set(key, versions)
    cold.s3.plan = hub.s3.plan
    expect([n, await cold.run().then(() => '', String)]).toEqual([n, failure])
    for (const key of [organizationKey, 'hub/settings.yaml', 'hub/settings.json']) {
      expect([n, key, cold.s3.text(key)]).toEqual([n, key, hub.s3.text(key)])
    }
    await cold.close()
  }
  await hub.close()
})
