import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ForeignRepositories } from '../../../shared/live/foreign-repositories.ts'
import { type Hub, hubOf } from '../../../shared/live/hub.ts'
import { readingOf } from '../../sources/organizations/organization.ts'
import { publishedText } from '../../sources/published/organization.ts'
import { fakeOrganization } from '../../support/fake-aws/organizations.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'
import { policy, role } from '../config-rule/role-scenario.ts'
import {
  account as accountId,
  held,
  invoke,
  type PullAccount,
  registry,
  runningTask,
  show,
  startPullAccount,
  steadyEvent,
  stoppedEvent,
  writes,
} from './scenario.ts'

const hour = 3_600_000
const start = Date.parse('2026-03-01T11:00:00.000Z')
const refused =
  'CannotPullContainerError: User: arn:aws:sts::111122223333:assumed-role/puller/x is not authorized to perform: ecr:BatchGetImage on resource: app with an explicit deny in a service control policy'
const gremlins = 'CannotPullContainerError: gremlins'
const deny = { Effect: 'Deny', Action: 'ecr:BatchGetImage', Resource: '*' }

let account: PullAccount
let s3: FakeS3
let variables: Record<string, string>
let hub: Hub
beforeEach(async () => {
  ;[account, s3] = await Promise.all([startPullAccount(), startFakeS3()])
  variables = {
    ...{ PULLPATH_HUB_BUCKET: s3.bucket, PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_HUB_ACCOUNT: s3.ownerId },
  }
  hub = hubOf(
    () => variables,
    () => s3.client(),
  )
  // The hub publishes some before its members are deployed.
  s3.put('hub/settings.json', '{}')
})
afterEach(() => Promise.all([account.fake.close(), s3.close()]))

