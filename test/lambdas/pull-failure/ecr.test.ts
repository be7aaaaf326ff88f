import { afterEach, beforeEach, expect, it } from 'vitest'
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

it.each([
  ['an image that came after the error resolves it', later, ['PASSED', 'ACTIVE', '2026-03-01T11:09:00.000Z']],
  [
    'A8 an image that was there before the error proves nothing',
    { ...later, imagePushedAt: seconds('2026-03-01T10:00:00Z') },
    ['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z'],
  ],
])('%s', async (_, image, expected) => {
  account.fake.state.repositories.set('docker-hub/alpine', undefined)
  account.fake.state.cacheRules = [cacheRule()]
  await invoke(account, failedSync)
  account.images.set('docker-hub/alpine', [image])
  await invoke(account, synced)
  expect(held(account)).toEqual([expected])
})

it.each([
  ['DescribePullThroughCacheRules', failedSync],
  ['DescribeImages', failedReplication],
])('while %s is throttled nothing is written and the event is tried again', async (throttled, event) => {
  account.fake.state.plan = (operation) => (operation === throttled ? { error: 'ThrottlingException' } : undefined)
  await expect(invoke(account, event)).rejects.toThrow('failed with ThrottlingException')
  expect(writes(account)).toBe(0)
})
