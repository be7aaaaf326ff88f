import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, hubOf } from '../../shared/live/hub.ts'
import { roleSources } from '../../shared/live/sources/role-sources.ts'
import { rules } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import {
  changeOf,
  definitionItem,
  pullPolicy,
  role,
  sweepOf,
  taskDefinition,
} from '../lambdas/config-rule/role-scenario.ts'
import { invoke } from '../lambdas/config-rule/scenario.ts'
import { readingOf } from '../sources/organizations/organization.ts'
import { publishedText } from '../sources/published/organization.ts'
import { clientsAt } from '../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { fakeOrganization } from '../support/fake-aws/organizations.ts'
import { type FakeS3, startFakeS3 } from '../support/fake-aws/s3.ts'

const account = '111122223333'
const region = 'eu-central-1'
const canPull = 'ecs-execution-role-can-pull'
const hour = 3_600_000
const start = Date.parse('2026-03-01T12:00:00.000Z')

let aws: FakeAws
let s3: FakeS3
let variables: Record<string, string>
let hub: Hub
beforeEach(async () => {
  ;[aws, s3] = await Promise.all([startFakeAws(), startFakeS3()])
  aws.state.repositories.set('app', undefined)
  aws.state.iam.roles.push(role('puller', pullPolicy('app')), role('auditor', undefined))
  aws.state.ecs.taskDefinitions.push(taskDefinition('web:1'))
  variables = {
    ...{ PULLPATH_HUB_BUCKET: s3.bucket, PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_HUB_ACCOUNT: s3.ownerId },
  }
  hub = newHub()
})
afterEach(() => Promise.all([aws.close(), s3.close()]))

const newHub = () =>
  hubOf(
    () => variables,
    () => s3.client(),
  )

/** Publishes the organization of the account, with a guardrail on it when there is one. */
async function publish(statement?: object, collectedAt = start): Promise<void> {
  const organization = fakeOrganization(s3.ownerId)
  organization.accounts.push({ id: account, parent: 'r-1abc' })
  const content = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  if (statement !== undefined)
    organization.policies.push({ id: 'p-deny', name: 'no pulls', content, targets: [account] })
  s3.put('hub/organization.json', publishedText(await readingOf(organization), new Date(collectedAt).toISOString()))
}

const sources = () => [...hub.sources(), ...roleSources(clientsAt(aws.endpoint, region))]
const audit = (event: unknown = changeOf(canPull, definitionItem('web:1'))) =>
  invoke(aws, event, { rules, sources: sources(), ownRole: 'auditor' })
const told = () =>
  aws.evaluations
    .filter((one) => one.ComplianceResourceType === 'AWS::ECS::TaskDefinition')
    .map((one) => `${one.ComplianceType} ${one.Annotation ?? ''}`)
const deny = { Effect: 'Deny', Action: 'ecr:BatchGetImage', Resource: '*' }

describe('a member of an organization', () => {
  it.each([
    ['a change', () => changeOf(canPull, definitionItem('web:1'))],
    ['a sweep', () => sweepOf(canPull)],
  ])('judges %s by the guardrails that the hub has published', async (_, event) => {
    await publish(deny)
    await audit(event())
    expect(told()).toEqual([expect.stringMatching(/^NON_COMPLIANT .*no pulls/)])
  })

  it('passes without an assumption about guardrails when none forbids it', async () => {
    await publish()
    await audit()
    expect(told()).toEqual([expect.stringMatching(/^COMPLIANT /)])
    expect(JSON.stringify([...aws.findings.values()])).not.toContain('assumes that no service control policy')
  })

  it('says undetermined when the hub has published nothing', async () => {
    await audit()
    expect(told()).toEqual([
      expect.stringMatching(/^NON_COMPLIANT Undetermined: the hub has published no organization/),
    ])
  })

  it('says undetermined, with its age, when what the hub has published is too old', async () => {
    await publish(undefined, start - 73 * hour)
    await audit()
    expect(told()).toEqual([
      expect.stringMatching(
        /^NON_COMPLIANT Undetermined: the published organization is 73 hours old, older than the 72 hours in settings/,
      ),
    ])
  })

  it('writes nothing and fails while the hub cannot be reached and there is no copy', async () => {
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    await expect(audit()).rejects.toThrow('s3:GetObject of hub/organization.json failed with SlowDown')
    expect(aws.evaluations).toEqual([])
    expect(aws.findings.size).toBe(0)
  })

  it('says undetermined with the denied call when it may not read', async () => {
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
    await audit()
    expect(told()).toEqual([expect.stringContaining('s3:GetObject of hub/organization.json failed with AccessDenied')])
    expect(told()[0]).toMatch(/^NON_COMPLIANT Undetermined:/)
  })

  it('still finds what is bad without the organization', async () => {
    aws.state.iam.roles.splice(0, 1, role('puller', pullPolicy('other')))
    await audit()
    expect(told()).toEqual([expect.stringMatching(/^NON_COMPLIANT (?!Undetermined)/)])
  })

  it('without a hub is as it was: a verdict with the assumption named', async () => {
    variables = {}
    hub = newHub()
    expect(hub.sources()).toEqual([])
    await audit()
    expect(told()).toEqual([expect.stringMatching(/^COMPLIANT /)])
    expect(JSON.stringify([...aws.findings.values()])).toContain('assumes that no service control policy')
    expect(s3.calls).toEqual([])
  })

  it('does not ask the hub for rules that look at no organization', async () => {
    await audit(changeOf('ecr-repository-not-public', { resourceType: 'AWS::ECR::Repository', resourceId: 'app' }))
    expect(s3.calls).toEqual([])
  })
})

