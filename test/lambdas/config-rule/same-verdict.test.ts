// biome-ignore-all lint/suspicious/noExplicitAny: evaluations and findings as they went over the wire
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { rules } from '../../../shared/rules/index.ts'
import { type FakePack, serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { adminPolicy, changeOf, pullPolicy, role, roleArn, roleId, roleItem, told } from './role-scenario.ts'
import { accountFindingId, type InvokeOptions, invoke, scheduledEvent } from './scenario.ts'

/** Not the rule that gives its function's heartbeat. */
const ruleId = 'role-registry-admin-restricted'
const byResource = 'GetComplianceDetailsByResource'
const type = 'AWS::IAM::Role'

let fake: FakeAws
let shown: FakePack
beforeEach(async () => {
  fake = await startFakeAws()
  shown = serveCompliance(fake)
  fake.state.iam.roles.push(
    role('auditor', undefined),
    role('puller', pullPolicy('app')),
    role('other', pullPolicy('app')),
  )
  await sweepOn(1)
  forget()
})
afterEach(() => fake.close())

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 11)).toISOString()
const quiet = (n: number) => !isRefreshDay(accountFindingId(ruleId), day(n))
/** Days before the account's result is a week old. */
const [one = 0, two = 0, three = 0] = [2, 3, 4, 5, 6].filter(quiet)

function forget() {
  fake.evaluations.length = 0
  fake.calls.length = 0
}
const as = (n: number, options: InvokeOptions) => ({ rules, ownRole: 'auditor', now: day(n), ...options })
async function sweepOn(n: number, options: InvokeOptions = {}) {
  forget()
  await invoke(fake, { ...scheduledEvent(day(n)), ruleParameters: JSON.stringify({ ruleId }) }, as(n, options))
  return { config: told(fake), hub: sent() }
}
async function changeOn(n: number, more: Record<string, unknown> = {}, options: InvokeOptions = {}) {
  forget()
  const item = roleItem('puller', { configurationItemCaptureTime: day(n), ...more })
  await invoke(fake, changeOf(ruleId, item), as(n, options))
  return { config: told(fake), hub: sent() }
}
const sent = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) => body.Findings.map((found: any) => `${found.Resources[0].Id} ${found.Compliance.Status}`))
const becomes = (policy: string) => {
  const at = fake.state.iam.roles.findIndex(({ name }) => name === 'puller')
  fake.state.iam.roles[at] = role('puller', policy)
}
const failing = (operation: string, fault: Fault = { error: 'InternalException', status: 500 }) => {
  fake.state.plan = (asked) => (asked === operation ? fault : undefined)
}
const works = () => {
  fake.state.plan = () => undefined
}
const passes = `${roleArn('puller')} PASSED`
const fails = `${roleArn('puller')} FAILED`
const nothing = { config: [], hub: [] }
const good = [type, roleId('puller'), 'COMPLIANT']
const bad = [type, roleId('puller'), 'NON_COMPLIANT']
const mark = ['AWS::::Account', '111122223333', 'NOT_APPLICABLE']

describe('a role that has changed and has the verdict of before', () => {
  it('costs no evaluation on the day, nor any in the sweep after it', async () => {
    becomes(pullPolicy('app', 'another'))
    expect(await changeOn(one)).toEqual({ config: [], hub: [passes] })
    expect(await sweepOn(two)).toEqual(nothing)
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('PutEvaluations')
  })

  it('costs none however often it changes', async () => {
    for (let time = 0; time < 5; time++) expect((await changeOn(one)).config).toEqual([])
    expect(await sweepOn(two)).toEqual(nothing)
  })

  it('costs one evaluation when the verdict changes, and two in the sweep after it', async () => {
    becomes(adminPolicy)
    expect(await changeOn(one)).toEqual({ config: [bad], hub: [fails] })
    // What shows that the result token is good, and what vouches for the finding from now on.
    expect(await sweepOn(two)).toEqual({ config: [mark, mark], hub: [fails] })
    expect(await sweepOn(three)).toEqual(nothing)
  })

  it('is written every time while it is bad: an earlier good reading that is written later must not stand', async () => {
    becomes(adminPolicy)
    expect((await changeOn(one)).config).toEqual([bad])
    expect((await changeOn(one)).config).toEqual([bad])
    expect(fake.calls.map(({ operation }) => operation)).not.toContain(byResource)
  })

  it('is written when only the annotation differs', async () => {
    fake.compliance.get(`${type} ${roleId('puller')}`).Annotation = 'in other words'
    expect((await changeOn(one)).config).toEqual([good])
  })

  it('is written when AWS Config shows nothing of it', async () => {
    fake.compliance.delete(`${type} ${roleId('puller')}`)
    expect((await changeOn(one)).config).toEqual([good])
  })

  it('is written by an older event when something newer is shown that differs: AWS Config keeps the newer one', async () => {
    const held = fake.compliance.get(`${type} ${roleId('puller')}`)
    Object.assign(held, { ComplianceType: 'NON_COMPLIANT', OrderingTimestamp: Date.parse(day(three)) / 1000 })
    expect((await changeOn(one)).config).toEqual([good])
    expect(fake.compliance.get(`${type} ${roleId('puller')}`)).toBe(held)
  })
})

