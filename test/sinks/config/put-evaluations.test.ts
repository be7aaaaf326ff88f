import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { annotationOf } from '../../../shared/sinks/config/annotation.ts'
import { type ConfigEvaluation, configResourceOf, evaluationsOf } from '../../../shared/sinks/config/evaluations.ts'
import { putEvaluations, RejectedEvaluations } from '../../../shared/sinks/config/put-evaluations.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const evaluation = (n: number, type = 'AWS::ECR::Repository'): ConfigEvaluation => ({
  ComplianceResourceType: type,
  ComplianceResourceId: `r${n}`,
  ComplianceType: 'COMPLIANT',
  OrderingTimestamp: new Date('2026-03-01T12:00:00.000Z'),
})
const many = (count: number) => Array.from({ length: count }, (_, n) => evaluation(n))
const put = (evaluations: readonly ConfigEvaluation[]) =>
  putEvaluations(
    {
      client: clientsAt(fake.endpoint, 'eu-central-1').config,
      resultToken: 'token-1',
      sleep: async () => undefined,
      random: () => 0,
    },
    evaluations,
  )
const stored = () => fake.evaluations.map((one) => one.ComplianceResourceId).sort()

describe('putEvaluations', () => {
  it.each([
    [0, 0],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])('sends %i evaluations in %i calls', async (count, calls) => {
    await put(many(count))
    expect(fake.calls.length).toBe(calls)
    expect(stored().length).toBe(count)
  })
  it('isolates one invalid item in at most 14 calls and sends the other 99', async () => {
    for (const bad of [0, 37, 63, 99]) {
      fake.calls.length = 0
      fake.evaluations.length = 0
      const list = many(100).map((one, n) => (n === bad ? evaluation(n, 'bogus') : one))
      const error = await put(list).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(RejectedEvaluations)
      expect((error as RejectedEvaluations).rejected.map((one) => one.ComplianceResourceId)).toEqual([`r${bad}`])
      expect(stored().length).toBe(99)
      expect(fake.calls.length).toBeLessThanOrEqual(14)
    }
  })
  it('finds several invalid items and still sends the rest', async () => {
    const list = many(100).map((one, n) => ([0, 1, 50, 99].includes(n) ? evaluation(n, 'bogus') : one))
    await expect(put(list)).rejects.toThrow('did not accept 4 evaluation(s)')
    expect(stored().length).toBe(96)
  })
  it('sends failed evaluations again, only those', async () => {
    fake.state.plan = (_operation, n) =>
      n === 1
        ? {
            answer: {
              FailedEvaluations: [
                {
                  ComplianceResourceType: 'AWS::ECR::Repository',
                  ComplianceResourceId: 'r1',
                  ComplianceType: 'COMPLIANT',
                  OrderingTimestamp: Date.parse('2026-03-01T12:00:00.000Z') / 1000,
                },
              ],
            },
          }
        : undefined
    await put(many(3))
    expect(stored()).toEqual(['r1'])
  })
  it('raises what stays failed after four attempts', async () => {
    fake.state.plan = (_operation, _n, body) => ({ answer: { FailedEvaluations: body.Evaluations } })
    await expect(put(many(2))).rejects.toThrow('did not accept 2 evaluation(s)')
    expect(fake.calls.length).toBe(4)
  })
  it('does not bisect a refused token', async () => {
    fake.state.token = 'other'
    await expect(put(many(100))).rejects.toThrow('refused the result token')
    expect(fake.calls.length).toBe(1)
  })
})

describe('annotationOf', () => {
  it('cuts at 256 units between code points and strips control characters', () => {
    expect(annotationOf(`${'a'.repeat(245)}😀${'b'.repeat(20)}`)).toMatch(/^a{245}… \[[0-9a-f]{6}\]$/)
    expect(annotationOf('a'.repeat(257))).toMatch(/^a{246}… \[[0-9a-f]{6}\]$/)
    expect(annotationOf('a\u0000\n\u2028b')).toBe('a b')
    expect(annotationOf(' \n\u0007')).toBeUndefined()
    expect(annotationOf('a'.repeat(256))).toBe('a'.repeat(256))
  })
  it('tells texts apart that differ behind the end, and says the same of the same text', () => {
    const [one, other] = ['a', 'b'].map((end) => annotationOf(`${'x'.repeat(300)}${end}`))
    expect(one?.slice(0, 247)).toBe(other?.slice(0, 247))
    expect(one).not.toBe(other)
    expect(annotationOf(`${'x'.repeat(300)}a`)).toBe(one)
  })
  it('is always well-formed and 1 to 256 long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const annotation = annotationOf(text)
        if (annotation === undefined) return
        expect(annotation.length).toBeGreaterThan(0)
        expect(annotation.length).toBeLessThanOrEqual(256)
        expect(annotation.isWellFormed()).toBe(true)
      }),
    )
  })
})

