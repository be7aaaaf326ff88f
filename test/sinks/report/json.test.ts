import { expect, test } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { renderJson } from '../../../shared/sinks/report/json.ts'
import { reportSchema } from '../../../shared/sinks/report/report-schema.ts'
import { hop, pullTrace } from '../../support/pull-traces.ts'

const finding: Finding = {
  id: '0123',
  rule: 'ecr-sample',
  severity: 'HIGH',
  compliance: 'UNDETERMINED',
  resource: { type: 'AWS::ECR::Repository', id: 'app', arn: 'arn', accountId: '111122223333', region: 'us-east-1' },
  title: 't',
  reason: 'r',
  evidence: [{ source: 's', detail: 'd' }],
  assumptions: ['a'],
  remediation: { text: 'f', url: 'https://docs.aws.amazon.com/' },
  transience: 'lasting',
  observedAt: '2026-01-01T00:00:00Z',
}

test('the document holds what the contract says and nothing else', () => {
  const pieces = renderJson({
    tool: { name: 'pullpath', version: '1.2.3' },
    generatedAt: '2026-11-21T00:00:00.000Z',
    findings: [finding],
    coverage: [{ accountId: '111122223333', region: 'us-east-1', resourceType: 'T', status: 'known' }],
    pulls: [],
    why: new Map(),
  })
  const document: unknown = JSON.parse([...pieces].join(''))
  expect(reportSchema.parse(document)).toEqual(document)
  expect(document).toEqual({
    schemaVersion: 1,
    tool: { name: 'pullpath', version: '1.2.3' },
    generatedAt: '2026-11-21T00:00:00.000Z',
    summary: {
      resources: 1,
      byCompliance: { NON_COMPLIANT: 0, UNDETERMINED: 1, COMPLIANT: 0, NOT_APPLICABLE: 0 },
      bySeverity: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0 },
      excepted: 0,
    },
    coverage: [{ accountId: '111122223333', region: 'us-east-1', resourceType: 'T', status: 'known' }],
    findings: [
      {
        id: '0123',
        rule: 'ecr-sample',
        severity: 'HIGH',
        compliance: 'UNDETERMINED',
        resource: {
          type: 'AWS::ECR::Repository',
          id: 'app',
          arn: 'arn',
          accountId: '111122223333',
          region: 'us-east-1',
        },
        title: 't',
        reason: 'r',
        evidence: [{ source: 's', detail: 'd' }],
        assumptions: ['a'],
        remediation: { text: 'f', url: 'https://docs.aws.amazon.com/' },
      },
    ],
    exceptions: [],
    pulls: [],
  })
})

test('an exception is on its finding, counted apart from failures, and listed with those that do not hold', () => {
  const exception = { reason: 'moves in spring', owner: 'platform@example.org', expires: '2027-03-31' }
  const failing = { ...finding, compliance: 'NON_COMPLIANT' } as const
  const text = [
    ...renderJson({
      tool: { name: 'pullpath', version: '0' },
      generatedAt: '2026-11-21T00:00:00.000Z',
      findings: [
        { ...failing, exception },
        { ...failing, id: '4567' },
      ],
      coverage: [],
      pulls: [],
      why: new Map(),
      exceptions: [
        {
          exception: { rule: 'ecr-*', account: '111122223333', ...exception },
          status: 'active',
          failing: 1,
          undetermined: 2,
        },
        {
          exception: {
            ...{ rule: 'ecr-sample', resource: 'arn:aws:ecr:*:111122223333:repository/x', ...exception },
            tag: { key: 'stage', value: 'sandbox' },
          },
          ...{ status: 'expired', failing: 0, undetermined: 0 },
        },
      ],
    }),
  ].join('')
  const document = reportSchema.parse(JSON.parse(text))
  expect(document.findings.map((row) => [row.id, row.compliance, row.severity, row.exception])).toEqual([
    ['0123', 'NON_COMPLIANT', 'HIGH', exception],
    ['4567', 'NON_COMPLIANT', 'HIGH', undefined],
  ])
  expect(document.summary).toEqual({
    resources: 1,
    byCompliance: { NON_COMPLIANT: 1, UNDETERMINED: 0, COMPLIANT: 0, NOT_APPLICABLE: 0 },
    bySeverity: { CRITICAL: 0, HIGH: 1, MEDIUM: 0, LOW: 0 },
    excepted: 1,
  })
  expect(document.exceptions).toEqual([
    { rule: 'ecr-*', account: '111122223333', ...exception, status: 'active', failing: 1, undetermined: 2 },
    {
      ...{ rule: 'ecr-sample', resource: 'arn:aws:ecr:*:111122223333:repository/x', ...exception },
      ...{ tag: { key: 'stage', value: 'sandbox' }, status: 'expired', failing: 0, undetermined: 0 },
    },
  ])
})

