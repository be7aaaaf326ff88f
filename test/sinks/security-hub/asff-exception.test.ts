import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'

const accepted = { reason: 'moves in spring', owner: 'platform@example.org', expires: '2027-03-31' }
const finding = (change: Partial<Finding> = {}): Finding => ({
  id: '0123',
  rule: 'ecr-sample',
  severity: 'HIGH',
  compliance: 'NON_COMPLIANT',
  resource: {
    type: 'AWS::ECR::Repository',
    id: 'app',
    arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
    accountId: '111122223333',
    region: 'eu-central-1',
  },
  title: 'Samples are good',
  reason: 'app is open',
  evidence: [{ source: 's', detail: 'd' }],
  assumptions: ['a'],
  remediation: { text: 'Mend it.' },
  ...change,
})
const rendered = (change: Partial<Finding>) => asffOf(finding(change), '2026-11-21T00:00:00.000Z', 'eu-central-1')

describe('a finding that an exception covers', () => {
  const excepted = rendered({ exception: accepted })

  it('passed, by the exception, and is informational', () => {
    expect(excepted?.Compliance).toEqual({
      Status: 'PASSED',
      StatusReasons: [
        {
          ReasonCode: 'PULLPATH_EXCEPTION',
          Description: 'Exception until 2027-03-31: moves in spring (platform@example.org); app is open',
        },
      ],
    })
    expect(excepted?.FindingProviderFields?.Severity).toEqual({ Label: 'INFORMATIONAL', Original: 'HIGH' })
    expect(excepted?.RecordState).toBe('ACTIVE')
  })

  it('names owner and end in its product fields, and still says what is wrong', () => {
    expect(excepted?.ProductFields).toEqual({
      'pullpath/rule': 'ecr-sample',
      'pullpath/ahead-of-config': 'no',
      'pullpath/exception/owner': 'platform@example.org',
      'pullpath/exception/expires': '2027-03-31',
      'pullpath/exception/reason': 'moves in spring',
      'pullpath/evidence/1': 's: d',
      'pullpath/assumption/1': 'a',
    })
    expect(excepted?.Description).toBe('app is open')
  })

  it('is the same finding as before: id and all else stay', () => {
    const { Compliance, FindingProviderFields, ProductFields, ...same } = excepted!
    expect(rendered({})).toMatchObject(same)
    expect(same.Id).toBe('pullpath/0123')
  })

  it('keeps every text within its limit and the product fields at 50 at most', () => {
    const long = { ...accepted, reason: 'x'.repeat(500), owner: 'y'.repeat(200) }
    const lines = Array.from({ length: 60 }, (_, n) => `${n}`)
    const full = rendered({
      exception: long,
      reason: 'z'.repeat(2_000),
      assumptions: lines,
      evidence: lines.map((detail) => ({ source: 's', detail })),
    })
    expect(full?.Compliance?.StatusReasons?.[0]?.Description).toHaveLength(1024)
    expect(Object.keys(full?.ProductFields ?? {}).length).toBeLessThanOrEqual(50)
  })
})

it.each(['UNDETERMINED', 'COMPLIANT', 'NOT_APPLICABLE'] as const)(
  'an exception on a finding that is %s says nothing',
  (compliance) => {
    expect(rendered({ compliance, exception: accepted })).toEqual(rendered({ compliance }))
  },
)
