// Row C1 of the fault matrix: AWS Config takes some evaluations and names the others as failed, whichever they are.
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import { openPolicy, scheduledEvent, warmFunction } from '../../lambdas/config-rule/scenario.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { numRuns } from '../runs.ts'
import { inMemoryAccount } from './in-memory-account.ts'

// A machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const accountId = '111122223333'
const region = 'eu-central-1'
/** More than one call of a hundred. */
const names = Array.from({ length: 105 }, (_, n) => `r${n}`)
/** Times an evaluation is sent before it is given up. */
const attempts = 4

interface Failing {
  /** Of the repositories, those whose evaluation fails. */
  readonly name: string
  /** So often; more than the attempts: always. */
  readonly times: number
}

const failing: fc.Arbitrary<readonly Failing[]> = fc
  .tuple(
    fc.oneof(fc.subarray(names, { maxLength: 5 }), fc.subarray(names)),
    fc.integer({ min: 1, max: attempts + 1 }),
    fc.array(fc.integer({ min: 1, max: attempts + 1 }), { minLength: 1, maxLength: 20 }),
  )
  .map(([chosen, most, times]) =>
    chosen.map((name, n) => ({ name, times: Math.min(most, times[n % times.length] ?? 1) })),
  )

/** A sweep while those fail: what AWS Config holds, how often each was sent, which findings there are, and how it ended. */
async function swept(plan: readonly Failing[]) {
  const { fake, clients } = inMemoryAccount(accountId, region)
  serveCompliance(fake)
  for (const name of names) fake.state.repositories.set(name, openPolicy)
  const left = new Map(plan.map(({ name, times }) => [name, times]))
  const sent = new Map<string, number>()
  // biome-ignore lint/suspicious/noExplicitAny: evaluations as they come over the wire
  fake.state.services.set('config:PutEvaluations', (_operation, { Evaluations }: any) => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const FailedEvaluations = Evaluations.filter(({ ComplianceResourceId: id }: any) => {
      sent.set(id, (sent.get(id) ?? 0) + 1)
      const times = left.get(id) ?? 0
      left.set(id, times - 1)
      return times > 0
    })
    for (const one of Evaluations)
      if (!FailedEvaluations.includes(one))
        fake.compliance.set(`${one.ComplianceResourceType} ${one.ComplianceResourceId}`, one)
    return { FailedEvaluations }
  })
  const handler = warmFunction(fake, { clients, sources: [ecrSource(clients.ecr)] })
  const failure: Error | undefined = await handler(scheduledEvent()).then(
    () => undefined,
    (error: Error) => error,
  )
  const held = new Set([...fake.compliance.values()].map((one) => one.ComplianceResourceId))
  const told = new Set([...fake.findings.values()].map((one) => one.Resources[0].Id.split('repository/')[1]))
  return { failure, held, told, sent }
}

it('C1 whichever evaluations fail, they are sent again, and the invocation ends well only when all were taken', async () => {
  await fc.assert(
    fc.asyncProperty(failing, async (plan) => {
      const { failure, held, told, sent } = await swept(plan)
      const lost = new Set(plan.filter(({ times }) => times >= attempts).map(({ name }) => name))
      expect([...names.filter((name) => !held.has(name))]).toEqual(names.filter((name) => lost.has(name)))
      const times = new Map(plan.map((one) => [one.name, one.times]))
      for (const name of names) {
        expect([name, sent.get(name)]).toEqual([name, Math.min(attempts, (times.get(name) ?? 0) + 1)])
      }
      // Security Hub hears of what AWS Config has taken, and of nothing else.
      expect(names.filter((name) => told.has(name))).toEqual(names.filter((name) => !lost.has(name)))
      if (lost.size === 0) expect(failure).toBeUndefined()
      else {
        expect(failure?.name).toBe('RejectedEvaluations')
        expect(failure?.message).toContain(`AWS Config did not accept ${lost.size} evaluation(s)`)
      }
    }),
    { numRuns: numRuns(25) },
  )
})