test('an empty report is a document too', () => {
  const report = { tool: { name: 'pullpath', version: '0' }, generatedAt: '2026-11-21T00:00:00.000Z', why: new Map() }
  const text = [...renderJson({ ...report, findings: [], coverage: [], pulls: [] })].join('')
  expect(reportSchema.parse(JSON.parse(text))).toMatchObject({ coverage: [], findings: [], pulls: [] })
})

test('a traced pull is written as the contract says, null where there is nothing to say', () => {
  const broken = hop({
    hop: 'dns',
    status: 'fail',
    code: 'no-private-dns',
    reason: 'r',
    evidence: [{ source: 's', detail: 'd' }],
    assumptions: ['a'],
    fix: 'Turn it on',
    subnets: ['subnet-2'],
  })
  const traces = [
    pullTrace([broken, hop({ hop: 'token', status: 'fail' })], { intermittent: ['subnet-2'] }),
    pullTrace(),
  ]
  const report = { tool: { name: 'pullpath', version: '0' }, generatedAt: '2026-11-21T00:00:00.000Z', why: new Map() }
  const text = [...renderJson({ ...report, findings: [], coverage: [], pulls: traces })].join('')
  const { pulls } = reportSchema.parse(JSON.parse(text))
  expect(pulls[0]).toMatchObject({
    workload: {
      type: 'AWS::ECS::Service',
      arn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/web',
      name: 'web',
      accountId: '111122223333',
      region: 'eu-central-1',
    },
    image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1',
    subnets: ['subnet-1', 'subnet-2'],
    principals: ['arn:aws:iam::111122223333:role/execution'],
    verdict: 'fail',
    firstBrokenHop: 'dns',
    nextFailures: ['token'],
    grades: { privacy: null, leastPrivilege: null },
  })
  expect(pulls[0]?.hops).toHaveLength(14)
  expect(pulls[0]?.hops[3]).toEqual({
    hop: 'dns',
    status: 'fail',
    code: 'no-private-dns',
    reason: 'r',
    evidence: [{ source: 's', detail: 'd' }],
    assumptions: ['a'],
  })
  expect(pulls[1]).toMatchObject({
    verdict: 'pass',
    firstBrokenHop: null,
    nextFailures: [],
    grades: { privacy: 'A', leastPrivilege: 'B' },
  })
})

test('a row says why and which resource where it can, and an empty list is written on one line', () => {
  const row = { accountId: '111122223333', region: 'us-east-1', resourceType: 'T', status: 'unknown' } as const
  const coverage = [row, { ...row, reason: 'denied' }, { ...row, reason: 'denied', resourceArn: 'arn:a' }]
  const text = [
    ...renderJson({
      tool: { name: 'pullpath', version: '1.2.3' },
      generatedAt: '2026-11-21T00:00:00.000Z',
      ...{ findings: [], coverage, pulls: [], why: new Map() },
    }),
  ].join('')
  expect(JSON.parse(text).coverage).toEqual(coverage)
  expect(text).toContain('"findings": []')
  expect(text).toContain('"resourceArn":"arn:a"}\n  ]')
})

test('nothing in it steers a terminal, and a parser reads what was there', () => {
  const evil = 'Häuser \u007f\u009b31m\u202e\u2029\u{e0041}'
  const report = {
    tool: { name: 'pullpath', version: '1.2.3' },
    generatedAt: '2026-11-21T00:00:00.000Z',
    findings: [{ ...finding, reason: evil }],
    coverage: [{ accountId: '1', region: 'r', resourceType: 'T', status: 'unknown' as const, reason: evil }],
    pulls: [],
    why: new Map(),
  }
  const text = [...renderJson(report)].join('')
  expect(text).toMatch(/^[\n\x20-\x7eä]+$/)
  expect(text).toContain('"reason":"Häuser \\u007f\\u009b31m\\u202e\\u2029\\udb40\\udc41"')
  const { findings, coverage } = reportSchema.parse(JSON.parse(text))
  expect([findings[0]?.reason, coverage[0]?.reason]).toEqual([evil, evil])
})