/** Publishes the organization of the account, with a guardrail on it when there is one. */
async function publish(statement?: object, collectedAt = start, type = 'SERVICE_CONTROL_POLICY'): Promise<void> {
  const organization = fakeOrganization(s3.ownerId)
  organization.accounts.push({ id: accountId, parent: 'r-1abc' })
  organization.policyTypes = [
    { Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' },
    { Type: 'RESOURCE_CONTROL_POLICY', Status: 'ENABLED' },
  ]
  const content = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  if (statement !== undefined)
    organization.policies.push({ id: 'p-deny', name: 'no pulls', type, content, targets: [accountId] })
  s3.put('hub/organization.json', publishedText(await readingOf(organization), new Date(collectedAt).toISOString()))
}

const event = (stoppedReason = refused, id = 'a', at = '2026-03-01T11:00:00Z') =>
  show(account, stoppedEvent({ id, at, stoppedReason }))
const run = (it: unknown = event()) => invoke(account, it, { variables, hub })
const only = () => {
  const [finding, ...more] = [...account.hub.values()]
  expect(more).toEqual([])
  return finding
}
const texts = () => JSON.stringify(only())

describe('the organization that the hub has published', () => {
  it.each([
    ['service', 'SERVICE_CONTROL_POLICY', deny],
    ['resource', 'RESOURCE_CONTROL_POLICY', { ...deny, Principal: '*' }],
  ])('proves an error with its %s control policy', async (_, type, statement) => {
    await publish(statement, start, type)
    await run()
    expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
    expect(only().Description).toContain(`service web cannot pull ${registry}/app:1: guardrails: `)
    expect(texts()).toContain('no pulls')
  })

  it('takes the assumption about guardrails away when none forbids it', async () => {
    await publish()
    await run(event(gremlins))
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
    expect(texts()).not.toContain('assumes that no service control policy')
  })

  it.each([
    [
      'none is published',
      async () => undefined,
      'the published organization could not be read: s3:GetObject of hub/organization.json failed with AccessDenied (not published yet, or not readable)',
    ],
    [
      'it is too old',
      () => publish(deny, start - 73 * hour),
      'the published organization is 73 hours old, older than the 72 hours in settings',
    ],
  ])('is an assumption that says why when %s', async (_, prepare, reason) => {
    await prepare()
    await run()
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
    const said = Object.values(only().ProductFields)
    for (const kind of ['service', 'resource'])
      expect(said).toContainEqual(
        expect.stringContaining(`assumes that no ${kind} control policy binding account ${accountId} denies it (`),
      )
    expect(said).toContain(`missing fact: ${reason}`)
  })

  it('may be as old as settings allow', async () => {
    s3.put('hub/settings.json', '{"organizationFacts":{"maxAge":73}}')
    await publish(deny, start - 72 * hour)
    await run()
    expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  })

  it('keeps a finding open when a task pulled and a policy stands against the next', async () => {
    await publish()
    await run()
    await publish(deny)
    hub = hubOf(
      () => variables,
      () => s3.client(),
    )
    account.tasks.push(runningTask('c', '2026-03-01T11:08:00Z'))
    await run(steadyEvent())
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  })

  it('writes nothing and fails while it cannot be read just now and there is no copy', async () => {
    await hub.settled(
      { settingsText: '', organizationId: undefined, trustedAccounts: [], securityHub: true, ownRole: undefined },
      { accountId, region: 'eu-central-1', readAt: '2026-03-01T11:29:59.000Z' },
      [],
      [],
    )
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    await expect(run()).rejects.toThrow('s3:GetObject of hub/organization.json failed with SlowDown')
    expect(account.hub.size).toBe(0)
  })
})

describe('the settings of the hub', () => {
  it('decide instead of those in the environment', async () => {
    account.images.set('app', [])
    const of = (owner: string) =>
      JSON.stringify({
        exceptions: [{ rule: 'image-pull-path', account: accountId, reason: 'known', owner, expires: '2026-06-30' }],
      })
    variables = { ...variables, PULLPATH_SETTINGS: of('nobody') }
    s3.put('hub/settings.json', of('team-a'))
    await run()
    expect(only().ProductFields['pullpath/exception/owner']).toBe('team-a')
  })

  const denied = () => {
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
  }
  it.each([
    ['may not be read', denied, 'AccessDenied'],
    ['are not published yet', () => void s3.objects.clear(), 'not published yet, or not readable'],
    ['are not valid', () => s3.put('hub/settings.json', '{"nonsense":1}'), 'nonsense: unknown key'],
  ])('that %s fail the invocation before anything is looked at or written', async (_, prepare, message) => {
    prepare()
    const stopped = event()
    await expect(run(stopped)).rejects.toThrow('the settings of the hub could not be read')
    await expect(run(stopped)).rejects.toThrow(message)
    expect(account.fake.calls).toEqual([])
    expect(account.hub.size).toBe(0)
  })

  it('are not asked for by events that change nothing', async () => {
    await run(event('Essential container in task exited'))
    expect(s3.calls).toEqual([])
  })

  it('are read once for many events', async () => {
    for (let n = 0; n < 5; n++) await run(steadyEvent())
    expect(s3.calls).toEqual(['GetObject hub/settings.json'])
    expect(writes(account)).toBe(0)
  })
})

describe('settings without a hub', () => {
  const own = (settings: object) => ({ PULLPATH_SETTINGS: JSON.stringify(settings) })

  it('say which endpoints are central: the trace goes by them, and says so', async () => {
    const { ec2 } = account.fake.state
    ec2.vpcEndpoints.splice(
      ec2.vpcEndpoints.findIndex(({ vpcEndpointId }: { vpcEndpointId: string }) => vpcEndpointId === 'vpce-ecr-dkr'),
      1,
    )
    ec2.routeTables[0].routeSet.push({
      ...{ destinationCidrBlock: '10.0.0.0/8', transitGatewayId: 'tgw-1', state: 'active' },
    })
    const network = { centralEndpoints: [{ vpcs: ['vpc-1'], services: ['ecr.dkr'], note: 'network account' }] }
    await invoke(account, event(gremlins))
    expect(texts()).not.toContain('network account')
    await invoke(account, event(gremlins, 'b', '2026-03-01T11:01:00Z'), { variables: own({ network }) })
    expect(only().Compliance.Status).toBe('WARNING')
    expect(texts()).toContain(
      'assumes, as the settings state, that central endpoints for ecr.dkr can be reached (network account)',
    )
  })

  it.each([
    [own({ nonsense: 1 }), 'PULLPATH_SETTINGS: nonsense: unknown key'],
    [
      own({
        exceptions: [{ rule: 'pull-failure', account: accountId, reason: 'x', owner: 'x', expires: '2026-06-30' }],
      }),
      'exceptions.0.rule: unknown rule id',
    ],
    [{ PULLPATH_TRUSTED_ACCOUNTS: '12' }, 'environment variable PULLPATH_TRUSTED_ACCOUNTS: expected account ids'],
    [{ PULLPATH_ORGANIZATION_ID: 'x' }, 'environment variable PULLPATH_ORGANIZATION_ID: expected an organization id'],
    [{ PULLPATH_SECURITY_HUB: 'maybe' }, 'environment variable PULLPATH_SECURITY_HUB: '],
    [{ PULLPATH_HUB_BUCKET: 'Not A Bucket' }, 'environment variable PULLPATH_HUB_BUCKET: '],
  ])('%j is refused by name, before anything is looked at', async (wrong, message) => {
    variables = wrong
    await expect(run()).rejects.toThrow(message)
    expect(account.fake.calls).toEqual([])
  })

  it('of rules that others serve are passed over', async () => {
    const rules = { 'image-pull-path': { enabled: false }, 'ecr-repository-scanned': { severity: 'LOW' } }
    await invoke(account, event(gremlins), { variables: own({ rules }) })
    expect(held(account)).toEqual([['WARNING', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
  })
})

describe('repositories of other registries', () => {
  const image = '444455556666.dkr.ecr.eu-central-1.amazonaws.com/base:1'
  const containerDefinitions = [{ name: 'main', image, essential: true }]
  beforeEach(() => {
    const pulls = { Effect: 'Allow', Action: 'ecr:*', Resource: '*' }
    account.fake.state.iam.roles.splice(0, 9, role('puller', policy(pulls)))
    account.fake.state.ecs.taskDefinitions[0] = { ...account.fake.state.ecs.taskDefinitions[0], containerDefinitions }
  })

  it('are asked for by what the task definition names', async () => {
    const asked: unknown[] = []
    const foreign: ForeignRepositories = {
      alongside: async (_, types, { items }) => {
        asked.push([types, items.some((item) => JSON.stringify(item).includes(image))])
        const reason = 'config:SelectAggregateResourceConfig failed with AccessDeniedException'
        const gap = { resourceType: 'AWS::ECR::Repository', reason, transience: 'lasting' as const }
        return { items: [], coverage: [], gaps: [gap] }
      },
    }
    await invoke(account, event(gremlins), { foreign })
    expect(asked).toEqual([[['AWS::ECR::Repository'], true]])
    expect(only().Compliance.Status).toBe('WARNING')
    expect(only().Description).toContain('config:SelectAggregateResourceConfig failed with AccessDeniedException')
  })

  it('leave the verdict open where they are not looked up', async () => {
    await invoke(account, event(gremlins))
    expect(only().Compliance.Status).toBe('WARNING')
    expect(only().Description).toContain('444455556666')
  })
})
