import { afterEach, beforeEach, expect, it } from 'vitest'
import { findingsAhead } from '../../../shared/sources/held-findings/findings-ahead.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const arnOf = (name: string) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`
const hold = (name: string, over: Record<string, unknown> = {}) => {
  const finding = {
    Id: `pullpath/id-of-${name}`,
    GeneratorId: 'pullpath/ecr-sample',
    AwsAccountId: '111122223333',
    Region: 'eu-central-1',
    RecordState: 'ACTIVE',
    ProductFields: { 'pullpath/ahead-of-config': 'yes' },
    Resources: [{ Type: 'AwsEcrRepository', Id: arnOf(name) }],
    ...over,
  }
  fake.findings.set(finding.Id, finding)
}
const read = () => {
  const place = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
  const client = clientsAt(fake.endpoint, 'eu-central-1').securityHub
  return findingsAhead({ ...place, client, callTimeout: 300 }, 'ecr-sample')
}

it('are those of the rule, the account and the region that AWS Config does not know of', async () => {
  hold('open')
  hold('gone', { RecordState: 'ARCHIVED' })
  hold('confirmed', { ProductFields: { 'pullpath/ahead-of-config': 'no' } })
  hold('older', { ProductFields: {} })
  hold('of-another-rule', { GeneratorId: 'pullpath/ecr-sample-two' })
  hold('of-another-account', { AwsAccountId: '999999999999' })
  hold('aggregated', { Region: 'us-east-1' })
  expect(await read()).toEqual({
    state: 'known',
    value: new Map([
      ['id-of-open', { id: 'id-of-open', resourceArn: arnOf('open'), isArchived: false }],
      ['id-of-gone', { id: 'id-of-gone', resourceArn: arnOf('gone'), isArchived: true }],
    ]),
  })
})

it('are read to the last page', async () => {
  for (let n = 0; n < 250; n++) hold(`r${n}`)
  const answer = await read()
  expect(answer.state === 'known' && answer.value.size).toBe(250)
  expect(fake.calls.map(({ body }) => [body.MaxResults, body.NextToken])).toEqual([
    [100, undefined],
    [100, '100'],
    [100, '200'],
  ])
})

it('are none where Security Hub is not enabled', async () => {
  fake.state.hubEnabled = false
  expect(await read()).toEqual({ state: 'absent' })
})

const one = { Id: 'pullpath/1', Resources: [{ Id: arnOf('a') }] }
it.each<[string, Fault, string]>([
  ['the call is denied', { error: 'AccessDeniedException', status: 403 }, 'AccessDeniedException'],
  ['the answer has no list', { answer: {} }, 'MalformedAnswer'],
  ['a finding has no id', { answer: { Findings: [{ ...one, Id: undefined }] } }, 'MalformedAnswer'],
  ['a finding is of another product', { answer: { Findings: [{ ...one, Id: 'other/1' }] } }, 'MalformedAnswer'],
  ['a finding has no resource', { answer: { Findings: [{ ...one, Resources: [] }] } }, 'MalformedAnswer'],
])('are unknown when %s', async (_, fault, error) => {
  fake.state.plan = () => fault
  expect(await read()).toMatchObject({ state: 'unknown', reason: `securityhub:GetFindings failed with ${error}` })
})

it('are unknown when a later page fails', async () => {
  for (let n = 0; n < 101; n++) hold(`r${n}`)
  fake.state.plan = (_, n) => (n > 1 ? { error: 'AccessDeniedException', status: 403 } : undefined)
  expect((await read()).state).toBe('unknown')
})
