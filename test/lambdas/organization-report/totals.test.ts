import { expect, it } from 'vitest'
import type { Outcome } from '../../../lambdas/organization-report/outcomes.ts'
import { countsByRule, type ShardResult } from '../../../lambdas/organization-report/shard-result.ts'
import { Totals } from '../../../lambdas/organization-report/totals.ts'
import type { ExceptionReview } from '../../../shared/model/exception.ts'
import type { Compliance, Finding } from '../../../shared/model/finding.ts'
import type { Severity } from '../../../shared/model/verdict.ts'
import { summarize } from '../../../shared/sinks/report/report.ts'

const exception = { rule: 'a', reason: 'demo', owner: 'team', expires: '2026-12-01' }

function finding(id: string, compliance: Compliance, severity: Severity, excepted = false): Finding {
  return {
    ...{ id, rule: id.slice(0, 1), severity, compliance, title: '', reason: '', evidence: [], assumptions: [] },
    resource: { type: 't', id, arn: id, accountId: '111122223333', region: 'us-east-1' },
    remediation: { text: '' },
    ...(excepted ? { exception } : {}),
  }
}

function outcome(accountId: string, findings: readonly Finding[], more: Partial<ShardResult> = {}): Outcome {
  const shard = { accountId, accountName: `name of ${accountId}`, region: 'us-east-1' }
  const open = findings.filter(({ compliance }) => compliance === 'NON_COMPLIANT' || compliance === 'UNDETERMINED')
  const result: ShardResult = {
    ...{ schemaVersion: 1, run: 'r', ...shard, evidence: { source: 'aggregator' }, summary: summarize(findings) },
    ...{ heartbeat: { state: 'seen', at: '2026-03-01T00:00:00.000Z' }, rules: countsByRule(['a', 'b'], findings) },
    ...{ coverage: [], exceptions: [], findings: open },
    ...more,
  }
  return { shard, result, writtenAt: '2026-03-01T00:00:00.000Z' }
}

function overviewOf(...outcomes: readonly Outcome[]) {
  const totals = new Totals()
  for (const one of outcomes) totals.add(one)
  return totals.overview({ run: 'r', startedAt: 's', endedAt: 'e' })
}

it('adds up accounts and rules, those with most to mend first, exceptions apart', () => {
  const overview = overviewOf(
    outcome('111122223333', [finding('a1', 'COMPLIANT', 'LOW'), finding('b1', 'NOT_APPLICABLE', 'LOW')]),
    outcome('222233334444', [
      ...[finding('b2', 'NON_COMPLIANT', 'HIGH'), finding('b3', 'UNDETERMINED', 'LOW')],
      finding('a2', 'NON_COMPLIANT', 'CRITICAL', true),
    ]),
  )
  const none = { noncompliant: 0, undetermined: 0, excepted: 0, compliant: 0, notApplicable: 0 }
  expect(overview.rules).toEqual([
    { rule: 'b', ...none, noncompliant: 1, undetermined: 1, notApplicable: 1 },
    { rule: 'a', ...none, excepted: 1, compliant: 1 },
  ])
  expect(overview.accounts.map(({ accountId, noncompliant, excepted }) => [accountId, noncompliant, excepted])).toEqual(
    [
      ['222233334444', 1, 1],
      ['111122223333', 0, 0],
    ],
  )
  expect(overview.summary).toEqual({
    ...{ resources: 5, excepted: 1, bySeverity: { CRITICAL: 0, HIGH: 1, MEDIUM: 0, LOW: 0 } },
    byCompliance: { COMPLIANT: 1, NON_COMPLIANT: 1, NOT_APPLICABLE: 1, UNDETERMINED: 1 },
  })
})

it('keeps a hundred of the worst findings: by severity, then the undetermined ones, never an excepted one', () => {
  const many = (start: string, count: number, compliance: Compliance, severity: Severity) =>
    Array.from({ length: count }, (_, n) => finding(`${start}${n}`, compliance, severity))
  const { worst, open } = overviewOf(
    outcome('111122223333', [
      ...many('a', 80, 'UNDETERMINED', 'CRITICAL'),
      finding('ax', 'NON_COMPLIANT', 'CRITICAL', true),
    ]),
    outcome('222233334444', [...many('b', 60, 'NON_COMPLIANT', 'LOW'), finding('bx', 'NON_COMPLIANT', 'CRITICAL')]),
  )
  // As many as the counts of noncompliant and undetermined ones come to.
  expect([worst.length, open]).toEqual([100, 141])
  expect([worst[0]?.id, worst[1]?.id, worst[60]?.id, worst[61]?.id]).toEqual(['bx', 'b0', 'b59', 'a0'])
  expect(worst.some(({ id }) => id === 'ax')).toBe(false)
})

it('needs an exception when some account needs it', () => {
  const review = (status: ExceptionReview['status'], failing: number): ExceptionReview => ({
    ...{ exception, status, failing, undetermined: 1 },
  })
  const { exceptions } = overviewOf(
    outcome('111122223333', [], { exceptions: [review('unmatched', 0)] }),
    outcome('222233334444', [], { exceptions: [review('active', 2)] }),
    outcome('333344445555', [], { exceptions: [review('unmatched', 0)] }),
  )
  expect(exceptions).toEqual([review('active', 2)].map((one) => ({ ...one, undetermined: 3 })))
})

it('counts heartbeats, and places that were not judged with their reasons', () => {
  const failed: Outcome = {
    ...{
      shard: { accountId: '444455556666', accountName: 'x', region: 'us-east-1' },
      failed: 'the task failed: no result',
    },
  }
  const overview = overviewOf(
    outcome('111122223333', [], { heartbeat: { state: 'missing', silent: [], reason: 'long ago' } }),
    outcome('222233334444', [], { heartbeat: { state: 'unknown', reason: 'x' } }),
    outcome('333344445555', [], { evidence: { source: 'none', class: 'stale', reason: 'old' } }),
    failed,
  )
  expect(overview.heartbeats).toEqual({
    ...{ seen: 1, unknown: 2 },
    missing: [
      { accountId: '111122223333', accountName: 'name of 111122223333', region: 'us-east-1', note: 'long ago' },
    ],
  })
  expect([overview.covered, overview.notCovered.map(({ note }) => note)]).toEqual([
    ...[2, ['stale: old', 'the task failed: no result']],
  ])
})
