import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureId } from '../../../lambdas/pull-failure/finding.ts'
import { askedForTags, type FakeTags, serveTags, tagsFrom } from '../../support/fake-aws/tagging.ts'
import {
  digest,
  eventOf,
  held,
  invoke,
  type PullAccount,
  registry,
  runningTask,
  serviceArn,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
  writes,
} from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
  account.images.set('app', [])
})
afterEach(() => account.fake.close())

const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`
const stopped = (id = 'a', at = '2026-03-01T11:00:00Z') => stoppedEvent({ id, at, stoppedReason: text })
const web = {
  ...{ rule: 'image-pull-path', resource: serviceArn },
  ...{ reason: 'the image moves in April', owner: 'team-a@example.org', expires: '2026-06-30' },
}
const settingsWith = (...exceptions: readonly object[]) => ({ PULLPATH_SETTINGS: JSON.stringify({ exceptions }) })
const only = () => {
  const [finding, ...more] = [...account.hub.values()]
  expect(more).toEqual([])
  return finding
}
const mend = () => account.images.set('app', [{ imageDigest: digest, imageTags: ['1'], imagePushedAt: 1_772_000_000 }])

describe('an exception of image-pull-path', () => {
  it('covers the failed pulls of the service it names: passed, with who accepted it, why and until when', async () => {
    await invoke(account, show(account, stopped()), { variables: settingsWith(web) })
    const finding = only()
    expect(finding.Compliance.Status).toBe('PASSED')
    expect(finding.Compliance.StatusReasons).toEqual([
      {
        ReasonCode: 'PULLPATH_EXCEPTION',
        Description: expect.stringMatching(
          /^Exception until 2026-06-30: the image moves in April \(team-a@example\.org\); service web cannot pull /,
        ),
      },
    ])
    expect(finding.ProductFields).toMatchObject({
      'pullpath/rule': 'pull-failure',
      'pullpath/exception/owner': 'team-a@example.org',
      'pullpath/exception/expires': '2026-06-30',
      'pullpath/exception/reason': 'the image moves in April',
    })
    expect(finding.FindingProviderFields.Severity).toEqual({ Label: 'INFORMATIONAL', Original: 'HIGH' })
    expect(finding.Description).toMatch(/^service web cannot pull /)
  })

  it('leaves the finding its id and its generator', async () => {
    const ref = { type: 'AWS::ECS::Service', id: serviceArn, arn: serviceArn }
    const id = `pullpath/${failureId('image-state', { ...ref, accountId: '111122223333', region: 'eu-central-1' })}`
    await invoke(account, show(account, stopped()))
    expect([only().Id, only().GeneratorId]).toEqual([id, 'pullpath/pull-failure'])
    await invoke(account, show(account, stopped('b', '2026-03-01T11:05:00Z')), { variables: settingsWith(web) })
    expect([only().Id, only().GeneratorId]).toEqual([id, 'pullpath/pull-failure'])
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:05:00.000Z']])
  })

  it.each([
    ['by its start', { ...web, rule: 'image-*' }, 'PASSED'],
    ['by the account', { ...web, resource: undefined, account: '111122223333' }, 'PASSED'],
    ['by part of its name', { ...web, resource: 'arn:aws:ecs:*:111122223333:service/main/*' }, 'PASSED'],
    ['of another service', { ...web, resource: `${serviceArn}-2` }, 'FAILED'],
    ['of another account', { ...web, resource: undefined, account: '444455556666' }, 'FAILED'],
    ['of another rule', { ...web, rule: 'image-repository-exists' }, 'FAILED'],
    // None are read here.
    ['that asks for a tag', { ...web, account: '111122223333', tag: { key: 'stage', value: '*' } }, 'FAILED'],
    ['on its last day', { ...web, expires: '2026-03-01' }, 'PASSED'],
    ['that has expired', { ...web, expires: '2026-02-28' }, 'FAILED'],
    ['that ends later than one may', { ...web, expires: '2027-12-31' }, 'FAILED'],
  ])('%s: %j', async (_, exception, status) => {
    await invoke(account, show(account, stopped()), { variables: settingsWith(exception) })
    expect(held(account)).toEqual([[status, 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  })

  describe('that asks for a tag', () => {
    const tags: FakeTags = new Map()
    const byTag = { ...web, resource: undefined, account: '111122223333', tag: { key: 'stage', value: 'sandbox-*' } }
    const invokeTagged = (event: unknown, exception: object = byTag) =>
      invoke(account, event, { variables: settingsWith(exception), tags: tagsFrom(account.fake) })
    beforeEach(() => {
      tags.clear()
      serveTags(account.fake, tags)
    })

    it.each([
      ['covers the failed pulls of a service that carries it', { stage: 'sandbox-1' }, 'PASSED'],
      ['covers none of one that carries another', { stage: 'production' }, 'FAILED'],
      ['covers none of one that has lost it', {}, 'FAILED'],
    ])('%s', async (_, carried, status) => {
      tags.set(serviceArn, carried)
      await invokeTagged(show(account, stopped()))
      expect(held(account)).toEqual([[status, 'ACTIVE', '2026-03-01T11:00:00.000Z']])
      expect(askedForTags(account.fake)).toEqual([[serviceArn]])
    })

    it('covers none while tags are denied, and the finding says so', async () => {
      account.fake.state.plan = (operation) =>
        operation === 'GetResources' ? { error: 'AccessDeniedException' } : undefined
      await invokeTagged(show(account, stopped()))
      expect(only().Compliance.Status).toBe('FAILED')
      expect(JSON.stringify(only().ProductFields)).toContain('tag:GetResources failed with AccessDeniedException')
    })

    it('waits for tags that cannot be read just now: the event is tried again', async () => {
      tags.set(serviceArn, { stage: 'sandbox-1' })
      account.fake.state.plan = (operation) =>
        operation === 'GetResources' ? { error: 'ThrottledException' } : undefined
      const event = show(account, stopped())
      await expect(invokeTagged(event)).rejects.toThrow('tag:GetResources failed with ThrottledException')
      expect(held(account)).toEqual([])
      account.fake.state.plan = () => undefined
      await invokeTagged(event)
      expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
    })

    it('asks for none of a family of task definitions, which cannot carry tags', async () => {
      await invokeTagged(show(account, stoppedEvent({ stoppedReason: text, group: 'family:web' })))
      expect(only().Compliance.Status).toBe('FAILED')
      expect(askedForTags(account.fake)).toEqual([])
    })

    it('asks for none where no exception names one, or nothing is out of order', async () => {
      await invokeTagged(show(account, stopped()), web)
      await invokeTagged(steadyEvent())
      expect(askedForTags(account.fake)).toEqual([])
    })
  })

  it('stops to work on the next failure after it has expired', async () => {
    const variables = settingsWith({ ...web, expires: '2026-03-01' })
    await invoke(account, show(account, stopped()), { variables, now: '2026-03-01T23:59:59.999Z' })
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
    const next = show(account, stopped('b', '2026-03-01T23:59:58Z'))
    await invoke(account, next, { variables, now: '2026-03-02T00:00:00.000Z' })
    expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T23:59:58.000Z']])
    expect(only().ProductFields).not.toHaveProperty('pullpath/exception/owner')
  })

  it('does not accept what nobody could look at', async () => {
    account.fake.state.plan = (operation) =>
      operation === 'GetRole' ? { error: 'AccessDenied', status: 403 } : undefined
    mend()
    await invoke(account, show(account, stopped()), { variables: settingsWith(web) })
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  })

  it('ends with a pull that works: the finding passes by itself then', async () => {
    const variables = settingsWith(web)
    await invoke(account, show(account, stopped()), { variables })
    mend()
    account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
    await invoke(account, steadyEvent(), { variables })
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:08:00.000Z']])
    expect(only().Compliance.StatusReasons[0].ReasonCode).toBe('PULLPATH_COMPLIANT')
    await invoke(account, steadyEvent(), { variables })
    expect(writes(account)).toBe(2)
  })

  it('A8 a forged success does not turn what is accepted into what is mended', async () => {
    const variables = settingsWith(web)
    await invoke(account, show(account, stopped()), { variables })
    await invoke(account, steadyEvent('2026-03-01T11:29:00Z'), { variables })
    expect(only().Compliance.StatusReasons[0].ReasonCode).toBe('PULLPATH_EXCEPTION')
    expect(writes(account)).toBe(1)
  })

  it('of a service that is gone leaves nothing open', async () => {
    const variables = settingsWith(web)
    await invoke(account, show(account, stopped()), { variables })
    account.fake.state.ecs.services.splice(0)
    await invoke(account, steadyEvent(), { variables })
    expect(held(account)).toEqual([['PASSED', 'ARCHIVED', '2026-03-01T11:30:00.000Z']])
  })

  it('covers tasks that no service runs by their family', async () => {
    const family = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/web'
    const event = stoppedEvent({ stoppedReason: text, group: 'family:web' })
    await invoke(account, show(account, event), { variables: settingsWith({ ...web, resource: family }) })
    expect(only().Compliance.StatusReasons[0].ReasonCode).toBe('PULLPATH_EXCEPTION')
  })

  it('does not speak of replication', async () => {
    const variables = settingsWith({ ...web, resource: undefined, account: '111122223333' })
    await invoke(account, eventOf('ecr-replication-failed'), { variables })
    expect([...account.hub.values()].map((one) => one.Compliance.Status)).toEqual(['FAILED'])
  })

  it('speaks of the cache that pulls go through', async () => {
    account.fake.state.cacheRules = [
      {
        ...{ ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io' },
        ...{ upstreamRegistry: 'docker-hub' },
      },
    ]
    const variables = settingsWith({ ...web, resource: undefined, account: '111122223333' })
    await invoke(account, eventOf('ecr-pull-through-failed'), { variables })
    expect(only().Compliance.StatusReasons[0].ReasonCode).toBe('PULLPATH_EXCEPTION')
  })
})
