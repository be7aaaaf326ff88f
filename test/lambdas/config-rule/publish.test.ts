import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publisher } from '../../../lambdas/config-rule/publish.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'

const at = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
const finding: Finding = {
  ...{ id: '0123456789abcdef0123456789abcdef', rule: 'ecr-repository-not-public', severity: 'HIGH' },
  ...{
    compliance: 'NON_COMPLIANT',
    title: 'Repositories are not open',
    reason: 'It is.',
    evidence: [],
    assumptions: [],
  },
  resource: {
    ...{ type: 'AWS::ECR::Repository', id: 'app', arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app' },
    ...{ accountId: '111122223333', region: 'eu-central-1' },
  },
  remediation: { text: 'Close it.' },
}

let fake: FakeAws
let queue: FakeQueue
beforeEach(async () => {
  fake = await startFakeAws()
  queue = fakeQueue({ now: () => 0 })
})
afterEach(() => fake.close())

const publishWith = (variables: Readonly<Record<string, string>>) =>
  publisher({
    sqs: () => queue.client,
    securityHub: (region) => clientsAt(fake.endpoint, region).securityHub,
    variables: () => variables,
    sleep: async () => undefined,
    random: () => 0,
  })

describe('findings', () => {
  it('go into the queue where the environment names one', async () => {
    await publishWith({ PULLPATH_FINDINGS_QUEUE_URL: queue.url })([finding], at)
    const bodies = queue.messages.map(({ body }) => JSON.parse(body))
    expect(bodies.map(({ Id, UpdatedAt, Compliance }) => [Id, UpdatedAt, Compliance.Status])).toEqual([
      ['pullpath/0123456789abcdef0123456789abcdef', '2026-03-01T12:00:00.000Z', 'FAILED'],
    ])
    expect(fake.calls).toEqual([])
  })

  it('go straight into Security Hub where it names none', async () => {
    await publishWith({})([finding], at)
    expect([...fake.findings.keys()]).toEqual(['pullpath/0123456789abcdef0123456789abcdef'])
    expect(queue.messages).toEqual([])
  })

  it('go nowhere where the deployment sends none', async () => {
    await publishWith({ PULLPATH_SECURITY_HUB: 'off', PULLPATH_FINDINGS_QUEUE_URL: queue.url })([finding], at)
    expect([...fake.calls, ...queue.messages]).toEqual([])
  })

  it('that the queue does not take make the invocation fail', async () => {
    queue.refusing = () => ({ Code: 'InternalError', SenderFault: false })
    await expect(publishWith({ PULLPATH_FINDINGS_QUEUE_URL: queue.url })([finding], at)).rejects.toThrow(
      /the queue did not take 1 finding/,
    )
  })

  it('do not go to what is no URL', async () => {
    await expect(publishWith({ PULLPATH_FINDINGS_QUEUE_URL: 'queue' })([finding], at)).rejects.toThrow(
      /^environment variable PULLPATH_FINDINGS_QUEUE_URL: expected a URL$/,
    )
  })
})
