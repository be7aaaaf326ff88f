import { afterEach, beforeEach, expect, it } from 'vitest'
import { resultKey } from '../../../shared/sources/config-compliance/evaluation-result.ts'
import { packResults } from '../../../shared/sources/config-compliance/pack-results.ts'
import { permissions } from '../../../shared/sources/config-compliance/permissions.ts'
import { previousResults } from '../../../shared/sources/config-compliance/previous-results.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakePack, serveCompliance, servePack } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { actionsCalled } from '../readers.ts'

const accountId = '111122223333'
const accountType = 'AWS::::Account'
const type = 'AWS::ECR::Repository'
const ruleName = 'pullpath-ecr-repository-actions-least-privilege-conformance-pack-0a1b2c3d4'

let fake: FakeAws
let shown: FakePack
beforeEach(async () => {
  fake = await startFakeAws()
  shown = servePack(fake, 'pullpath', ruleName)
})
afterEach(() => fake.close())

const time = Date.parse('2026-03-01T10:00:00.000Z') / 1000
const times = { orderedAt: '2026-03-01T10:00:00.000Z', recordedAt: '2026-03-01T10:01:00.000Z' }
const evaluation = (resourceType: string, id: string, ComplianceType: string, Annotation?: string) => ({
  ...{ ComplianceResourceType: resourceType, ComplianceResourceId: id, ComplianceType, Annotation },
  OrderingTimestamp: time,
})
const show = (...all: readonly ReturnType<typeof evaluation>[]) => {
  for (const one of all) fake.compliance.set(`${one.ComplianceResourceType} ${one.ComplianceResourceId}`, one)
}
const reader = () => {
  const place = { accountId, region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
  return { ...place, client: clientsAt(fake.endpoint, 'eu-central-1').config, callTimeout: 300 }
}
const read = (rule: Partial<Parameters<typeof packResults>[1]> = {}) =>
  packResults(reader(), { pack: 'pullpath', ruleName, types: [type], ...rule })

it('reads every page of what AWS Config shows of a rule of a pack, and the result on the account', async () => {
  shown.pageSize = 2
  shown.keeps = () => true
  shown.others.push(
    evaluation(type, 'a', 'NON_COMPLIANT', 'of another rule'),
    evaluation(accountType, accountId, 'NON_COMPLIANT', 'of another rule'),
  )
  show(
    ...[evaluation(type, 'a', 'COMPLIANT'), evaluation(type, 'b', 'NON_COMPLIANT', 'open')],
    ...[evaluation(type, 'c', 'NOT_APPLICABLE'), evaluation(accountType, accountId, 'NOT_APPLICABLE', '3 judged')],
    evaluation('AWS::ECR::RegistryPolicy', accountId, 'COMPLIANT'),
  )
  const account = { type: accountType, id: accountId, compliance: 'NOT_APPLICABLE', annotation: '3 judged', ...times }
  expect(await read()).toEqual({
    state: 'known',
    value: new Map<string, object>([
      [resultKey(accountType, accountId), account],
      [resultKey(type, 'a'), { type, id: 'a', compliance: 'COMPLIANT', annotation: undefined, ...times }],
      [resultKey(type, 'b'), { type, id: 'b', compliance: 'NON_COMPLIANT', annotation: 'open', ...times }],
    ]),
  })
  expect(fake.calls.map(({ operation, body }) => [operation, body.NextToken])).toEqual([
    ['GetComplianceDetailsByResource', undefined],
    ['GetConformancePackComplianceDetails', undefined],
    ['GetConformancePackComplianceDetails', '2'],
  ])
  expect(fake.calls[0]?.body).toEqual({
    ...{ ResourceType: accountType, ResourceId: accountId },
    ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'],
  })
  // No filter by name: it takes 64 characters, and the name has more.
  expect(fake.calls[1]?.body).toEqual({ ConformancePackName: 'pullpath', Filters: { ResourceType: type }, Limit: 100 })
})

it('reads the result on the account only, by resource, of a rule that judges the account', async () => {
  shown.pageSize = 1
  shown.others.push(evaluation(accountType, accountId, 'COMPLIANT'))
  show(evaluation(accountType, accountId, 'NON_COMPLIANT', 'open'))
  const account = { type: accountType, id: accountId, compliance: 'NON_COMPLIANT', annotation: 'open', ...times }
  expect(await read({ types: [accountType] })).toEqual({
    state: 'known',
    value: new Map([[resultKey(accountType, accountId), account]]),
  })
  expect(fake.calls.map(({ operation, body }) => [operation, body.NextToken])).toEqual([
    ['GetComplianceDetailsByResource', undefined],
    ['GetComplianceDetailsByResource', '1'],
  ])
})

it('asks for all results of the pack of a rule that judges several types: the call filters by one', async () => {
  show(evaluation(type, 'a', 'COMPLIANT'), evaluation('AWS::ECS::Service', 's', 'NON_COMPLIANT'))
  const answer = await read({ types: [type, 'AWS::ECS::Service'] })
  expect(answer.state === 'known' ? [...answer.value.values()].map(({ id }) => id) : []).toEqual(['a', 's'])
  expect(fake.calls[1]?.body).toEqual({ ConformancePackName: 'pullpath', Limit: 100 })
})

it('every call of the source has a permission and every permission a call', async () => {
  serveCompliance(fake)
  await read()
  await previousResults(reader(), 'pullpath-probe')
  expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action))
})

