import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digest, eventOf, held, invoke, type PullAccount, seconds, startPullAccount, writes } from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
})
afterEach(() => account.fake.close())

const failedReplication = eventOf('ecr-replication-failed')
const replicated = eventOf('ecr-replication-failed', { result: 'SUCCESS' }, { time: '2026-03-01T11:10:00Z' })
const failedSync = eventOf('ecr-pull-through-failed')
const later = { imageDigest: digest, imageTags: ['3'], imagePushedAt: seconds('2026-03-01T11:09:00Z') }
const synced = eventOf(
  'ecr-pull-through-failed',
  { 'sync-status': 'SUCCESS', 'image-digest': digest, 'failure-code': undefined, 'failure-reason': undefined },
  { time: '2026-03-01T11:10:00Z' },
)
const cacheRule = (more: object = {}) => ({
  ecrRepositoryPrefix: 'docker-hub',
  upstreamRegistryUrl: 'registry-1.docker.io',
  upstreamRegistry: 'docker-hub',
  ...more,
})
const credentialArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf'

it('an image that was not replicated is a failure when the registry does not hold it', async () => {
  account.images.set('app', [])
  await invoke(account, failedReplication)
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  const [finding] = [...account.hub.values()]
  expect(finding.Resources[0].Id).toBe('arn:aws:ecr:eu-central-1:111122223333:repository/app')
  expect(finding.Description).toBe(
    `The image ${digest} of account 444455556666 in us-west-2 is not in app: ECR reports that its replication failed, and the registry does not hold it.`,
  )
  expect(finding.Remediation.Recommendation.Text).toContain('Let account 444455556666 ecr:ReplicateImage')
})

it('a replication into a repository that does not exist is a failure too', async () => {
  account.fake.state.repositories.clear()
  await invoke(account, failedReplication)
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
})

it('a replication that failed and then arrived needs no finding', async () => {
  await invoke(account, failedReplication)
  expect(writes(account)).toBe(0)
})

it('an image that arrives resolves its own finding, and no other image does', async () => {
  const other = `sha256:${'b'.repeat(64)}`
  account.images.set('app', [])
  await invoke(account, failedReplication)
  account.images.set('app', [{ ...later, imageDigest: other }])
  await invoke(account, eventOf('ecr-replication-failed', { result: 'SUCCESS', 'image-digest': other }))
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  account.images.set('app', [later])
  await invoke(account, replicated)
  expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:09:00.000Z']])
})

it('A8 a forged success resolves nothing while the image is missing', async () => {
  account.images.set('app', [])
  await invoke(account, failedReplication)
  await invoke(account, replicated)
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
})

it('a replication whose image nobody may look at is a warning that names the call', async () => {
  account.fake.state.plan = (operation) =>
    operation === 'DescribeImages' ? { error: 'AccessDeniedException' } : undefined
  await invoke(account, failedReplication)
  expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  expect([...account.hub.values()][0].Description).toContain('ecr:DescribeImages failed with AccessDeniedException')
})

it('a cache rule without the login its upstream asks for is a failure', async () => {
  account.fake.state.cacheRules = [cacheRule()]
  await invoke(account, failedSync)
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  const [finding] = [...account.hub.values()]
  expect(finding.Description).toBe(
    'The pull-through cache cannot fetch docker-hub/alpine: the cache rule docker-hub has no credential for registry-1.docker.io. The event says: UpstreamAccessDenied: The upstream registry refused the login of the cache rule.',
  )
  expect(finding.Remediation.Recommendation.Text).toContain('ecr-pullthroughcache/')
})

it('a cache rule that looks right is a warning that repeats what ECR said', async () => {
  account.fake.state.cacheRules = [cacheRule({ credentialArn })]
  await invoke(account, failedSync)
  expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  expect([...account.hub.values()][0].Description).toContain('UpstreamAccessDenied: The upstream registry refused')
})

it('a cache rule that is gone needs no finding, and archives the one there is', async () => {
  await invoke(account, failedSync)
  expect(writes(account)).toBe(0)
  account.fake.state.cacheRules = [cacheRule()]
  await invoke(account, failedSync)
  account.fake.state.cacheRules = []
  await invoke(account, failedSync)
  expect(held(account)).toEqual([['PASSED', 'ARCHIVED', '2026-03-01T11:30:00.000Z']])
})

const failedAt = '2026-03-01T11:00:00.000Z'
const dayAfter = '2026-03-02T11:00:00Z'
const earlier = { ...later, imagePushedAt: seconds('2026-02-01T10:00:00Z') }
const pulled = (at: string) => ({ ...earlier, lastRecordedPullTime: seconds(at) })

