import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { callEvent } from '../resource-change/scenario.ts'
import {
  accountFindingId,
  basis,
  closedPolicy,
  type InvokeOptions,
  invoke,
  openPolicy,
  scheduledEvent,
} from './scenario.ts'

const notPublic = 'ecr-repository-not-public'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  fake.state.repositories.set('app', openPolicy).set('web', closedPolicy)
  await sweepOn(first)
})
afterEach(() => fake.close())

const day = (n: number, hour = 11) => new Date(Date.UTC(2026, 2, n, hour)).toISOString()
/** Days on which nothing is sent again only because time has passed. */
const [first = 0, second = 0, third = 0, fourth = 0] = [...Array(25).keys()]
  .map((n) => n + 1)
  .filter((n) => !isRefreshDay(accountFindingId(notPublic), day(n)))

const run = (event: unknown, now: string, options: InvokeOptions = {}) =>
  invoke(fake, event, { rules: ecrRules, environment: { PULLPATH_RULES: notPublic }, now, ...options })
async function sweepOn(n: number, options: InvokeOptions = {}) {
  fake.calls.length = 0
  fake.evaluations.length = 0
  const event = { ...scheduledEvent(day(n)), ruleParameters: JSON.stringify({ ruleId: notPublic }) }
  await run(event, day(n), options)
}
/** A change of the policy that EventBridge tells of, and AWS Config does not. */
async function changed(name: string, policy: string | undefined | 'gone', at: string) {
  if (policy === 'gone') fake.state.repositories.delete(name)
  else fake.state.repositories.set(name, policy)
  const event = { time: at, id: at }
  await run(callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: name, policyText: '{}' }, { event }), at)
}
const held = (name: string) => {
  const of = [...fake.findings.values()].find(({ Resources }) => Resources[0].Id.endsWith(`repository/${name}`))
  return of && [of.Compliance.Status, of.RecordState, of.ProductFields['pullpath/ahead-of-config']]
}
const imported = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) =>
      body.Findings.map((one: { Resources: { Id: string }[] }) => one.Resources[0]?.Id.split('/').at(-1)),
    )
const written = () => fake.evaluations.map((one) => `${one.ComplianceResourceId} ${one.ComplianceType}`)
const accountNote = () => fake.compliance.get('AWS::::Account 111122223333')?.Annotation

describe('what a change told Security Hub and AWS Config does not know of', () => {
  it('is marked, and what a sweep tells is not', async () => {
    expect([held('app'), held('web')]).toEqual([
      ['FAILED', 'ACTIVE', 'no'],
      ['PASSED', 'ACTIVE', 'no'],
    ])
    await changed('app', closedPolicy, day(first, 14))
    expect(held('app')).toEqual(['PASSED', 'ACTIVE', 'yes'])
  })

  it('is taken back by the next sweep when it is not so any more, although AWS Config shows nothing new', async () => {
    await changed('app', closedPolicy, day(first, 14))
    fake.state.repositories.set('app', openPolicy)
    await sweepOn(second)
    expect(imported()).toContain('app')
    expect(imported()).not.toContain('web')
    expect(held('app')).toEqual(['FAILED', 'ACTIVE', 'no'])
    expect(written().filter((one) => one.startsWith('app'))).toEqual([])
  })

  it('is said once more by the next sweep when it is so, and by none after that', async () => {
    await changed('app', closedPolicy, day(first, 14))
    await sweepOn(second)
    expect(held('app')).toEqual(['PASSED', 'ACTIVE', 'no'])
    expect(written()).toContain('app COMPLIANT')
    await sweepOn(third)
    expect(imported()).toEqual([])
  })

  it('is archived when the resource came and went between two sweeps', async () => {
    await changed('new', openPolicy, day(first, 14))
    fake.state.repositories.delete('new')
    await sweepOn(second)
    expect(held('new')).toEqual(['PASSED', 'ARCHIVED', 'no'])
    expect(written().filter((one) => one.startsWith('new'))).toEqual([])
  })

  it('is shown again when the resource was archived, and is back as it was', async () => {
    await changed('app', 'gone', day(first, 14))
    expect(held('app')).toEqual(['PASSED', 'ARCHIVED', 'yes'])
    fake.state.repositories.set('app', openPolicy)
    await sweepOn(second)
    expect(held('app')).toEqual(['FAILED', 'ACTIVE', 'no'])
  })

  it.each<[string, Fault, string]>([
    ['denied', { error: 'AccessDeniedException', status: 403 }, 'AccessDeniedException'],
    ['not as documented', { answer: {} }, 'MalformedAnswer'],
  ])('waits for a later sweep when the answer is %s, and the account says so', async (_, fault, error) => {
    await changed('app', closedPolicy, day(first, 14))
    fake.state.repositories.set('app', openPolicy)
    fake.state.plan = (operation) => (operation === 'GetFindings' ? fault : undefined)
    const warned: object[] = []
    await sweepOn(second, { warn: (_message, fields) => warned.push(fields) })
    const reason = `securityhub:GetFindings failed with ${error}`
    expect(accountNote()).toBe(
      `2 resources of type AWS::ECR::Repository were judged one by one. ${basis()} Findings of changes were not compared: ${reason}.`,
    )
    expect(warned).toEqual([{ rule: notPublic, reason }])
    expect(held('app')).toEqual(['PASSED', 'ACTIVE', 'yes'])
    fake.state.plan = () => undefined
    await sweepOn(third)
    expect(held('app')).toEqual(['FAILED', 'ACTIVE', 'no'])
    await sweepOn(fourth)
    expect(accountNote()).toBe(`2 resources of type AWS::ECR::Repository were judged one by one. ${basis()}`)
  })

  it('is not asked for where findings do not go to Security Hub, nor missed where it is not enabled', async () => {
    await sweepOn(second, { environment: { PULLPATH_SECURITY_HUB: 'off' } })
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('GetFindings')
    fake.state.hubEnabled = false
    await sweepOn(third)
    expect(fake.calls.map(({ operation }) => operation)).toContain('GetFindings')
    expect(accountNote()).not.toContain('not compared')
  })
})
