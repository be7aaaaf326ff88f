import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  eventOf,
  held,
  invoke,
  type PullAccount,
  registry,
  runningTask,
  seconds,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
  writes,
} from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
})
afterEach(() => account.fake.close())

const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`
const failed = stoppedEvent({ stoppedReason: text })
const open = ['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']

describe('after a failed pull', () => {
  beforeEach(() => invoke(account, show(account, failed)))

  it('a steady service is resolved by a task that pulled since, at the time of its pull', async () => {
    account.tasks.push(runningTask('old', '2026-03-01T10:00:00Z'), runningTask('new', '2026-03-01T11:08:00Z'))
    await invoke(account, steadyEvent())
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
    const [finding] = [...account.hub.values()]
    expect(finding.Description).toBe(
      'A task of service web in subnet-2 pulled all its images at 2026-03-01T11:08:00.000Z, after the error.',
    )
    expect(finding.Remediation.Recommendation.Text).toBe('Nothing has to be done.')
  })

  it('a service that others deploy is resolved by a task of its primary task set', async () => {
    const [service] = account.fake.state.ecs.services
    const { taskDefinition } = service
    service.taskDefinition = undefined
    service.taskSets = [
      { status: 'ACTIVE', taskDefinition: 'x' },
      { status: 'PRIMARY', taskDefinition },
    ]
    account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z'))
    await invoke(account, steadyEvent())
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
  })

  it('the event of a task that runs does the same', async () => {
    account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z'))
    const { taskArn } = account.tasks.at(-1)
    await invoke(account, eventOf('ecs-task-stopped', { taskArn, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }))
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
  })

  it.each([
    ['no task runs', undefined],
    ['the tasks that run pulled before the error', { pullStoppedAt: seconds('2026-03-01T10:59:59Z') }],
    ['they pulled within the second of the error', { pullStoppedAt: seconds('2026-03-01T11:00:00.900Z') }],
    ['a container has no digest', { containers: [{ name: 'main' }] }],
    ['the task has not started', { startedAt: undefined }],
    ['the task is of another revision', { taskDefinitionArn: failed.detail.taskDefinitionArn.replace(':1', ':2') }],
    ['the task is of another service', { group: 'service:other' }],
  ])('A8 a steady state proves nothing while %s', async (_, more) => {
    if (more !== undefined) account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z', more))
    await invoke(account, steadyEvent())
    expect(held(account)).toEqual([open])
  })

  it('A8 a forged event of a running task proves nothing', async () => {
    const detail = { ...runningTask('forged', '2026-03-01T11:08:00Z'), stoppedReason: undefined }
    await invoke(account, eventOf('ecs-task-stopped', detail))
    expect(held(account)).toEqual([open])
  })

  it('one task that pulled does not resolve what another subnet would still break', async () => {
    account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z'))
    account.images.set('app', [])
    await invoke(account, steadyEvent())
    expect(held(account)).toEqual([open])
  })

  it.each(['GetRole', 'ListTasks'])(
    'while %s is throttled nothing is resolved and the event is tried again',
    async (throttled) => {
      account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z'))
      account.fake.state.plan = (operation) => (operation === throttled ? { error: 'ThrottlingException' } : undefined)
      await expect(invoke(account, steadyEvent())).rejects.toThrow('failed with Throttling')
      expect(held(account)).toEqual([open])
    },
  )

  it('a service that is gone has its findings archived', async () => {
    account.fake.state.ecs.services.length = 0
    await invoke(account, steadyEvent())
    expect(held(account)).toEqual([['PASSED', 'ARCHIVED', '2026-03-01T11:30:00.000Z']])
  })
})

it('a success without an open finding writes nothing and traces nothing', async () => {
  account.tasks.push(runningTask('new', '2026-03-01T11:08:00Z'))
  await invoke(account, steadyEvent())
  expect(account.fake.calls.map(({ operation }) => operation)).toEqual(['DescribeServices', 'GetFindings'])
  expect(writes(account)).toBe(0)
})

it('without Security Hub nothing is asked or written there', async () => {
  await invoke(account, show(account, failed), { variables: { PULLPATH_SECURITY_HUB: 'off' } })
  await invoke(account, steadyEvent(), { variables: { PULLPATH_SECURITY_HUB: 'off' } })
  expect(account.fake.calls.filter(({ service }) => service === 'securityhub')).toEqual([])
})

describe('a service whose tasks do not start', () => {
  const impaired = eventOf('ecs-service-action', { eventName: 'SERVICE_TASK_START_IMPAIRED' })

  it('is judged by what its stopped tasks say, one finding for each kind of error', async () => {
    account.images.set('app', [])
    const other = 'CannotPullContainerError: gremlins'
    show(account, stoppedEvent({ id: 'a', stoppedReason: text, at: '2026-03-01T11:01:00Z' }))
    show(account, stoppedEvent({ id: 'b', stoppedReason: text, at: '2026-03-01T11:02:00Z' }))
    show(account, stoppedEvent({ id: 'c', stoppedReason: other, at: '2026-03-01T11:03:00Z' }))
    await invoke(account, impaired)
    expect(held(account)).toEqual([
      ['FAILED', 'ACTIVE', '2026-03-01T11:02:00.000Z'],
      ['FAILED', 'ACTIVE', '2026-03-01T11:03:00.000Z'],
    ])
  })

  it('is the same finding as that of the task', async () => {
    account.images.set('app', [])
    const event = show(account, stoppedEvent({ stoppedReason: text }))
    await invoke(account, event)
    await invoke(account, impaired)
    expect(account.hub.size).toBe(1)
  })

  it('is judged by what ECS says of the service when no task is shown any more', async () => {
    account.images.set('app', [])
    const message = `(service web) was unable to place a task. Reason: ${text}`
    account.fake.state.ecs.services[0].events = [{ id: '1', message, createdAt: seconds('2026-03-01T11:09:00Z') }]
    await invoke(account, impaired)
    expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:09:00.000Z']])
  })

  it('writes nothing when its tasks stopped for other reasons', async () => {
    show(account, stoppedEvent({ stoppedReason: 'Essential container in task exited' }))
    await invoke(account, impaired)
    expect(writes(account)).toBe(0)
  })

  it('is a warning that names the call when nobody may read why', async () => {
    account.fake.state.plan = (operation) =>
      operation === 'ListTasks' ? { error: 'AccessDeniedException' } : undefined
    await invoke(account, impaired)
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:10:00.000Z']])
    expect([...account.hub.values()][0].Description).toBe(
      'ECS says that tasks of service web do not start. Why could not be read: ecs:ListTasks failed with AccessDeniedException.',
    )
  })
})
