import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { importEach } from '../../../shared/sinks/security-hub/import-each.ts'
import { accountId, bodyOf, noon, region } from '../../lambdas/finding-publisher/scenario.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { type FakeSecurityHub, fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'

const newHub = () => fakeSecurityHub({ accountId, region, now: () => Date.parse(noon) })
const asff = (id: string, extra: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding => ({
  ...JSON.parse(bodyOf(id)),
  ...extra,
})
const sinkOf = (client: FakeSecurityHub['client'], timeLeft = () => 60_000) => ({
  ...{ client, accountId, sleep: async () => undefined, random: () => 0, timeLeft },
})
const codes = ['InvalidInput', 'Throttling', undefined] as const

describe('importEach', () => {
  it('enters every finding in exactly one list, whatever fails', async () => {
    const plan = fc.record({
      fates: fc.array(fc.constantFrom('good', 'InvalidInput', 'Throttling', 'foreign', 'large', 'poison'), {
        maxLength: 130,
      }),
      outages: fc.array(fc.constantFrom(undefined, 'InternalException', 'AccessDeniedException'), { maxLength: 4 }),
      disabledAt: fc.option(fc.nat(4), { nil: undefined }),
      calls: fc.nat(12),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ fates, outages, disabledAt, calls }) => {
        const hub = newHub()
        hub.failing = ({ Title }) => codes.find((code) => code === Title)
        hub.refusing = (call) => {
          hub.enabled = disabledAt === undefined || call < disabledAt
          if (hub.calls[call - 1]!.some((one) => one.Title === 'poison')) return new Refusal('InvalidInputException')
          const outage = outages[call - 1]
          return outage === undefined ? undefined : new Refusal(outage, outage === 'InternalException' ? 500 : 403)
        }
        const findings = fates.map((fate, n) =>
          asff(`${n}`, {
            Title: fate,
            ...(fate === 'foreign' ? { AwsAccountId: '999999999999' } : {}),
            ...(fate === 'large' ? { Description: 'a'.repeat(240_001) } : {}),
          }),
        )
        // Each round asks the time twice.
        let asked = 0
        const outcome = await importEach(
          sinkOf(hub.client, () => (asked++ < 2 * calls ? 60_000 : 0)),
          findings,
        )
        const failed = [...outcome.invalid, ...outcome.unsent].map(({ id }) => id)
        const all = [...outcome.imported, ...outcome.notDelivered, ...failed]
        expect(all.sort()).toEqual(findings.map(({ Id }) => Id).sort())
        for (const id of outcome.imported) expect(hub.held(id)).toBeDefined()
        for (const { id } of outcome.invalid) expect(hub.held(id)).toBeUndefined()
        for (const call of hub.calls) {
          expect(call.length).toBeLessThanOrEqual(100)
          expect(call.every((one) => one.AwsAccountId === accountId && one.Title !== 'large')).toBe(true)
        }
        const never = fates.flatMap((fate, n) => (fate === 'foreign' || fate === 'large' ? [`pullpath/${n}`] : []))
        expect(outcome.invalid.map(({ id }) => id)).toEqual(expect.arrayContaining(never))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [[37], 15],
    [[12, 87], 29],
  ])('finds the findings %j a whole call of 100 is refused for with at most %i calls', async (badPlaces, most) => {
    const hub = newHub()
    hub.refusing = (call) =>
      hub.calls[call - 1]!.some((one) => one.Title === 'bad') ? new Refusal('InvalidInputException') : undefined
    const findings = Array.from({ length: 100 }, (_, n) =>
      asff(`${n}`, { Title: badPlaces.includes(n) ? 'bad' : 'good' }),
    )
    const expected = badPlaces.map((n) => `pullpath/${n}`)
    const outcome = await importEach(sinkOf(hub.client), findings)
    expect(outcome.invalid.map(({ id }) => id)).toEqual(expected)
    expect(outcome.imported.length).toBe(100 - expected.length)
    expect(hub.calls.length).toBeLessThanOrEqual(most)
  })

  it('stops looking for bad findings when there are many, and leaves the rest for later', async () => {
    const hub = newHub()
    hub.refusing = () => new Refusal('InvalidInputException')
    const outcome = await importEach(
      sinkOf(hub.client),
      Array.from({ length: 100 }, (_, n) => asff(`${n}`)),
    )
    expect(hub.calls.length).toBe(34)
    expect(outcome.invalid.length + outcome.unsent.length).toBe(100)
    expect(new Set(outcome.unsent.map(({ code }) => code))).toEqual(new Set(['TooManyCalls']))
  })

  it('sends again what failed when the answer names a finding it was not sent', async () => {
    const answers = [
      { SuccessCount: 1, FailedCount: 1, FailedFindings: [{ Id: 'pullpath/other', ErrorCode: 'InvalidInput' }] },
      { SuccessCount: 1, FailedCount: 0 },
    ]
    const sent: unknown[] = []
    const send = async (command: { readonly input: { readonly Findings: readonly AwsSecurityFinding[] } }) => {
      sent.push(command.input.Findings.map(({ Id }) => Id))
      return answers.shift()
    }
    const outcome = await importEach(sinkOf({ send } as unknown as FakeSecurityHub['client']), [asff('a')])
    expect(sent).toEqual([['pullpath/a'], ['pullpath/a']])
    expect(outcome).toEqual({ imported: ['pullpath/a'], invalid: [], unsent: [], notDelivered: [] })
  })

  it.each([
    ['an answer without a count', { answer: {} }],
    ['an answer that counts a failure it does not name', { answer: { SuccessCount: 0, FailedCount: 1 } }],
    ['an answer that is no JSON', { text: '<html>' }],
    ['an answer of the wrong type', { answer: 'null' }],
    ['a server error without a body', { text: '', status: 500 }],
    ['too many requests without a body', { text: '', status: 429 }],
  ] as const)('does not take %s for success', async (_name, fault) => {
    const fake = await startFakeAws()
    try {
      fake.state.plan = () => fault
      const outcome = await importEach(sinkOf(clientsAt(fake.endpoint, region).securityHub), [asff('a')])
      expect([outcome.imported, outcome.unsent.map(({ id }) => id)]).toEqual([[], ['pullpath/a']])
      expect(fake.calls.length).toBe(4)
    } finally {
      await fake.close()
    }
  })

  it.each([
    [60_000, 20_000],
    [23_001, 20_000],
    [20_000, 17_000],
  ])('with %i ms left gives a call %i ms, so that the outcome can still be told', async (left, given) => {
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    try {
      await importEach(
        sinkOf(newHub().client, () => left),
        [asff('a')],
      )
      expect(timeout.mock.calls).toEqual([[given]])
    } finally {
      timeout.mockRestore()
    }
  })
})
