import { afterAll, beforeAll, it } from 'vitest'
import { numRuns } from '../runs.ts'
import { plans } from './plans.ts'
import { holds, timeFor } from './property.ts'
import { onVirtualTime } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

const runs = numRuns(750)

it(
  'P1 P2 P4 P5 P6 P7 P8 hold with changes that are told of late, twice, in another order or never',
  { timeout: timeFor(runs) },
  () => holds(plans({ change: 4, sweep: 0, task: 0, deliver: 5, publish: 1 }), runs),
)