it('is unknown when there is no such pack', async () => {
  expect(await read({ pack: 'other' })).toEqual({
    state: 'unknown',
    reason: 'config:GetConformancePackComplianceDetails failed with NoSuchConformancePackException',
    transience: 'lasting',
  })
})

const good = {
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: { ConfigRuleName: ruleName, ResourceType: type, ResourceId: 'x' },
    OrderingTimestamp: time,
  },
  ComplianceType: 'COMPLIANT',
  ResultRecordedTime: time,
}
const qualified = (more: object) => ({
  ...good,
  EvaluationResultIdentifier: {
    ...good.EvaluationResultIdentifier,
    EvaluationResultQualifier: { ...good.EvaluationResultIdentifier.EvaluationResultQualifier, ...more },
  },
})
const ofPack = (...results: readonly object[]): Fault => ({
  answer: { ConformancePackName: 'pullpath', ConformancePackRuleEvaluationResults: results },
})
const timeless = {
  ...good,
  EvaluationResultIdentifier: { ...good.EvaluationResultIdentifier, OrderingTimestamp: undefined },
}

const malformed: readonly [string, Fault][] = [
  ['is an empty 200', { text: '' }],
  ['is an empty object', { answer: {} }],
  ['has no list', { answer: { ConformancePackName: 'pullpath' } }],
  ['is about another pack', { answer: { ConformancePackName: 'other', ConformancePackRuleEvaluationResults: [good] } }],
  ['never ends', { answer: { ...(ofPack() as { answer: object }).answer, NextToken: 'same' } }],
  ['has a result that names no rule', ofPack(good, qualified({ ConfigRuleName: undefined }))],
  ['has a result on another type', ofPack(qualified({ ResourceType: 'AWS::X' }))],
  ['has a result on no resource', ofPack(qualified({ ResourceId: undefined }))],
  ['has no ordering time', ofPack(timeless)],
  ['has no recording time', ofPack({ ...good, ResultRecordedTime: null })],
  ['has a compliance type that cannot be compared', ofPack({ ...good, ComplianceType: 'INSUFFICIENT_DATA' })],
  ['has an annotation that is no text', ofPack({ ...good, Annotation: {} })],
]
it.each<[string, Fault, string, string]>([
  ['is denied', { error: 'AccessDeniedException' }, 'AccessDeniedException', 'lasting'],
  ['is throttled', { error: 'ThrottlingException' }, 'ThrottlingException', 'passing'],
  ['hangs', { hang: true }, 'AbortError', 'passing'],
  ...malformed.map(([name, fault]): [string, Fault, string, string] => [name, fault, 'MalformedAnswer', 'passing']),
])('is unknown when the answer of the pack %s', async (_name, fault, error, transience) => {
  fake.state.plan = (operation) => (operation === 'GetConformancePackComplianceDetails' ? fault : undefined)
  const reason = `config:GetConformancePackComplianceDetails failed with ${error}`
  expect(await read()).toEqual({ state: 'unknown', reason, transience })
})

it('takes a good answer of the same shape, and leaves out other rules however their results look', async () => {
  fake.state.plan = (operation) =>
    operation === 'GetConformancePackComplianceDetails'
      ? ofPack(qualified({ ConfigRuleName: 'other', ResourceType: 'AWS::X', ResourceId: undefined }), good)
      : undefined
  const answer = await read()
  expect(answer.state === 'known' ? [...answer.value.keys()] : []).toEqual([resultKey(type, 'x')])
})

it.each<[string, Fault, string]>([
  ['is denied', { error: 'AccessDeniedException' }, 'AccessDeniedException'],
  ['is an empty 200', { text: '' }, 'MalformedAnswer'],
  ['has no list', { answer: {} }, 'MalformedAnswer'],
  ['is about another resource', { answer: { EvaluationResults: [good] } }, 'MalformedAnswer'],
  ['never ends', { answer: { EvaluationResults: [], NextToken: 'same' } }, 'MalformedAnswer'],
])('is unknown, and asks no further, when the answer about the account %s', async (_name, fault, error) => {
  fake.state.plan = (operation) => (operation === 'GetComplianceDetailsByResource' ? fault : undefined)
  expect(await read()).toMatchObject({
    state: 'unknown',
    reason: `config:GetComplianceDetailsByResource failed with ${error}`,
  })
  expect(fake.calls.map(({ operation }) => operation)).not.toContain('GetConformancePackComplianceDetails')
})

it('is unknown when a later page fails: a short answer would show too little', async () => {
  shown.pageSize = 1
  show(evaluation(type, 'a', 'COMPLIANT'), evaluation(type, 'b', 'COMPLIANT'))
  let page = 0
  fake.state.plan = (operation) =>
    operation === 'GetConformancePackComplianceDetails' && ++page === 2 ? { error: 'ThrottlingException' } : undefined
  expect(await read()).toMatchObject({ state: 'unknown', transience: 'passing' })
})
