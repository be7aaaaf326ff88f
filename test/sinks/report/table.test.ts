import { expect, test } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Report } from '../../../shared/sinks/report/report.ts'
import { renderTable } from '../../../shared/sinks/report/table.ts'

const finding = (name: string, change: Partial<Finding> = {}): Finding => ({
  id: name,
  rule: 'ecr-sample',
  severity: 'LOW',
  compliance: 'NON_COMPLIANT',
  resource: {
    type: 'AWS::ECR::Repository',
    id: name,
    arn: `arn:aws:ecr:us-east-1:111122223333:repository/${name}`,
    accountId: '111122223333',
    region: 'us-east-1',
  },
  title: 'Samples are good',
  reason: `${name} is bad`,
  evidence: [{ source: 'repository policy, statement 1', detail: 'Allow *' }],
  assumptions: [],
  remediation: { text: 'Mend it.' },
  ...change,
})

const report = (findings: readonly Finding[], coverage: Report['coverage'] = []): Report => ({
  tool: { name: 'pullpath', version: '0' },
  generatedAt: '2026-11-21T00:00:00.000Z',
  findings,
  coverage,
  why: new Map([['ecr-sample', 'Bad samples are bad.']]),
})

const plain = { width: 100, color: false, all: false }

test('a finding says what, proof, why and fix below its account and resource', () => {
  expect(renderTable(report([finding('app')]), plain)).toBe(
    [
      '111122223333  us-east-1',
      '',
      '  app  AWS::ECR::Repository',
      '    LOW           ecr-sample',
      '      what   app is bad',
      '      proof  repository policy, statement 1: Allow *',
      '      why    Bad samples are bad.',
      '      fix    Mend it.',
      '',
      '1 resource audited: 1 noncompliant (0 critical, 0 high, 0 medium, 1 low), 0 undetermined, 0 compliant, 0 not applicable',
      '',
    ].join('\n'),
  )
})

test('the worst resource comes first', () => {
  const text = renderTable(report([finding('mild'), finding('worst', { severity: 'CRITICAL' })]), plain)
  expect(text.indexOf('worst is bad')).toBeLessThan(text.indexOf('mild is bad'))
})

test('compliant results appear only with all', () => {
  const good = report([finding('good', { compliance: 'COMPLIANT' })])
  expect(renderTable(good, plain)).not.toContain('  good  ')
  expect(renderTable(good, { ...plain, all: true })).toContain('  good  ')
})

test('an undetermined finding names the missing fact and is never hidden', () => {
  const text = renderTable(report([finding('dark', { compliance: 'UNDETERMINED', reason: 'no policy read' })]), plain)
  expect(text).toContain('UNDETERMINED  ecr-sample')
  expect(text).toContain('no policy read')
})

test('what was not covered is listed with its reason', () => {
  const gap = { accountId: '1', region: 'r', resourceType: 'T', status: 'unknown', reason: 'denied' } as const
  expect(renderTable(report([], [gap]), plain)).toContain('Not covered\n      gap    1 r T: denied')
})

test('colours are escape sequences and only written when asked for', () => {
  expect(renderTable(report([finding('app')]), plain)).not.toContain('\u001b')
  expect(renderTable(report([finding('app')]), { ...plain, color: true })).toContain('\u001b[')
})

test('an escape sequence in the text of an account is shown, not obeyed', () => {
  expect(renderTable(report([finding('app', { reason: '\u001b[31mok' })]), plain)).toContain('\\u{1b}[31mok')
})