describe('after a failed sync', () => {
  beforeEach(async () => {
    account.fake.state.repositories.set('docker-hub/alpine', undefined)
    account.fake.state.cacheRules = [cacheRule({ credentialArn })]
    await invoke(account, failedSync)
  })
  const sync = async (image: object | undefined, event: unknown = synced) => {
    account.images.set('docker-hub/alpine', image === undefined ? [] : [image])
    await invoke(account, event, { now: '2026-03-03T00:00:00.000Z' })
  }
  const open = [['WARNING', 'ACTIVE', failedAt]]

  it('an image that came since resolves it', async () => {
    await sync(later)
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-01T11:09:00.000Z']])
  })

  it('an image that was there before and was pulled a day after the error resolves it, at the time of that pull', async () => {
    await sync(pulled(dayAfter))
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-02T11:00:00.000Z']])
    const [finding] = [...account.hub.values()]
    expect(finding.Description).toBe(
      `The image ${digest} of docker-hub/alpine was pulled at 2026-03-02T11:00:00.000Z, a day or more after the error of ${failedAt}: for such a pull ECR asks the upstream again, and it has told of no other failure.`,
    )
    expect(finding.ProductFields['pullpath/assumption/1']).toBe(
      'assumes that ECR would have told of another failure: it sends its events as well as it can',
    )
  })

  it.each([
    ['that nobody pulled', earlier],
    ['that was pulled before the error', pulled('2026-03-01T10:00:00Z')],
    ['that was pulled less than a day after the error', pulled('2026-03-02T10:59:59Z')],
    ['that is not there', undefined],
  ])('A8 success by an image %s proves nothing', async (_, image) => {
    await sync(image)
    expect(held(account)).toEqual(open)
  })

  it('the day is counted from the newest error', async () => {
    await invoke(account, { ...failedSync, time: '2026-03-01T11:20:00Z' })
    await sync(pulled(dayAfter))
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:20:00.000Z']])
    await sync(pulled('2026-03-02T11:20:00Z'))
    expect(held(account)).toEqual([['PASSED', 'ACTIVE', '2026-03-02T11:20:00.000Z']])
  })

  it('a later error opens it again', async () => {
    await sync(pulled(dayAfter))
    await invoke(account, { ...failedSync, time: '2026-03-02T12:00:00Z' }, { now: '2026-03-02T12:01:00.000Z' })
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-02T12:00:00.000Z']])
  })

  it('a pull does not resolve what the cache rule still breaks', async () => {
    account.fake.state.cacheRules = [cacheRule()]
    await sync(pulled(dayAfter))
    expect(held(account)).toEqual(open)
  })

  it('a pull does not resolve it while nobody may read the cache rule', async () => {
    account.fake.state.plan = (operation) =>
      operation === 'DescribePullThroughCacheRules' ? { error: 'AccessDeniedException' } : undefined
    await sync(pulled(dayAfter))
    expect(held(account)).toEqual(open)
  })

  it('a cache rule that is gone by then archives it', async () => {
    account.fake.state.cacheRules = []
    await sync(pulled(dayAfter))
    expect(held(account)).toEqual([['PASSED', 'ARCHIVED', '2026-03-03T00:00:00.000Z']])
  })

  it('a sync status that is not known changes nothing, asks nothing and is said in the log', async () => {
    const logged: unknown[] = []
    const before = account.fake.calls.length
    const none = { 'failure-code': undefined, 'failure-reason': undefined }
    const event = eventOf('ecr-pull-through-failed', { ...none, 'sync-status': 'SCHEDULED\u202e' }, { time: dayAfter })
    await invoke(account, event, { now: '2026-03-03T00:00:00.000Z', info: (...line) => void logged.push(line) })
    expect(held(account)).toEqual(open)
    expect(account.fake.calls.slice(before)).toEqual([])
    expect(logged).toEqual([['ignored', { reason: 'a sync status that is not known', status: 'SCHEDULED' }]])
  })
})

it.each([
  ['DescribePullThroughCacheRules', failedSync],
  ['DescribeImages', failedReplication],
])('while %s is throttled nothing is written and the event is tried again', async (throttled, event) => {
  account.fake.state.plan = (operation) => (operation === throttled ? { error: 'ThrottlingException' } : undefined)
  await expect(invoke(account, event)).rejects.toThrow('failed with ThrottlingException')
  expect(writes(account)).toBe(0)
})
