import { expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { renderFindings } from '../../../shared/sinks/security-hub/render-findings.ts'

const region = 'eu-central-1'
const [toldAt, readAt] = ['2026-03-01T10:00:00.000Z', '2026-03-01T12:00:00.000Z']
const finding = (compliance: Finding['compliance'], transience: 'lasting' | 'passing' = 'lasting'): Finding => ({
  ...{ id: compliance, rule: 'r', severity: 'HIGH', compliance, title: 't', reason: 'r', transience },
  resource: { type: 'AWS::ECR::Repository', id: 'app', arn: 'arn:a', accountId: '111122223333', region },
  ...{ evidence: [], assumptions: [], remediation: { text: 'f' } },
})
const findings = [finding('NON_COMPLIANT'), finding('COMPLIANT'), finding('UNDETERMINED')]
const times = (when: { readonly toldAt?: string }) =>
  renderFindings(findings, { region, readAt, ...when }).map(({ UpdatedAt }) => UpdatedAt)

it('what was read is as new as the reading, what could not be read as old as what told of it', () => {
  expect(times({ toldAt })).toEqual([readAt, readAt, toldAt])
})

it('without an event everything is as new as the reading', () => {
  expect(times({})).toEqual([readAt, readAt, readAt])
})

it('nothing is said of what is undetermined for a passing reason', () => {
  expect(renderFindings([finding('UNDETERMINED', 'passing')], { region, readAt })).toEqual([])
})