describe('what AWS Config shows of a changed role', () => {
  it('is read to the last page, and other rules do not count', async () => {
    shown.pageSize = 1
    const theirs = { ComplianceResourceType: type, ComplianceResourceId: roleId('puller'), OrderingTimestamp: 1 }
    shown.others.push({ ...theirs, ComplianceType: 'NON_COMPLIANT' }, { ...theirs, ComplianceType: 'COMPLIANT' })
    expect((await changeOn(one)).config).toEqual([])
    const asked = fake.calls.filter(({ operation }) => operation === byResource).map(({ body }) => body)
    const place = { ResourceType: type, ResourceId: roleId('puller') }
    const types = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE']
    expect(asked).toEqual([
      { ...place, ComplianceTypes: types },
      { ...place, ComplianceTypes: types, NextToken: '1' },
      { ...place, ComplianceTypes: types, NextToken: '2' },
    ])
  })

  it('is not what the same words of another rule are', async () => {
    const held = fake.compliance.get(`${type} ${roleId('puller')}`)
    fake.compliance.delete(`${type} ${roleId('puller')}`)
    shown.others.push(held)
    expect((await changeOn(one)).config).toEqual([good])
  })

  it.each<[string, Fault, string]>([
    ['denied', { error: 'AccessDeniedException' }, 'AccessDeniedException'],
    ['throttled', { error: 'ThrottlingException' }, 'ThrottlingException'],
    ['not as documented', { answer: {} }, 'MalformedAnswer'],
    ['without an end', { answer: { EvaluationResults: [], NextToken: 'again' } }, 'MalformedAnswer'],
  ])('is unknown when the answer is %s: the verdict is written, and the log says so', async (_name, fault, error) => {
    failing(byResource, fault)
    const warned: object[] = []
    const written = await changeOn(one, {}, { warn: (_message, fields) => warned.push(fields) })
    expect(written).toEqual({ config: [good], hub: [passes] })
    expect(warned).toEqual([
      { rule: ruleId, reason: expect.stringContaining(`config:${byResource} failed with ${error}`) },
    ])
  })

  it('is asked for under a name as long as those of a conformance pack are', async () => {
    const ruleName = `pullpath-${ruleId}-conformance-pack-${'x'.repeat(60)}`
    serveCompliance(fake, ruleName)
    forget()
    await invoke(fake, changeOf(ruleId, roleItem('puller'), { configRuleName: ruleName }), as(one, {}))
    expect(told(fake)).toEqual([])
    expect(sent()).toEqual([passes])
  })

  it('is asked by nobody when the event does not name its rule', async () => {
    forget()
    await invoke(fake, changeOf(ruleId, roleItem('puller'), { configRuleName: undefined }), as(one, {}))
    expect(told(fake)).toEqual([good])
    expect(fake.calls.map(({ operation }) => operation)).not.toContain(byResource)
  })
})

describe('AWS Config and Security Hub', () => {
  it('C12 agree when an attempt ended between the two: the next one sends the finding', async () => {
    becomes(adminPolicy)
    failing('BatchImportFindings')
    await expect(changeOn(one)).rejects.toThrow('InternalException')
    expect(told(fake)).toEqual([bad])
    works()
    expect(await changeOn(one)).toEqual({ config: [bad], hub: [fails] })
  })

  it('C12 agree when no attempt got through: the next sweep sends the finding', async () => {
    becomes(adminPolicy)
    failing('BatchImportFindings')
    await expect(changeOn(one)).rejects.toThrow('InternalException')
    await expect(changeOn(one)).rejects.toThrow('InternalException')
    expect(told(fake)).toEqual([bad])
    works()
    expect(await sweepOn(two)).toEqual({ config: [mark, mark], hub: [fails] })
  })

  it('C4 hear nothing under a refused result token but what AWS Config has shown before', async () => {
    fake.state.token = 'another'
    expect(await changeOn(one)).toEqual({ config: [], hub: [passes] })
    becomes(adminPolicy)
    await expect(changeOn(one)).rejects.toThrow('refused the result token')
    expect(sent()).toEqual([])
  })

  it('take a role that is gone away, and of one that AWS Config never showed only the finding', async () => {
    fake.state.iam.roles.splice(1, 1)
    const gone = { configurationItemStatus: 'ResourceDeleted', configuration: null }
    // What is shown first, ordered before itself: a result token that is not good ends here.
    expect((await changeOn(one, gone)).config).toEqual([
      [type, roleId('puller'), 'COMPLIANT'],
      [type, roleId('puller'), 'NOT_APPLICABLE'],
    ])
    const [restated, takenBack] = fake.evaluations.slice(-2).map((evaluation) => evaluation.OrderingTimestamp)
    expect(restated).toBeLessThan(takenBack)
    expect(await changeOn(one, gone)).toEqual({ config: [], hub: [`${roleArn('puller')} PASSED`] })
  })
})
