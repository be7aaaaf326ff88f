import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rules } from '../../../shared/rules/index.ts'
import type { MetricName } from '../../../shared/runtime/metrics.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeS3, startFakeS3 } from '../../support/fake-aws/s3.ts'
import { role } from './role-scenario.ts'
import { closedPolicy, type InvokeOptions, invoke, openPolicy, scheduledEvent } from './scenario.ts'

const account = '111122223333'
const designated = 'ecr-pull-through-cache-restricted'
const key = `pullpath/heartbeats/${account}/eu-central-1/ecr.json`

let fake: FakeAws
let s3: FakeS3
let counted: MetricName[]
let warned: object[]
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  s3 = await startFakeS3()
  counted = []
  warned = []
  fake.state.repositories.set('secret-name', openPolicy).set('b', closedPolicy)
})
afterEach(async () => {
  await fake.close()
  await s3.close()
})

const hub = () => ({
  ...{ PULLPATH_HUB_BUCKET: s3.bucket, PULLPATH_HUB_PREFIX: 'pullpath/', PULLPATH_HUB_ACCOUNT: s3.ownerId },
  PULLPATH_HUB_REGION: 'us-east-1',
})
const regions: string[] = []
function sweep(ruleId: string, environment: Record<string, string> = hub(), options: InvokeOptions = {}) {
  regions.length = 0
  const event = { ...scheduledEvent(), ruleParameters: JSON.stringify({ ruleId }) }
  return invoke(fake, event, {
    ...{ rules, environment, ownRole: 'auditor', count: (name: MetricName) => void counted.push(name) },
    s3: (region) => {
      regions.push(region)
      return s3.client()
    },
    warn: (_message, fields) => void warned.push(fields),
    functionArn: `arn:aws:lambda:eu-central-1:${account}:function:pullpath-ecr-policy-auditor`,
    ...options,
  })
}

describe('the heartbeat of a function in the bucket of the hub', () => {
  it('is written at the end of the sweep of one rule, and names no resource', async () => {
    await sweep(designated)
    expect([...s3.objects.keys()]).toEqual([key])
    expect(JSON.parse(s3.text(key) ?? '')).toEqual({
      ...{ schemaVersion: 1, accountId: account, region: 'eu-central-1', area: 'ecr', rule: designated },
      ...{ function: 'pullpath-ecr-policy-auditor', endedAt: '2026-03-01T12:00:00.000Z', judged: 0, undetermined: 0 },
    })
    expect(s3.objects.get(key)?.[0]?.contentType).toBe('application/json')
    expect(regions).toEqual(['us-east-1'])
    expect(counted).not.toContain('HubHeartbeatFailed')
  })

  it('takes the place of the one before', async () => {
    await sweep(designated)
    await sweep(designated)
    expect(s3.calls).toEqual([`PutObject ${key}`, `PutObject ${key}`])
  })

  it('is not written by the sweep of another rule, nor without a hub', async () => {
    await sweep('ecr-repository-not-public')
    await sweep(designated, {})
    expect(s3.calls).toEqual([])
    expect(warned).toEqual([])
  })

  it.each([
    [
      'where settings switch the first off',
      { PULLPATH_SETTINGS: JSON.stringify({ rules: { [designated]: { enabled: false } } }) },
    ],
    ['where the deployment has another', { PULLPATH_RULES: 'ecr-repository-not-public' }],
  ])('is that of the next rule %s', async (_name, more) => {
    await sweep(designated, { ...hub(), ...more })
    expect(s3.calls).toEqual([])
    await sweep('ecr-repository-not-public', { ...hub(), ...more })
    const rule = rules.find(({ id, area, defaultEnabled }) => area === 'ecr' && defaultEnabled && id !== designated)?.id
    const expected = 'PULLPATH_RULES' in more ? 'ecr-repository-not-public' : rule
    if (s3.calls.length === 0) await sweep(expected ?? '', { ...hub(), ...more })
    expect(JSON.parse(s3.text(key) ?? '').rule).toBe(expected)
  })

  it('in a region that is not home is that of a rule that exists there', async () => {
    const away = { ...hub(), PULLPATH_HOME_REGION: 'us-east-1' }
    fake.state.iam.roles.push(role('auditor', undefined))
    const roleKey = `pullpath/heartbeats/${account}/eu-central-1/role.json`
    await sweep('ecs-execution-role-can-pull', away)
    expect(JSON.parse(s3.text(roleKey) ?? '').rule).toBe('ecs-execution-role-can-pull')
    s3.objects.clear()
    // The first of these two is on roles, which only the home region has.
    const two = { PULLPATH_RULES: 'ecs-execution-role-least-privilege,ecs-roles-separate' }
    await sweep('ecs-execution-role-least-privilege', { ...away, ...two })
    expect(s3.objects.size).toBe(0)
    await sweep('ecs-roles-separate', { ...away, ...two })
    expect(JSON.parse(s3.text(roleKey) ?? '').rule).toBe('ecs-roles-separate')
    await sweep('ecs-execution-role-least-privilege', { ...hub(), ...two })
    expect(JSON.parse(s3.text(roleKey) ?? '').rule).toBe('ecs-execution-role-least-privilege')
  })

  it.each([
    ['is denied', { error: 'AccessDenied', status: 403 }, 1],
    ['fails every time', { error: 'InternalError', status: 500 }, 2],
    ['meets another write', { error: 'ConditionalRequestConflict', status: 409 }, 1],
  ])('that %s is logged and measured, and the sweep stands', async (_name, fault, calls) => {
    s3.plan = (operation) => (operation === 'PutObject' ? fault : undefined)
    await sweep(designated)
    expect(s3.calls).toHaveLength(calls)
    expect(counted.filter((name) => name === 'HubHeartbeatFailed')).toHaveLength(1)
    expect(counted).toContain('HeartbeatAge')
    expect(warned).toEqual([{ rule: designated, reason: expect.stringMatching(/^\w+$/) }])
    expect(fake.evaluations.at(-1).ComplianceResourceType).toBe('AWS::::Account')
  })

  it('that hangs does not keep the invocation', async () => {
    s3.plan = (operation) => (operation === 'PutObject' ? { hang: true } : undefined)
    const begun = performance.now()
    await sweep(designated, hub(), { remaining: () => 21_000 })
    expect(counted).toContain('HubHeartbeatFailed')
    expect(performance.now() - begun).toBeLessThan(12_000)
  }, 20_000)

  it('is refused by a bucket of another owner', async () => {
    await sweep(designated, { ...hub(), PULLPATH_HUB_ACCOUNT: '444455556666' })
    expect(s3.objects.size).toBe(0)
    expect(counted).toContain('HubHeartbeatFailed')
  })

  it('is missing after a sweep that did not come to its end', async () => {
    fake.state.plan = (operation) =>
      operation === 'PutEvaluations' ? { error: 'InternalException', status: 500 } : undefined
    await expect(sweep(designated)).rejects.toThrow()
    expect(s3.calls).toEqual([])
  })

  it('says how much could not be judged', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribePullThroughCacheRules' ? { error: 'AccessDeniedException', status: 400 } : undefined
    await sweep(designated)
    expect(JSON.parse(s3.text(key) ?? '')).toMatchObject({ judged: 0, undetermined: 1 })
  })
})
