import { afterEach, beforeEach, expect, it } from 'vitest'
import { createHandler } from '../../../lambdas/config-rule/create-handler.ts'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import { rules } from '../../../shared/rules/index.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { openPolicy, scheduledEvent } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const invoke = (ruleId: string) =>
  createHandler({
    rules,
    ruleIds: [],
    sources: () => [ecrSource(clientsAt(fake.endpoint, 'eu-central-1').ecr)],
    clients: () => clientsAt(fake.endpoint, 'eu-central-1'),
    variables: () => ({}),
    log: () => ({ info: () => undefined, warn: () => undefined }),
    metrics: () => ({ count: () => undefined, flush: () => undefined }),
    sqs: () => ({ send: async () => Promise.reject(new Error('there is no queue')) }),
    now: () => new Date('2026-03-01T12:00:00.000Z'),
    sleep: async () => undefined,
    random: () => 0,
  })(
    { ...scheduledEvent(), ruleParameters: JSON.stringify({ ruleId }) },
    {
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:pullpath-config-rule',
      getRemainingTimeInMillis: () => 60_000,
    },
  )

it.each(rules.filter((rule) => rule.area === 'ecr').map((rule) => rule.id))(
  '%s reads all it needs and decides',
  async (ruleId) => {
    fake.state.repositories.set('app', openPolicy)
    await invoke(ruleId)
    expect(fake.evaluations.length).toBeGreaterThan(0)
    for (const one of fake.evaluations) expect(one.Annotation).not.toMatch(/^Undetermined:/)
  },
)

it('finds the repository that is open to everyone', async () => {
  fake.state.repositories.set('app', openPolicy).set('closed', undefined)
  await invoke('ecr-repository-not-public')
  const verdicts = fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType])
  expect(verdicts).toEqual([
    ['app', 'NON_COMPLIANT'],
    ['closed', 'COMPLIANT'],
    ['111122223333', 'NOT_APPLICABLE'],
  ])
})