describe('evaluationsOf', () => {
  const finding = (compliance: Finding['compliance'], extra: Partial<Finding> = {}): Finding => ({
    id: 'x',
    rule: 'r',
    severity: 'LOW',
    compliance,
    title: 't',
    reason: `because ${compliance}`,
    evidence: [],
    assumptions: [],
    remediation: { text: 'fix' },
    resource: {
      type: 'AWS::::Account',
      id: '111122223333',
      arn: 'a',
      accountId: '111122223333',
      region: 'eu-central-1',
    },
    ...extra,
  })
  it('keeps the worst of several verdicts on one resource', () => {
    const list = evaluationsOf(
      [finding('COMPLIANT'), finding('NON_COMPLIANT'), finding('NOT_APPLICABLE')],
      '2026-01-01T00:00:00Z',
      'report',
    )
    expect(list.map((one) => [one.ComplianceType, one.Annotation])).toEqual([
      ['NON_COMPLIANT', 'because NON_COMPLIANT'],
    ])
  })
  it('leaves a passing unknown out', () => {
    expect(
      evaluationsOf([finding('UNDETERMINED', { transience: 'passing' })], '2026-01-01T00:00:00Z', 'report'),
    ).toEqual([])
  })

  const nodegroup = (name: string, compliance: Finding['compliance'], extra: Partial<Finding> = {}) => {
    const arn = `arn:aws:eks:eu-central-1:111122223333:nodegroup/blue/${name}/11aa22bb`
    const resource = { ...finding(compliance).resource, type: 'AWS::EKS::Nodegroup', id: `blue/${name}`, arn }
    return finding(compliance, { resource, ...extra })
  }
  const shown = (findings: readonly Finding[], undetermined: 'report' | 'leave' = 'report') =>
    evaluationsOf(findings, '2026-01-01T00:00:00Z', undetermined).map((one) => [
      `${one.ComplianceResourceType} ${one.ComplianceResourceId}`,
      one.ComplianceType,
      one.Annotation,
    ])

  it('records node groups on their cluster: the worst of them, named', () => {
    expect(
      shown([nodegroup('a', 'COMPLIANT'), nodegroup('b', 'NON_COMPLIANT'), nodegroup('c', 'UNDETERMINED')]),
    ).toEqual([['AWS::EKS::Cluster blue', 'NON_COMPLIANT', 'b: because NON_COMPLIANT']])
    expect(configResourceOf(nodegroup('a', 'COMPLIANT').resource)).toEqual({
      ...{ type: 'AWS::EKS::Cluster', id: 'blue', member: 'a' },
    })
  })

  it('prefers what is certain to what is undetermined, and that to what is good', () => {
    const open = nodegroup('c', 'UNDETERMINED', { transience: 'lasting' })
    expect(shown([nodegroup('a', 'COMPLIANT'), open])).toEqual([
      ['AWS::EKS::Cluster blue', 'NON_COMPLIANT', 'c: Undetermined: because UNDETERMINED'],
    ])
  })

  it.each(['passing', 'lasting'] as const)(
    'clears no cluster while a node group of it is left out (%s)',
    (transience) => {
      const open = nodegroup('c', 'UNDETERMINED', { transience })
      const others = [nodegroup('a', 'COMPLIANT'), open, nodegroup('b', 'NOT_APPLICABLE')]
      expect(shown(others, transience === 'passing' ? 'report' : 'leave')).toEqual([])
    },
  )

  const accepted = { reason: 'moves in spring', owner: 'platform@example.org', expires: '2027-03-31' }

  it('shows an excepted failure as compliant, with an annotation that begins with the end of the exception', () => {
    expect(shown([finding('NON_COMPLIANT', { exception: accepted })])).toEqual([
      [
        'AWS::::Account 111122223333',
        'COMPLIANT',
        'Exception until 2027-03-31: moves in spring (platform@example.org); because NON_COMPLIANT',
      ],
    ])
  })

  it('cuts the annotation of an exception at 256 units and keeps its beginning', () => {
    const long = { ...accepted, reason: `${'x'.repeat(300)}` }
    const [row] = shown([finding('NON_COMPLIANT', { exception: long })])
    expect(row?.[2]).toMatch(/^Exception until 2027-03-31: x{218}… \[[0-9a-f]{6}\]$/)
    expect(row?.[2]).toHaveLength(256)
  })

  it('lets an exception that ended up on an undetermined finding say nothing', () => {
    expect(shown([finding('UNDETERMINED', { exception: accepted, transience: 'lasting' })])).toEqual([
      ['AWS::::Account 111122223333', 'NON_COMPLIANT', 'Undetermined: because UNDETERMINED'],
    ])
  })

  it('prefers what fails and what is undetermined to an excepted failure, and that to a real pass', () => {
    const excepted = nodegroup('b', 'NON_COMPLIANT', { exception: accepted })
    const open = nodegroup('c', 'UNDETERMINED', { transience: 'lasting' })
    const line = 'Exception until 2027-03-31: moves in spring (platform@example.org); b: because NON_COMPLIANT'
    expect(shown([nodegroup('a', 'COMPLIANT'), excepted])).toEqual([['AWS::EKS::Cluster blue', 'COMPLIANT', line]])
    expect(shown([excepted, nodegroup('a', 'COMPLIANT')])).toEqual([['AWS::EKS::Cluster blue', 'COMPLIANT', line]])
    expect(shown([excepted, open])).toEqual([
      ['AWS::EKS::Cluster blue', 'NON_COMPLIANT', 'c: Undetermined: because UNDETERMINED'],
    ])
    expect(shown([excepted, nodegroup('d', 'NON_COMPLIANT')])).toEqual([
      ['AWS::EKS::Cluster blue', 'NON_COMPLIANT', 'd: because NON_COMPLIANT'],
    ])
    expect(shown([excepted, nodegroup('e', 'UNDETERMINED', { transience: 'passing' })])).toEqual([])
  })

  it('keeps the name of the node group in an annotation that is cut', () => {
    const [row] = shown([nodegroup('b', 'NON_COMPLIANT', { reason: 'x'.repeat(400) })])
    expect(row?.[2]).toMatch(/^b: x{243}… \[[0-9a-f]{6}\]$/)
  })
})
