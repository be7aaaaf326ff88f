import { BatchImportFindingsCommand, GetFindingsCommand } from '@aws-sdk/client-securityhub'
import { beforeEach, describe, expect, it } from 'vitest'
import { accountId, bodyOf, region } from '../../lambdas/finding-publisher/scenario.ts'
import { type FakeSecurityHub, fakeSecurityHub } from './security-hub.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const day = 86_400_000
let now: number
let hub: FakeSecurityHub
beforeEach(() => {
  now = start
  hub = fakeSecurityHub({ accountId, region, now: () => now, readLag: 5_000 })
})

const put = (compliance: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE' | 'UNDETERMINED', updatedAt = now) =>
  hub.client.send(
    new BatchImportFindingsCommand({
      Findings: [JSON.parse(bodyOf('a', { compliance }, new Date(updatedAt).toISOString()))],
    }),
  )
const status = () => hub.held('pullpath/a')?.finding.Compliance.Status

describe('the fake Security Hub', () => {
  it('ignores an update that is not newer, and keeps CreatedAt of the first', async () => {
    await put('NON_COMPLIANT')
    await put('COMPLIANT')
    expect(status()).toBe('FAILED')
    now += 1
    await put('COMPLIANT')
    expect(status()).toBe('PASSED')
    expect(hub.held('pullpath/a')?.finding.CreatedAt).toBe(new Date(start).toISOString())
  })

  it.each([
    ['COMPLIANT', 'NON_COMPLIANT', 'RESOLVED', 'NEW'],
    ['COMPLIANT', 'UNDETERMINED', 'NOTIFIED', 'NEW'],
    ['NOT_APPLICABLE', 'COMPLIANT', 'RESOLVED', 'NEW'],
    ['NON_COMPLIANT', 'UNDETERMINED', 'RESOLVED', 'RESOLVED'],
    ['NON_COMPLIANT', 'COMPLIANT', 'NOTIFIED', 'NOTIFIED'],
    ['NON_COMPLIANT', 'NOT_APPLICABLE', 'RESOLVED', 'RESOLVED'],
    ['COMPLIANT', 'NON_COMPLIANT', 'SUPPRESSED', 'SUPPRESSED'],
    ['NOT_APPLICABLE', 'NON_COMPLIANT', 'SUPPRESSED', 'SUPPRESSED'],
  ] as const)('from %s to %s makes %s %s', async (before, after, workflow, expected) => {
    await put(before)
    hub.work('pullpath/a', workflow)
    now += 1_000
    await put(after)
    expect(hub.held('pullpath/a')?.workflow).toBe(expected)
  })

  it.each([
    ['NON_COMPLIANT', 90],
    ['NOT_APPLICABLE', 30],
  ] as const)('forgets %s after %i days', async (compliance, days) => {
    await put(compliance)
    now = start + days * day - 1
    expect(hub.held('pullpath/a')).toBeDefined()
    now += 1
    expect(hub.held('pullpath/a')).toBeUndefined()
  })

  it('shows what was imported a little later', async () => {
    await put('NON_COMPLIANT')
    const shown = async () => (await hub.client.send(new GetFindingsCommand({}))).Findings?.length
    expect([await shown(), hub.shown('pullpath/a')]).toEqual([0, undefined])
    now += 5_000
    expect([await shown(), hub.shown('pullpath/a')?.workflow]).toEqual([1, 'NEW'])
  })

  it('takes 30 calls at once and ten a second after that', async () => {
    const taken = async () => {
      let count = 0
      while (await put('COMPLIANT').then(Boolean, (error) => error.name !== 'LimitExceededException')) count++
      return count
    }
    expect(await taken()).toBe(30)
    now += 1_000
    expect(await taken()).toBe(10)
    now += day
    expect(await taken()).toBe(30)
  })

  it('refuses 0 and 101 findings, and those of other accounts', async () => {
    const one = JSON.parse(bodyOf('a'))
    const send = (Findings: never[]) => hub.client.send(new BatchImportFindingsCommand({ Findings }))
    await expect(send([])).rejects.toThrow('InvalidInputException')
    await expect(send(Array(101).fill(one) as never[])).rejects.toThrow('InvalidInputException')
    await expect(send([{ ...one, AwsAccountId: '999999999999' }] as never[])).rejects.toThrow('AccessDeniedException')
  })
})
