import { expect, test } from 'vitest'
import type { Exception, ExceptionReview } from '../../../shared/model/exception.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Report } from '../../../shared/sinks/report/report.ts'
import { renderTable } from '../../../shared/sinks/report/table.ts'

const accepted = { reason: 'the partner moves in spring', owner: 'platform@example.org', expires: '2027-03-31' }
const finding = (name: string, change: Partial<Finding> = {}): Finding => ({
  id: name,
  rule: 'ecr-sample',
  severity: 'HIGH',
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
  evidence: [{ source: 's', detail: 'd' }],
  assumptions: [],
  remediation: { text: 'Mend it.' },
  ...change,
})
const review = (
  status: ExceptionReview['status'],
  failing: number,
  change: Partial<Exception> = {},
): ExceptionReview => ({
  exception: { rule: 'ecr-sample', account: '111122223333', ...accepted, ...change },
  status,
  failing,
  undetermined: 0,
})
const report = (findings: readonly Finding[], exceptions?: Report['exceptions']): Report => ({
  tool: { name: 'pullpath', version: '0' },
  generatedAt: '2026-11-21T00:00:00.000Z',
  findings,
  coverage: [],
  pulls: [],
  why: new Map([['ecr-sample', 'Bad samples are bad.']]),
  ...(exceptions === undefined ? {} : { exceptions }),
})
const plain = { width: 100, color: false, all: false }

test('what is excepted stands in a block of its own with reason, end and owner, and is counted apart', () => {
  const findings = [finding('app', { exception: accepted }), finding('fine', { compliance: 'COMPLIANT' })]
  expect(renderTable(report(findings, [review('active', 1)]), plain)).toBe(
    [
      'Exceptions  1 finding excepted',
      '    HIGH          ecr-sample  app  AWS::ECR::Repository  111122223333 us-east-1',
      '      what   app is bad',
      '      why    the partner moves in spring',
      '      until  2027-03-31, owner platform@example.org',
      '',
      '2 resources audited: 0 noncompliant (0 critical, 0 high, 0 medium, 0 low), 1 excepted, 0',
      'undetermined, 1 compliant, 0 not applicable',
      '',
    ].join('\n'),
  )
})

test('a list of everything shows what is excepted among exceptions only, never as a pass', () => {
  const text = renderTable(report([finding('app', { exception: accepted })]), { ...plain, all: true })
  expect(text.match(/app is bad/g)).toHaveLength(1)
  expect(text).not.toContain('ok  ')
  expect(text.startsWith('Exceptions  1 finding excepted\n')).toBe(true)
})

test('exceptions that do not hold or match nothing are listed, and failures they no longer cover fail', () => {
  const exceptions = [
    review('expired', 1, { expires: '2026-11-20' }),
    review('tooLong', 2, { rule: 'ecr-*', expires: '2030-01-01', tag: { key: 'stage', value: 'dev-*' } }),
    review('unmatched', 0, { resource: 'arn:aws:ecr:*:*:repository/gone', account: undefined }),
  ]
  expect(renderTable(report([finding('app')], exceptions), plain)).toBe(
    [
      '111122223333  us-east-1',
      '',
      '  app  AWS::ECR::Repository',
      '    HIGH          ecr-sample',
      '      what   app is bad',
      '      proof  s: d',
      '      why    Bad samples are bad.',
      '      fix    Mend it.',
      '',
      'Exceptions  0 findings excepted, 1 expired, 1 set for too long, 1 matching nothing',
      '    EXPIRED       ecr-sample  111122223333',
      '      what   covers nothing; it names 1 finding that fails',
      '      why    the partner moves in spring',
      '      until  2026-11-20, owner platform@example.org',
      '    TOO LONG      ecr-*  111122223333  tag stage=dev-*',
      '      what   covers nothing; it names 2 findings that fail',
      '      why    the partner moves in spring',
      '      until  2030-01-01, owner platform@example.org',
      '    UNMATCHED     ecr-sample  arn:aws:ecr:*:*:repository/gone',
      '      why    the partner moves in spring',
      '      until  2027-03-31, owner platform@example.org',
      '',
      '1 resource audited: 1 noncompliant (0 critical, 1 high, 0 medium, 0 low), 0 undetermined, 0',
      'compliant, 0 not applicable',
      '',
    ].join('\n'),
  )
})

test('no block appears where there is nothing to say', () => {
  expect(renderTable(report([finding('app')], []), plain)).not.toContain('Exceptions')
  expect(renderTable(report([finding('app')]), plain)).not.toContain('Exceptions')
})

test('texts of settings and accounts cannot steer the terminal', () => {
  const evil = '\u001b[2J'
  const excepted = finding('app', { exception: { ...accepted, reason: evil, owner: evil }, reason: evil })
  const text = renderTable(report([excepted], [review('expired', 0, { rule: evil, reason: evil, owner: evil })]), plain)
  expect(text).not.toContain('\u001b')
})