describe('the settings of a member', () => {
  const reader = (at = start) => ({ accountId: account, region, readAt: new Date(at).toISOString() })
  const ids = rules.map(({ id }) => id)
  const own = readEnvironment({ PULLPATH_SETTINGS: '{"undetermined":"leave"}' })
  const settled = (at = start) => hub.settled(own, reader(at), rules, ids)

  it("are the hub's", async () => {
    s3.put('hub/settings.json', '{"undetermined":"report"}')
    expect((await settled()).settingsText).toBe('{"undetermined":"report"}')
  })

  it('are its own while the hub has published none, and without a hub', async () => {
    expect(await settled()).toEqual(own)
    variables = {}
    expect(await settled()).toEqual(own)
  })

  it('are nobody else’s when the hub’s cannot be read or are not valid: the invocation fails', async () => {
    s3.put('hub/settings.json', '{"nonsense":1}')
    await expect(settled()).rejects.toThrow(
      'the settings of the hub could not be read: hub/settings.json: settings.json: nonsense: unknown key',
    )
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
    await expect(settled()).rejects.toThrow('s3:GetObject of hub/settings.json failed with AccessDenied')
  })

  it('say how old the organization may be', async () => {
    await publish(undefined, start - 73 * hour)
    s3.put('hub/settings.json', '{"organizationFacts":{"maxAge":73}}')
    await settled()
    await audit()
    expect(told()).toEqual([expect.stringMatching(/^COMPLIANT /)])
  })

  it('D9 a warm process follows new settings and forgets the old ones', async () => {
    s3.now = () => start
    s3.put('hub/settings.json', '{"organizationFacts":{"maxAge":1000}}')
    await settled()
    s3.now = () => start + hour
    s3.put('hub/settings.json', '{"undetermined":"report"}')
    expect((await settled(start + hour)).settingsText).toBe('{"undetermined":"report"}')
    await publish(undefined, start - 73 * hour)
    await audit()
    expect(told()[0]).toMatch(/Undetermined: the published organization is 73 hours old/)
  })
})

describe('a function of the deployment', () => {
  const run = (event: unknown = changeOf(canPull, definitionItem('web:1'))) =>
    invoke(aws, event, {
      ...{ rules, hub, ownRole: 'auditor' },
      sources: roleSources(clientsAt(aws.endpoint, region)),
    })

  it('judges by the settings and the guardrails that the hub has published', async () => {
    await publish(deny)
    const owned = { rule: canPull, account, reason: 'planned', owner: 'team-a', expires: '2026-06-30' }
    s3.put('hub/settings.json', JSON.stringify({ exceptions: [owned] }))
    await run()
    expect(told()).toEqual([expect.stringMatching(/^COMPLIANT Exception until 2026-06-30:/)])
  })

  it('writes nothing and fails when the settings cannot be read', async () => {
    await publish()
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
    await expect(run()).rejects.toThrow('the settings of the hub could not be read')
    expect(aws.evaluations).toEqual([])
  })
})

describe('the environment', () => {
  it.each([
    [{ PULLPATH_HUB_BUCKET: 'Not A Bucket' }, 'PULLPATH_HUB_BUCKET'],
    [{ PULLPATH_HUB_PREFIX: 'hub' }, 'PULLPATH_HUB_PREFIX'],
    [{ PULLPATH_HUB_ACCOUNT: '12' }, 'PULLPATH_HUB_ACCOUNT'],
    [{ PULLPATH_HUB_ACCOUNT: '' }, 'PULLPATH_HUB_ACCOUNT'],
    [{ PULLPATH_HUB_REGION: 'here' }, 'PULLPATH_HUB_REGION'],
  ])('with %j is refused by name', (wrong, name) => {
    Object.assign(variables, wrong)
    expect(() => hub.sources()).toThrow(`environment variable ${name}`)
  })
})
