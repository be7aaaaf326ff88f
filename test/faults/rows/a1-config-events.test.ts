// Row A1 of the fault matrix: what AWS Config might hand over, broken in every way.
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import { InputError } from '../../../shared/model/errors.ts'
import { fixtureEvent, openPolicy, warmFunction } from '../../lambdas/config-rule/scenario.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { numRuns } from '../runs.ts'
import { inMemoryAccount } from './in-memory-account.ts'
import { damaged, damages, type Mutation, mutated, mutations } from './mutations.ts'

// A machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const accountId = '111122223333'
/** Fifteen minutes after the time of the function: nothing is later than that. */
const latest = Date.parse('2026-03-01T12:15:00.000Z')
const golden = ['change-repository', 'deleted-repository', 'oversized-repository', 'scheduled'].map(fixtureEvent)

const { fake, clients } = inMemoryAccount(accountId, 'eu-central-1')
serveCompliance(fake)
const kept = { resourceType: 'AWS::ECR::Repository', resourceId: 'team/app', configurationItemStatus: 'OK' }
fake.state.history = [{ configurationItems: [kept] }]
const auditor = () => warmFunction(fake, { clients, sources: [ecrSource(clients.ecr)] })
beforeEach(forget)

/** The account again as it was, with one repository, which is open. */
function forget(): void {
  fake.state.repositories.clear()
  fake.state.repositories.set('team/app', openPolicy)
  fake.compliance.clear()
  fake.findings.clear()
  fake.evaluations.length = 0
  fake.calls.length = 0
}

/** What a person who looked would say of a resource of that type and id: of the only one, that it is open; of any other nothing but that it is gone. */
function truth(type: string, id: string): string {
  return type === 'AWS::ECR::Repository' && id === 'team/app' ? 'NON_COMPLIANT' : 'NOT_APPLICABLE'
}

/** Everything that was written is true of this account, and of a time that may be. */
function checkWritten(): void {
  for (const one of fake.evaluations) {
    expect(['AWS::ECR::Repository', 'AWS::::Account']).toContain(one.ComplianceResourceType)
    expect([one.ComplianceResourceId, one.ComplianceType]).toEqual([
      one.ComplianceResourceId,
      truth(one.ComplianceResourceType, one.ComplianceResourceId),
    ])
    expect(one.OrderingTimestamp * 1_000).toBeLessThanOrEqual(latest)
  }
  for (const one of fake.findings.values()) {
    const isOpen = one.Resources[0].Id.endsWith(':repository/team/app')
    expect(one.AwsAccountId).toBe(accountId)
    expect([one.Resources[0].Id, one.Compliance.Status, one.RecordState]).toEqual([
      one.Resources[0].Id,
      ...(isOpen ? ['FAILED', 'ACTIVE'] : ['PASSED', 'ARCHIVED']),
    ])
  }
}

/** Ends well with what is true, or by name with nothing written. True when it was refused. */
async function isRefused(handler: (event: unknown) => Promise<void>, event: unknown): Promise<boolean> {
  forget()
  const failure = await handler(event).then(
    () => undefined,
    (error: unknown) => error,
  )
  checkWritten()
  if (failure === undefined) return false
  expect(failure).toBeInstanceOf(Error)
  const { message } = failure as Error
  if (failure instanceof InputError)
    expect(message).toMatch(/^(event|invokingEvent|configurationItem)[^:]*: \S|^rule \S+ has nothing to do with /)
  // Whether a token is good shows once something is written with it, and an id once its history was asked for.
  else expect(message).toMatch(/^AWS Config refused the result token|answered about another resource$/)
  expect(fake.evaluations).toEqual([])
  expect(fake.findings.size).toBe(0)
  return true
}

describe('A1 an event of AWS Config', () => {
  it('A1 as it is recorded is judged', async () => {
    const handler = auditor()
    for (const event of golden) {
      expect(await isRefused(handler, event)).toBe(false)
      expect(fake.evaluations.length).toBeGreaterThan(0)
    }
  })

  it('A1 with any change of structure, inside or out, is judged truly or refused by name', async () => {
    const handler = auditor()
    const seen = { refused: 0, judged: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...golden),
        fc.array(fc.tuple(fc.boolean(), mutations), { minLength: 1, maxLength: 3 }),
        async (event, changes) => {
          const sent = changes.reduce<unknown>(
            (before, [inside, change]) => (inside ? mutatedInside(before, change) : mutated(before, change)),
            event,
          )
          seen[(await isRefused(handler, sent)) ? 'refused' : 'judged']++
        },
      ),
      { numRuns: numRuns(600) },
    )
    // Neither always the one nor always the other, or it would show nothing.
    expect(Math.min(seen.refused, seen.judged)).toBeGreaterThan(50)
    expect(({} as Record<string, unknown>).extra).toBeUndefined()
  })

  it('A1 with any bytes of its invokingEvent damaged is judged truly or refused by name', async () => {
    const handler = auditor()
    const seen = { refused: 0, judged: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...golden),
        fc.array(damages, { minLength: 1, maxLength: 3 }),
        async (event, hits) => {
          const invokingEvent = hits.reduce(damaged, String(event.invokingEvent))
          seen[(await isRefused(handler, { ...event, invokingEvent })) ? 'refused' : 'judged']++
        },
      ),
      { numRuns: numRuns(600) },
    )
    expect(Math.min(seen.refused, seen.judged)).toBeGreaterThan(20)
  })
})

function mutatedInside(event: unknown, change: Mutation): unknown {
  const { invokingEvent } = event as { readonly invokingEvent: unknown }
  let inner: unknown
  try {
    inner = JSON.parse(String(invokingEvent))
  } catch {
    return event
  }
  return { ...(event as object), invokingEvent: JSON.stringify(mutated(inner, change)) }
}
