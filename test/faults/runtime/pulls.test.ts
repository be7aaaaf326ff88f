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

const runs = numRuns(600)

it(
  'P1 P2 P4 P5 P6 P7 P8 hold with pulls that fail and work again, beside everything else',
  { timeout: timeFor(runs) },
  () => holds(plans({ change: 3, sweep: 1, task: 3, deliver: 4, publish: 1 }), runs),
)
