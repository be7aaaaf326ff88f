import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { numRuns } from '../runs.ts'
import { Course } from './course.ts'
import { kept } from './kept.ts'
import { plans } from './plans.ts'
import { holds, timeFor } from './property.ts'
import type * as Said from './said.ts'
import { onVirtualTime } from './sandbox.ts'

// The rules of every function but one give no heartbeat: what their sweeps find unchanged they leave.
vi.mock('../../../lambdas/config-rule/heartbeat-rule.ts', () => ({ givesHeartbeat: () => false }))
// So the account's result of before may stand.
vi.mock('./said.ts', async (importOriginal) => {
  const said = await importOriginal<typeof Said>()
  const checkSweep: typeof Said.checkSweep = (made, { area }, estate, more) =>
    said.checkSweep(made, { area, time: 0 }, estate, more)
  return { ...said, checkSweep }
})

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

const runs = numRuns(150)

it('P1 P2 P4 P5 P6 P7 P8 hold with rules that give no heartbeat', { timeout: timeFor(runs) }, () =>
  holds(plans({ change: 3, sweep: 5, task: 0, deliver: 5, publish: 1 }), runs),
)

it('P1 P2 P4 P5 P6 P7 P8 hold with them in many hops', { timeout: timeFor(runs) }, () =>
  holds(plans({ change: 3, sweep: 5, task: 0, deliver: 5, publish: 1, isHurried: true }), runs),
)

it.each([...kept])('plans that once failed hold with them: %s', async (_, plan) => {
  await expect(new Course(plan).play()).resolves.toBeUndefined()
})
