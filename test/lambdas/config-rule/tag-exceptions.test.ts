import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { imageRules } from '../../../shared/rules/image-rules.ts'
import { rules } from '../../../shared/rules/index.ts'
import { vpcRules } from '../../../shared/rules/vpc-rules.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { askedForTags, type FakeTags, serveTags, tagsFrom } from '../../support/fake-aws/tagging.ts'
import { holding, serviceArn, serviceChange, startRunningAccount, warmImageAuditor } from './image-scenario.ts'
import { adminPolicy, eksCluster, nodegroup, role, roleId } from './role-scenario.ts'
import {
  changeEvent,
  closedPolicy,
  type InvokeOptions,
  invoke,
  openPolicy,
  scheduledEvent,
  warmFunction,
} from './scenario.ts'
import { addIsolatedVpc, changeIn, networkItem, sightOf } from './vpc-scenario.ts'

let fake: FakeAws
const tags: FakeTags = new Map()
beforeEach(async () => {
  fake = await startFakeAws()
  tags.clear()
  ready()
})
afterEach(() => fake.close())

/** Serves what comparisons and exceptions ask. */
function ready() {
  serveCompliance(fake)
  serveTags(fake, tags)
}

const ruleId = 'ecr-repository-not-public'
const account = '111122223333'
const arnOf = (name: string) => `arn:aws:ecr:eu-central-1:${account}:repository/${name}`
const tagged = {
  ...{ rule: ruleId, account, tag: { key: 'stage', value: 'sandbox-*' } },
  ...{ reason: 'sandboxes are open', owner: 'team-a@example.org', expires: '2026-06-30' },
}
const settingsWith = (...exceptions: readonly object[]) => JSON.stringify({ exceptions })
const by = (options: InvokeOptions = {}): InvokeOptions => ({
  ...{ rules, settings: settingsWith(tagged), tags: () => tagsFrom(fake) },
  ...options,
})

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 11)).toISOString()
const forRule = (event: Record<string, unknown>, id = ruleId) => ({
  ...event,
  ruleParameters: JSON.stringify({ ruleId: id }),
})
const sweep = (n: number, options: InvokeOptions = {}) =>
  invoke(fake, forRule(scheduledEvent(day(n))), by({ now: day(n), ...options }))
const change = (name: string, options: InvokeOptions = {}) =>
  invoke(fake, forRule(changeEvent({ item: { resourceId: name, resourceName: name, ARN: arnOf(name) } })), by(options))

/** What AWS Config shows of each resource but the account. */
const shown = () =>
  Object.fromEntries(
    [...fake.compliance.values()]
      .filter(({ ComplianceResourceType }) => ComplianceResourceType !== 'AWS::::Account')
      .map((one) => [one.ComplianceResourceId, `${one.ComplianceType} ${one.Annotation.split(';')[0]}`]),
  )
const held = () =>
  Object.fromEntries(
    [...fake.findings.values()].map((one) => [
      one.Resources[0].Id,
      `${one.Compliance.Status} ${one.Compliance.StatusReasons[0].ReasonCode}`,
    ]),
  )
const until = 'Exception until 2026-06-30: sandboxes are open (team-a@example.org)'

