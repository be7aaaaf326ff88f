import { afterEach, beforeEach, expect, it } from 'vitest'
import { resultKey } from '../../../shared/sources/config-compliance/evaluation-result.ts'
import { previousResults } from '../../../shared/sources/config-compliance/previous-results.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeCompliance, serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

let fake: FakeAws
let compliance: FakeCompliance
beforeEach(async () => {
  fake = await startFakeAws()
  compliance = serveCompliance(fake)
})
afterEach(() => fake.close())

const time = Date.parse('2026-03-01T10:00:00.000Z') / 1000
const evaluation = (id: string, ComplianceType: string, Annotation?: string) => ({
  ...{ ComplianceResourceType: 'AWS::ECR::Repository', ComplianceResourceId: id, ComplianceType, Annotation },
  OrderingTimestamp: time,
})
const show = (...all: readonly ReturnType<typeof evaluation>[]) => {
  for (const one of all) fake.compliance.set(`AWS::ECR::Repository ${one.ComplianceResourceId}`, one)
}
const read = (name = 'pullpath-probe') => {
  const place = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
  return previousResults({ ...place, client: clientsAt(fake.endpoint, 'eu-central-1').config, callTimeout: 300 }, name)
}

it('reads every page of what AWS Config shows of a rule', async () => {
  compliance.pageSize = 2
  compliance.keeps = () => true
  show(evaluation('a', 'COMPLIANT'), evaluation('b', 'NON_COMPLIANT', 'open'), evaluation('c', 'NOT_APPLICABLE'))
  const times = { orderedAt: '2026-03-01T10:00:00.000Z', recordedAt: '2026-03-01T10:01:00.000Z' }
  const type = 'AWS::ECR::Repository'
  expect(await read()).toEqual({
    state: 'known',
    value: new Map([
      [resultKey(type, 'a'), { type, id: 'a', compliance: 'COMPLIANT', annotation: undefined, ...times }],
      [resultKey(type, 'b'), { type, id: 'b', compliance: 'NON_COMPLIANT', annotation: 'open', ...times }],
      [resultKey(type, 'c'), { type, id: 'c', compliance: 'NOT_APPLICABLE', annotation: undefined, ...times }],
    ]),
  })
  expect(fake.calls.map(({ body }) => [body.Limit, body.NextToken])).toEqual([
    [100, undefined],
    [100, '2'],
  ])
})

it('does not ask about a rule whose name is longer than the call takes', async () => {
  const answer = await read('x'.repeat(65))
  expect(answer).toMatchObject({ state: 'unknown', transience: 'lasting' })
  expect(fake.calls).toEqual([])
})

const answered = (result: object): Fault => ({ answer: { EvaluationResults: [result] } })
const good = {
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: { ConfigRuleName: 'pullpath-probe', ResourceType: 'AWS::X', ResourceId: 'x' },
    OrderingTimestamp: time,
  },
  ComplianceType: 'COMPLIANT',
  ResultRecordedTime: time,
}
const identifier = (more: object) => ({
  ...good,
  EvaluationResultIdentifier: { ...good.EvaluationResultIdentifier, ...more },
})
it.each<[string, Fault, string, string]>([
  ['is denied', { error: 'AccessDeniedException' }, 'AccessDeniedException', 'lasting'],
  ['is throttled', { error: 'ThrottlingException' }, 'ThrottlingException', 'passing'],
  ['is an empty 200', { text: '' }, 'MalformedAnswer', 'passing'],
  ['hangs', { hang: true }, 'AbortError', 'passing'],
  ['never ends', { answer: { EvaluationResults: [], NextToken: 'same' } }, 'MalformedAnswer', 'passing'],
  [
    'is about another rule',
    answered(
      identifier({
        EvaluationResultQualifier: { ConfigRuleName: 'other', ResourceType: 'AWS::X', ResourceId: 'x' },
      }),
    ),
    'MalformedAnswer',
    'passing',
  ],
  [
    'names no resource',
    answered(identifier({ EvaluationResultQualifier: { ConfigRuleName: 'pullpath-probe' } })),
    'MalformedAnswer',
    'passing',
  ],
  ['has no ordering time', answered(identifier({ OrderingTimestamp: undefined })), 'MalformedAnswer', 'passing'],
  ['has no recording time', answered({ ...good, ResultRecordedTime: null }), 'MalformedAnswer', 'passing'],
  ['has an unknown type', answered({ ...good, ComplianceType: 'FINE' }), 'MalformedAnswer', 'passing'],
  ['has an annotation that is no text', answered({ ...good, Annotation: {} }), 'MalformedAnswer', 'passing'],
])('is unknown when the answer %s', async (_name, fault, error, transience) => {
  fake.state.plan = () => fault
  expect(await read()).toEqual({
    state: 'unknown',
    reason: `config:GetComplianceDetailsByConfigRule failed with ${error}`,
    transience,
  })
})

it('takes a good answer of the same shape', async () => {
  fake.state.plan = () => answered(good)
  expect(await read()).toMatchObject({ state: 'known' })
})

it('shows the newer of two results on one resource', async () => {
  const older = { ...identifier({ OrderingTimestamp: time - 60 }), ComplianceType: 'NON_COMPLIANT' }
  fake.state.plan = () => ({ answer: { EvaluationResults: [good, older] } })
  const answer = await read()
  expect(answer.state === 'known' ? [...answer.value.values()].map((one) => one.compliance) : []).toEqual(['COMPLIANT'])
})
