import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { numRuns } from '../runs.ts'
import { Course } from './course.ts'
import { type Deployment, deploy } from './deployment.ts'
import { type Plan, plans } from './plans.ts'
import { timeFor } from './property.ts'
import { onVirtualTime } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

const runs = numRuns(200)
const deliver = { do: 'deliver', pick: 0, times: 1, conditions: { latency: 40 } } as const
/** What happens in the other account, where nothing fails. */
const quiet: Plan = {
  estate: {
    ...{ repositories: ['open', 'closed', 'none'], roles: ['pulls', 'administers'] },
    ...{ network: 'whole', batch: 'own' },
  },
  swept: true,
  steps: [
    { do: 'change', area: 'ecr', index: 1, state: 0 },
    deliver,
    { do: 'change', area: 'role', index: 1, state: 0 },
    deliver,
    { do: 'publish', reversed: false, conditions: { latency: 40 } },
  ],
  faults: [],
  poison: false,
  rest: { pick: 0, conditions: [{ latency: 40 }] },
  areas: ['ecr', 'role'],
}

async function played(made: Deployment): Promise<string> {
  await new Course(quiet, made).play()
  const { config, hub, queue } = made
  return JSON.stringify([config.taken, hub.calls, hub.all(), queue.messages.length, queue.deadLetters.length])
}

it('P3 whatever fails in one account, another is told the same, byte for byte', {
  timeout: timeFor(runs),
}, async () => {
  const alone = await played(deploy('222233334444'))
  expect(alone).toContain('222233334444')
  await fc.assert(
    fc.asyncProperty(plans({ change: 3, sweep: 2, task: 0, deliver: 4, publish: 1 }), async (plan) => {
      const [beside] = await Promise.all([played(deploy('222233334444')), new Course(plan).play()])
      expect(beside).toBe(alone)
    }),
    { numRuns: runs },
  )
})