describe('an exception by tag', () => {
  it('covers a tagged repository that has changed, in AWS Config and in Security Hub', async () => {
    fake.state.repositories.set('app', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    await change('app')
    expect(shown()).toEqual({ app: `COMPLIANT ${until}` })
    expect(held()).toEqual({ [arnOf('app')]: 'PASSED PULLPATH_EXCEPTION' })
    expect(askedForTags(fake)).toEqual([[arnOf('app')]])
  })

  it('covers nothing that is not tagged so, and a sweep asks for the tags of failures alone', async () => {
    fake.state.repositories
      .set('bare', openPolicy)
      .set('closed', closedPolicy)
      .set('live', openPolicy)
      .set('sandbox', openPolicy)
    tags.set(arnOf('live'), { stage: 'production' }).set(arnOf('sandbox'), { stage: 'sandbox-2', team: 'b' })
    await sweep(2)
    expect(shown()).toEqual({
      bare: expect.stringMatching(/^NON_COMPLIANT (?!Exception)/),
      closed: expect.stringMatching(/^COMPLIANT (?!Exception)/),
      live: expect.stringMatching(/^NON_COMPLIANT (?!Exception)/),
      sandbox: `COMPLIANT ${until}`,
    })
    expect(askedForTags(fake)).toEqual([[arnOf('bare'), arnOf('live'), arnOf('sandbox')]])
  })

  it('ends with the tag, at the next sweep', async () => {
    fake.state.repositories.set('app', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    await sweep(2)
    expect(shown()).toEqual({ app: `COMPLIANT ${until}` })
    tags.set(arnOf('app'), {})
    await sweep(3)
    expect(shown().app).toMatch(/^NON_COMPLIANT /)
    expect(held()[arnOf('app')]).toMatch(/^FAILED /)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    await sweep(4)
    expect(shown()).toEqual({ app: `COMPLIANT ${until}` })
    expect(held()[arnOf('app')]).toBe('PASSED PULLPATH_EXCEPTION')
  })

  it('covers 250 repositories by three calls', async () => {
    const names = Array.from({ length: 250 }, (_, n) => `app-${String(n).padStart(3, '0')}`)
    for (const name of names) {
      fake.state.repositories.set(name, openPolicy)
      if (name !== 'app-137') tags.set(arnOf(name), { stage: 'sandbox-1' })
    }
    await sweep(2)
    expect(askedForTags(fake).map(({ length }) => length)).toEqual([100, 100, 50])
    const open = Object.entries(shown()).filter(([, one]) => one !== `COMPLIANT ${until}`)
    expect(open.map(([name]) => name)).toEqual(['app-137'])
    expect(Object.keys(shown())).toHaveLength(250)
  })

  it.each([
    ['no exception', undefined],
    ['one without a tag', { ...tagged, tag: undefined }],
    ['one that has expired', { ...tagged, expires: '2026-02-28' }],
    ['one of another rule', { ...tagged, rule: 'ecr-repository-tags-immutable' }],
    ['one of another account', { ...tagged, account: '444455556666' }],
    ['one of another repository', { ...tagged, resource: arnOf('other') }],
  ])('asks for no tag where settings have %s', async (_, exception) => {
    fake.state.repositories.set('app', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    const settings = exception === undefined ? '' : settingsWith(exception)
    await sweep(2, { settings })
    await change('app', { settings })
    expect(askedForTags(fake)).toEqual([])
  })

  it('asks for no tag where nothing fails', async () => {
    fake.state.repositories.set('app', closedPolicy)
    await sweep(2)
    expect(askedForTags(fake)).toEqual([])
  })

  it('is the one that is shown where it holds longest', async () => {
    fake.state.repositories.set('app', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    const named = { ...tagged, tag: undefined, resource: arnOf('app'), reason: 'it moves' }
    await change('app', { settings: settingsWith(tagged, { ...named, expires: '2026-04-30' }) })
    expect(shown()).toEqual({ app: `COMPLIANT ${until}` })
    await change('app', { settings: settingsWith(tagged, { ...named, expires: '2026-08-31' }) })
    expect(shown()).toEqual({ app: 'COMPLIANT Exception until 2026-08-31: it moves (team-a@example.org)' })
  })

  it('is not heard of from the event: what nobody can read is bad whatever tags its item claims', async () => {
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException', status: 403 } : undefined
    fake.state.repositories.set('app', openPolicy)
    const item = {
      ...{ resourceId: 'app', resourceName: 'app', ARN: arnOf('app'), tags: { stage: 'sandbox-1' } },
      configuration: { RepositoryName: 'app', RepositoryPolicyText: JSON.parse(openPolicy) },
    }
    await invoke(fake, forRule(changeEvent({ item })), by())
    expect(shown().app).toMatch(/^NON_COMPLIANT (?!Exception|Undetermined)/)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    await invoke(fake, forRule(changeEvent({ item })), by())
    expect(shown()).toEqual({ app: `COMPLIANT ${until}` })
  })
})

describe('tags that cannot be read', () => {
  const failing = (error: string, status: number) => {
    fake.state.plan = (operation) => (operation === 'GetResources' ? { error, status } : undefined)
  }

  it('leave the failure as it is, and it says so', async () => {
    fake.state.repositories.set('app', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    failing('AccessDeniedException', 400)
    await sweep(2)
    expect(shown().app).toMatch(/^NON_COMPLIANT (?!Undetermined)/)
    expect(held()[arnOf('app')]).toMatch(/^FAILED /)
    expect(JSON.stringify([...fake.findings.values()])).toContain(
      'assumes that no exception by tag covers it (its tags are not known: tag:GetResources failed with AccessDeniedException)',
    )
  })

  it('leave it as it is where the function reads none', async () => {
    fake.state.repositories.set('app', openPolicy)
    await invoke(fake, forRule(scheduledEvent(day(2))), { rules, settings: settingsWith(tagged), now: day(2) })
    expect(shown().app).toMatch(/^NON_COMPLIANT (?!Undetermined)/)
    expect(JSON.stringify([...fake.findings.values()])).toContain(
      '(its tags are not known: this function reads no tags)',
    )
  })

  it('change nothing for a reason that passes, and the invocation fails to be tried again', async () => {
    fake.state.repositories.set('app', openPolicy).set('bad', openPolicy)
    tags.set(arnOf('app'), { stage: 'sandbox-1' })
    await sweep(2)
    const before = [shown(), held()]
    failing('ThrottledException', 400)
    await expect(sweep(3)).rejects.toThrow('tag:GetResources failed with ThrottledException')
    await expect(change('app')).rejects.toThrow('whether an exception by tag covers a failure')
    expect([shown(), held()]).toEqual(before)
  })

  it('take no exception away that covers the failure otherwise', async () => {
    fake.state.repositories.set('app', openPolicy)
    failing('AccessDeniedException', 400)
    const named = { ...tagged, tag: undefined, resource: arnOf('app'), reason: 'it moves' }
    await change('app', { settings: settingsWith(tagged, named) })
    expect(shown()).toEqual({ app: 'COMPLIANT Exception until 2026-06-30: it moves (team-a@example.org)' })
  })
})

describe('of other types', () => {
  it('a tagged VPC is covered, by a sweep and by a change in it', async () => {
    await fake.close()
    fake = await startRunningAccount()
    ready()
    addIsolatedVpc(fake)
    const vpcRule = 'vpc-ecr-endpoints-present'
    const arn = `arn:aws:ec2:eu-central-1:${account}:vpc/vpc-2`
    const { source, vpcs } = sightOf(fake)
    const settings = settingsWith({ ...tagged, rule: 'vpc-*' })
    const auditor = warmFunction(fake, by({ rules: vpcRules, sources: [source], vpcs, settings }))
    await auditor(forRule(scheduledEvent(), vpcRule))
    expect(shown()['vpc-2']).toMatch(/^NON_COMPLIANT /)
    tags.set(arn, { stage: 'sandbox-1' })
    await auditor(changeIn(vpcRule, networkItem('AWS::EC2::Subnet', 'subnet-21')))
    expect(shown()['vpc-2']).toBe(`COMPLIANT ${until}`)
    expect(new Set(askedForTags(fake).flat())).toEqual(new Set([arn]))
  })

  it('a tagged node group is covered, on the cluster by which AWS Config shows it', async () => {
    const nodeRule = 'eks-node-role-can-pull'
    fake.state.iam.roles.push(role('nodes', undefined, { service: 'ec2.amazonaws.com' }))
    fake.state.eks.clusters.push(eksCluster('main'))
    fake.state.eks.nodegroups.push(nodegroup('main', 'a', 'nodes'))
    const settings = settingsWith({ ...tagged, rule: nodeRule })
    await invoke(fake, forRule(scheduledEvent(), nodeRule), by({ settings }))
    expect(shown().main).toMatch(/^NON_COMPLIANT /)
    const arn = `arn:aws:eks:eu-central-1:${account}:nodegroup/main/a/11aa22bb`
    tags.set(arn, { stage: 'sandbox-1' })
    await invoke(fake, forRule(scheduledEvent(), nodeRule), by({ settings }))
    expect(shown()).toEqual({ main: `COMPLIANT ${until}` })
    expect(askedForTags(fake)).toEqual([[arn], [arn]])
  })

  it('no tag is asked for of a role, which is read with its tags', async () => {
    const roleRule = 'role-registry-admin-restricted'
    const stage = [{ Key: 'stage', Value: 'sandbox-1' }]
    fake.state.iam.roles.push(role('admin', adminPolicy), role('sandbox', adminPolicy, { tags: stage }))
    const settings = settingsWith({ ...tagged, rule: roleRule })
    await invoke(fake, forRule(scheduledEvent(), roleRule), by({ settings }))
    expect(shown()).toEqual({
      [roleId('admin')]: expect.stringMatching(/^NON_COMPLIANT /),
      [roleId('sandbox')]: `COMPLIANT ${until}`,
    })
    expect(askedForTags(fake)).toEqual([])
  })

  it('a tagged service is covered', async () => {
    await fake.close()
    fake = await startRunningAccount()
    ready()
    fake.state.services.set('ecr:DescribeImages', holding(2))
    const imageRule = 'image-free-of-critical-findings'
    const on = { rules: { [imageRule]: { enabled: true } }, exceptions: [{ ...tagged, rule: imageRule }] }
    const auditor = warmImageAuditor(fake, by({ rules: imageRules, settings: JSON.stringify(on) }))
    await auditor(serviceChange(imageRule))
    expect(shown()[serviceArn('web')]).toMatch(/^NON_COMPLIANT /)
    tags.set(serviceArn('web'), { stage: 'sandbox-1' })
    await auditor(serviceChange(imageRule))
    expect(shown()[serviceArn('web')]).toBe(`COMPLIANT ${until}`)
    expect(askedForTags(fake)).toEqual([[serviceArn('web')], [serviceArn('web')]])
  })
})
