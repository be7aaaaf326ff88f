import { expect, it } from 'vitest'
import { permissions } from '../../../lambdas/pull-failure/permissions.ts'
import { policyArn, pullPolicy, role } from '../config-rule/role-scenario.ts'
import { addServiceOnInstances } from '../config-rule/vpc-scenario.ts'
import {
  eventOf,
  held,
  invoke,
  registry,
  runningTask,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
} from './scenario.ts'

const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`

it('every call is permitted, and every permission is for a call that is made', async () => {
  const account = await startPullAccount()
  const { fake } = account
  addServiceOnInstances(fake)
  fake.state.registryPolicy = pullPolicy('*')
  fake.state.iam.policies.push({
    ...{ arn: policyArn('shared'), id: 'ANPA1', defaultVersionId: 'v1' },
    versions: new Map([['v1', pullPolicy('app')]]),
  })
  fake.state.iam.roles.splice(
    0,
    9,
    role('puller', pullPolicy('app'), { attached: [policyArn('shared')] }),
    role('instances', pullPolicy('app'), { service: 'ec2.amazonaws.com' }),
  )
  const zone = {
    HostedZoneId: 'Z1',
    Name: 'api.ecr.eu-central-1.amazonaws.com.',
    Owner: { OwningAccount: '111122223333' },
  }
  fake.state.services.set('route53', (operation) =>
    operation === 'ListHostedZonesByVPC'
      ? { HostedZoneSummaries: { HostedZoneSummary: [zone] }, MaxItems: 100 }
      : { ResourceRecordSets: {}, IsTruncated: false, MaxItems: 300 },
  )
  await invoke(account, show(account, stoppedEvent({ id: 'a', stoppedReason: text, group: 'service:batch' })))
  await invoke(account, show(account, stoppedEvent({ id: 'b', stoppedReason: text })))
  account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
  await invoke(account, steadyEvent())
  await invoke(account, eventOf('ecr-replication-failed'))
  const called = fake.calls.map(({ service, operation }) => `${service}:${operation}`)
  const permitted = permissions.map(({ action }) => action)
  expect([...new Set(called)].sort()).toEqual([...new Set([...permitted, 'securityhub:BatchImportFindings'])].sort())
  await fake.close()
})

it('a service on instances is traced with the role and the network of its instances', async () => {
  const account = await startPullAccount()
  addServiceOnInstances(account.fake)
  account.fake.state.iam.roles.splice(0, 9, role('instances', pullPolicy('other'), { service: 'ec2.amazonaws.com' }))
  const error =
    "CannotPullContainerError: The task can't pull the image. Check that the role has the permissions to pull images from the registry."
  await invoke(account, show(account, stoppedEvent({ stoppedReason: error, group: 'service:batch' })))
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  expect([...account.hub.values()][0].Description).toContain('cannot pull')
  expect([...account.hub.values()][0].Description).toContain('pull-actions: ')
  await account.fake.close()
})
