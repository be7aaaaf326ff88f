// Property P6 of the fault matrix besides the number of requests: the memory of warm functions, and the time an invocation takes.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { numRuns } from '../runs.ts'
import { deploy } from '../runtime/deployment.ts'
import { areas, type Estate, fill, repositoryStates, roleStates, truthOf } from '../runtime/estate.ts'
import { callEvent, changeEvent, sweepEvent } from '../runtime/events.ts'
import { type PlannedFault, readOperations, refusals } from '../runtime/faults.ts'
import { resourceChangeName } from '../runtime/functions.ts'
import { onVirtualTime } from '../runtime/sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

const STEP = 90_000
/** Longest a sweep waits for its turn; milliseconds. */
const JITTER = 60_000
/** What the fake services keep of so many events is a part of it. Bytes. */
const MOST_GROWTH = 12 * 2 ** 20
const estateOf = (n: number): Estate => ({
  repositories: [0, 1, 2].map((k) => repositoryStates[(n + k) % 3] ?? 'open'),
  roles: [0, 1].map((k) => roleStates[(n + k) % 2] ?? 'pulls'),
  network: n % 2 === 0 ? 'whole' : 'broken',
  batch: n % 3 === 0 ? 'foreign' : 'own',
})

/** A turn of everything a member account has: changes, calls, sweeps, and what the queue has. Returns how long each invocation took. */
async function turn(made: ReturnType<typeof deploy>, n: number, latency: number): Promise<readonly Took[]> {
  const { accountId, clock, world, config, hub, queue, handedOn } = made
  const estate = estateOf(n)
  fill(world, estate)
  const took: Took[] = []
  const invoke = async (to: string, event: unknown) => {
    clock.moveTo(clock.now() + STEP)
    const before = clock.now()
    const { how, requests, faults } = await made.invoke(to, event, { latency })
    took.push({ to, how, requests, faults, time: clock.now() - before })
  }
  for (const area of areas) {
    const truth = truthOf(area, estate)[n % 2] ?? truthOf(area, estate)[0]!
    await invoke(judgingFunctions[area], changeEvent(area, accountId, truth, clock.now()))
    await invoke(resourceChangeName, callEvent(area, accountId, truth, clock.now()))
    for (const { to, event } of handedOn.splice(0)) await invoke(to, event)
    await invoke(judgingFunctions[area], sweepEvent(area, accountId, clock.now()))
    for (const { to, event } of handedOn.splice(0)) await invoke(to, event)
  }
  await made.poll()
  // Of what was said nobody needs a record here.
  config.taken.length = 0
  for (const list of [hub.calls, hub.reopened, queue.events]) (list as unknown[]).length = 0
  return took
}

interface Took {
  readonly to: string
  readonly how: string
  readonly requests: number
  readonly faults: number
  readonly time: number
}

it('P6 warm functions hold no more after many events than after some', { timeout: 300_000 }, async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const made = deploy()
  const heap = async () => {
    // What waits for a turn of the loop is let go of first.
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    return process.memoryUsage().heapUsed
  }
  for (let n = 0; n < 8; n++) await turn(made, n, 0)
  const before = await heap()
  for (let n = 8; n < 28; n++) await turn(made, n, 0)
  expect((await heap()) - before).toBeLessThan(MOST_GROWTH)
})

const faults: fc.Arbitrary<readonly PlannedFault[]> = fc.array(
  fc.record({
    operation: fc.constantFrom(...areas.flatMap((area) => readOperations[area])),
    nth: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom(...refusals),
  }),
  { maxLength: 4 },
)

it('P6 an invocation takes the time of its requests, and half a minute for each that goes wrong', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(faults, fc.constantFrom(0, 40, 200), fc.nat(5), async (planned, latency, n) => {
      const made = deploy()
      await turn(made, n, 0)
      made.restart(planned)
      for (const { to, how, requests, faults: met, time } of await turn(made, n + 1, latency)) {
        expect([to, how === 'done' || met > 0]).toEqual([to, true])
        expect([to, time <= JITTER + requests * (latency + 1) + met * 30_000]).toEqual([to, true])
      }
    }),
    { numRuns: numRuns(10) },
  )
})
