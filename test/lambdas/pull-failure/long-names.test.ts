import { afterEach, beforeEach, expect, it } from 'vitest'
import { workloadKinds } from '../../../lambdas/pull-failure/finding.ts'
import {
  account as accountId,
  held,
  invoke,
  type PullAccount,
  region,
  runningTask,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
} from './scenario.ts'

let account: PullAccount
const [cluster, service] = ['c'.repeat(255), 's'.repeat(255)]
const clusterArn = `arn:aws:ecs:${region}:${accountId}:cluster/${cluster}`
const serviceArn = `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${service}`
const named = <E extends { detail: object }>(event: E) => ({
  ...event,
  resources: [serviceArn],
  detail: { ...event.detail, clusterArn, group: `service:${service}` },
})
const failed = named(stoppedEvent({ stoppedReason: 'CannotPullContainerError: gremlins' }))

beforeEach(async () => {
  account = await startPullAccount()
  for (const one of account.fake.state.ecs.services) {
    Object.assign(one, { clusterArn, serviceArn, serviceName: service })
  }
  await invoke(account, show(account, failed))
})
afterEach(() => account.fake.close())

it('Security Hub holds the ARN of a service cut where the service has long names', () => {
  const [finding] = [...account.hub.values()]
  expect(serviceArn.length).toBeGreaterThan(512)
  expect(finding.Resources[0].Id).toBe(`${serviceArn.slice(0, 511)}…`)
})

it('a finding about a service with long names is resolved by a later pull', async () => {
  account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z', { clusterArn, group: `service:${service}` }))
  await invoke(account, named(steadyEvent()))
  expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
})

it('a finding about a service with long names is archived once the service is gone', async () => {
  account.fake.state.ecs.services.length = 0
  await invoke(account, named(steadyEvent()))
  expect(held(account)).toEqual([['PASSED', 'ARCHIVED', '2026-03-01T11:30:00.000Z']])
})

it('Security Hub is asked for ids, of which a filter holds twenty at most', async () => {
  await invoke(account, named(steadyEvent()))
  const asked = account.fake.calls.find(({ operation }) => operation === 'GetFindings')?.body.Filters
  expect(Object.keys(asked).toSorted()).toEqual(['AwsAccountId', 'GeneratorId', 'Id', 'RecordState'])
  expect(asked.Id).toHaveLength(workloadKinds.length)
  expect(workloadKinds.length).toBeLessThanOrEqual(20)
})
