import { expect, test } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Report } from '../../../shared/sinks/report/report.ts'
import { renderTable } from '../../../shared/sinks/report/table.ts'
import { hop, pullTrace } from '../../support/pull-traces.ts'

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

const report = (
  findings: readonly Finding[],
  coverage: Report['coverage'] = [],
  pulls: Report['pulls'] = [],
): Report => ({
  tool: { name: 'pullpath', version: '0' },
  generatedAt: '2026-11-21T00:00:00.000Z',
  findings,
  coverage,
  pulls,
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
      '1 resource audited: 1 noncompliant (0 critical, 0 high, 0 medium, 1 low), 0 undetermined, 0',
      'compliant, 0 not applicable',
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

test('pulls are counted, and each that fails is shown with its hop and what breaks next', () => {
  const broken = pullTrace([
    hop({ hop: 'dns', status: 'fail', code: 'no-private-dns', reason: 'vpce-1 has no private DNS' }),
    hop({ hop: 'token', status: 'fail' }),
    hop({ hop: 'ancillary', status: 'fail' }),
  ])
  const open = pullTrace([hop({ hop: 'guardrails', status: 'unknown' })])
  expect(renderTable(report([], [], [pullTrace(), open, broken]), plain)).toBe(
    [
      'Pulls  3 traced: 1 fail, 1 unknown, 1 pass',
      '    fail  web  AWS::ECS::Service  111122223333 eu-central-1',
      '      image  111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1',
      '      hop    dns: vpce-1 has no private DNS',
      '      next   token, ancillary',
      '',
      '0 resources audited: 0 noncompliant (0 critical, 0 high, 0 medium, 0 low), 0 undetermined, 0',
      'compliant, 0 not applicable',
      '',
    ].join('\n'),
  )
})

test('of many failing pulls twenty are shown and the rest is counted', () => {
  const broken = pullTrace([hop({ hop: 'dns', status: 'fail' })])
  const text = renderTable(
    report(
      [],
      [],
      Array.from({ length: 23 }, (_, at) => ({ ...broken, workload: { ...broken.workload, arn: `arn-${at}` } })),
    ),
    plain,
  )
  expect(text.match(/^ {4}fail/gm)).toHaveLength(20)
  expect(text).toContain('and 3 more that fail: pullpath explain draws them all')
})

test('text of a traced pull cannot steer the terminal', () => {
  const evil = pullTrace([hop({ hop: 'dns', status: 'fail', reason: 'a\u001b[2Jb' })], { image: 'x\u001b]0;t\u0007' })
  const text = renderTable(report([], [], [evil]), plain)
  expect(text).not.toContain('\u001b')
  expect(text).toContain('a [2Jb')
})

test('images of one workload that fail alike share an entry', () => {
  const broken = pullTrace([hop({ hop: 'dns', status: 'fail' })], { image: 'a' })
  const text = renderTable(report([], [], [broken, { ...broken, image: 'b' }]), plain)
  expect(text).toContain(['      image  a', '      image  b', '      hop    dns: dns is fine'].join('\n'))
  expect(text.match(/^ {4}fail/gm)).toHaveLength(1)
})
