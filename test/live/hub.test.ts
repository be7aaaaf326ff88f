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
import {
  changeIn,
  networkItem,
  sightOf,
  startPullingAccount,
  sweepOfVpcs,
} from '../lambdas/config-rule/vpc-scenario.ts'
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
/** What a member is told of a file that is missing: it may not list the bucket. */
const missing = (name: string) =>
  `s3:GetObject of hub/${name} failed with AccessDenied (not published yet, or not readable)`
const unread = `Undetermined: the published organization could not be read: ${missing('organization.json')}`

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
async function publish(statement?: object, collectedAt = start, members: readonly string[] = []): Promise<void> {
  const organization = fakeOrganization(s3.ownerId)
  organization.accounts.push(...[account, ...members].map((id) => ({ id, parent: 'r-1abc' })))
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
    expect(told()).toEqual([expect.stringContaining(`NON_COMPLIANT ${unread}`)])
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
    await audit(changeOf('ecr-repository-tags-immutable', { resourceType: 'AWS::ECR::Repository', resourceId: 'app' }))
    expect(s3.calls).toEqual([])
  })
})

describe('a repository whose policy names another account', () => {
  const trusted = 'ecr-repository-access-trusted'
  const member = '222233334444'
  const settings = JSON.stringify({ trustedAccounts: ['555566667777'], ownAccounts: ['888899990000'] })
  const change = (ruleId: string) => changeOf(ruleId, { resourceType: 'AWS::ECR::Repository', resourceId: 'app' })
  const grant = (Principal: object | string, more: object = {}) => ({
    ...{ Effect: 'Allow', Principal, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], ...more },
  })
  const rootOf = (owner: string) => ({ AWS: `arn:aws:iam::${owner}:root` })
  const hold = (...Statement: object[]) =>
    aws.state.repositories.set('app', JSON.stringify({ Version: '2012-10-17', Statement }))
  const judged = async (event: unknown = change(trusted)) => {
    aws.evaluations.splice(0)
    await invoke(aws, event, { rules, settings, sources: sources(), ownRole: 'auditor' })
    return aws.evaluations
      .filter((one) => one.ComplianceResourceType === 'AWS::ECR::Repository')
      .map((one) => `${one.ComplianceType} ${one.Annotation ?? ''}`)
  }
  const nothingPublished = `NON_COMPLIANT ${unread}; Cannot be decided: whether 222233334444 belongs to the organization`

  it.each([
    ['a change', () => change(trusted)],
    ['a sweep', () => sweepOf(trusted)],
  ])('is fine by %s when the organization lists that account', async (_, event) => {
    hold(grant(rootOf(member)))
    await publish(undefined, start, [member])
    expect(await judged(event())).toEqual([expect.stringMatching(/^COMPLIANT No principal outside/)])
  })

  it.each([
    ['a change', () => change(trusted)],
    ['a sweep', () => sweepOf(trusted)],
  ])('is refused by %s when the organization does not', async (_, event) => {
    hold(grant(rootOf(member)))
    await publish()
    expect(await judged(event())).toEqual([expect.stringMatching(/^NON_COMPLIANT Statement 1 .* external account/)])
  })

  it.each([
    ['a change', () => change(trusted)],
    ['a sweep', () => sweepOf(trusted)],
  ])('is undetermined by %s while the hub has published nothing', async (_, event) => {
    hold(grant(rootOf(member)))
    expect(await judged(event())).toEqual([nothingPublished])
  })

  it('is undetermined when what the hub has published is too old, with its age', async () => {
    hold(grant(rootOf(member)))
    await publish(undefined, start - 73 * hour, [member])
    expect((await judged())[0]).toMatch(/^NON_COMPLIANT Undetermined: the published organization is 73 hours old/)
  })

  it('is undetermined with the denied call when that may not be read', async () => {
    hold(grant(rootOf(member)))
    s3.plan = () => ({ error: 'AccessDenied', status: 403 })
    expect((await judged())[0]).toMatch(
      /Undetermined: .*s3:GetObject of hub\/organization.json failed with AccessDenied/,
    )
  })

  it('is asked about again while the hub cannot be reached', async () => {
    hold(grant(rootOf(member)))
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    await expect(judged()).rejects.toThrow('s3:GetObject of hub/organization.json failed with SlowDown')
    expect(aws.evaluations).toEqual([])
  })

  it.each([
    ['the own account', account],
    ['an account of settings.ownAccounts', '888899990000'],
    ['an account of settings.trustedAccounts', '555566667777'],
  ])('needs no organization when it is %s', async (_, owner) => {
    hold(grant(rootOf(owner)))
    expect((await judged())[0]).toMatch(/^COMPLIANT /)
    s3.plan = () => ({ error: 'SlowDown', status: 503 })
    expect((await judged())[0]).toMatch(/^COMPLIANT /)
  })

  it('needs none either when there is no policy, or when it is open to everybody', async () => {
    aws.state.repositories.set('app', undefined)
    expect((await judged())[0]).toMatch(/^COMPLIANT /)
    hold(grant('*'))
    expect((await judged(change('ecr-repository-not-public')))[0]).toMatch(/^NON_COMPLIANT Statement 1/)
    hold(grant(rootOf(member)))
    expect((await judged(change('ecr-repository-not-public')))[0]).toMatch(/^COMPLIANT /)
    expect((await judged(change('ecr-repository-actions-least-privilege')))[0]).toMatch(/^COMPLIANT /)
    hold({ ...grant(rootOf(member)), Action: 'ecr:PutImage' })
    expect((await judged(change('ecr-repository-actions-least-privilege')))[0]).toMatch(/^NON_COMPLIANT Statement 1/)
  })

  it('is refused for a second account that anybody can tell is none of ours', async () => {
    hold(grant(rootOf(member)), grant('*', { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }))
    expect((await judged())[0]).toMatch(/^NON_COMPLIANT Statement 2/)
  })

  it('is undetermined too when a service acts for an account of which nobody knows whose it is', async () => {
    const bound = { Condition: { StringEquals: { 'aws:SourceAccount': member } } }
    hold(grant({ Service: 'sns.amazonaws.com' }, bound))
    const [said = ''] = await judged()
    expect(said).toContain(`${unread}; `)
    expect(said).toMatch(/; Cannot be decided: whether whom sns.amazonaws.com acts for belongs to the organ/)
    await publish(undefined, start, [member])
    hub = newHub()
    expect((await judged())[0]).toMatch(/^COMPLIANT /)
  })

  it("is judged by the organization's id without settings that state it", async () => {
    hold(grant('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } }))
    const [said = ''] = await judged()
    expect(said).toMatch(/^NON_COMPLIANT Undetermined: .*organization id of the account is not known/)
    expect(said).toContain('s3:GetObject of hub/organization.json failed with AccessDenied')
    await publish()
    hub = newHub()
    expect((await judged())[0]).toMatch(/^COMPLIANT /)
  })

  it('is refused without a hub, as settings alone say who is ours', async () => {
    variables = {}
    hub = newHub()
    hold(grant(rootOf(member)))
    expect((await judged())[0]).toMatch(/^NON_COMPLIANT Statement 1 .* external account/)
    expect(s3.calls).toEqual([])
  })
})

describe('an endpoint whose policy asks for the organization', () => {
  const allowsPull = 'vpc-endpoint-policy-allows-pull'
  let network: FakeAws
  beforeEach(async () => {
    network = await startPullingAccount()
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*', Condition }]
    for (const endpoint of network.state.ec2.vpcEndpoints)
      if (String(endpoint.serviceName).includes('.ecr.')) endpoint.policyDocument = JSON.stringify({ Statement })
  })
  afterEach(() => network.close())
  const judged = async (event: unknown) => {
    const { source, vpcs } = sightOf(network)
    await invoke(network, event, { rules, sources: [...hub.sources(), source], vpcs, ownRole: 'auditor' })
    return network.evaluations
      .filter((one) => one.ComplianceResourceType === 'AWS::EC2::VPC')
      .map((one) => `${one.ComplianceType} ${one.Annotation ?? ''}`)
  }
  const change = () => changeIn(allowsPull, networkItem('AWS::EC2::VPC', 'vpc-1'))

  it.each([
    ['a change', change],
    ['a sweep', () => sweepOfVpcs(allowsPull)],
  ])('is judged by %s with the id that the hub has published', async (_, event) => {
    await publish()
    expect(await judged(event())).toEqual([expect.stringMatching(/^COMPLIANT /)])
  })

  it.each([
    ['a change', change],
    ['a sweep', () => sweepOfVpcs(allowsPull)],
  ])('is undetermined by %s while nobody has said it', async (_, event) => {
    expect(await judged(event())).toEqual([expect.stringMatching(/^NON_COMPLIANT Undetermined: /)])
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

  it('are its own without a hub', async () => {
    variables = {}
    expect(await settled()).toEqual(own)
  })

  it('are not its own while the hub has published none: the invocation fails, and says that this may be why', async () => {
    await expect(settled()).rejects.toThrow(`the settings of the hub could not be read: ${missing('settings.json')}`)
    s3.mayList = true
    await expect(settled()).rejects.toThrow('the settings of the hub could not be read: none are published')
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
