import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { jitterOf } from '../../../lambdas/config-rule/jitter.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fakeQueue } from '../../support/fake-aws/sqs.ts'
import { accountFindingId, basis, changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  fake.state.repositories.set('a', openPolicy).set('b', closedPolicy).set('c', undefined)
})
afterEach(() => fake.close())

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 11)).toISOString()
/** The sweep of a day of March 2026, and what it wrote. */
async function sweepOn(n: number, options: Parameters<typeof invoke>[2] = {}) {
  fake.evaluations.length = 0
  fake.calls.length = 0
  await invoke(fake, scheduledEvent(day(n)), { now: day(n), ...options })
  return fake.evaluations.filter((one) => !isProof(one, n)).map((one) => [one.ComplianceResourceId, one.ComplianceType])
}
/** The account's result, written as it stood to see whether the result token is good. */
const isProof = (one: { OrderingTimestamp: number; Annotation?: string }, n: number) =>
  one.OrderingTimestamp < Date.parse(day(n)) / 1000 || one.Annotation?.includes('(not yet)')
const imported = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) =>
      body.Findings.map((one: { Resources: { Id: string }[] }) => one.Resources[0]?.Id.split('/').at(-1)),
    )
const failing = (operation: string, fault: Fault = { error: 'InternalException', status: 500 }) => {
  fake.state.plan = (one) => (one === operation ? fault : undefined)
}
const works = () => {
  fake.state.plan = () => undefined
}
const account = '111122223333'
const heartbeat = [account, 'NOT_APPLICABLE']
/** Nothing is sent again only because time has passed. */
const quiet = (n: number) => !isRefreshDay(accountFindingId('probe-repository-closed'), day(n))
const [one = 0, two = 0, three = 0] = [...Array(25).keys()].map((n) => n + 2).filter(quiet)

describe('a sweep', () => {
  it('writes everything the first time, and only the heartbeat when nothing has changed', async () => {
    expect(await sweepOn(1)).toEqual([['a', 'NON_COMPLIANT'], ['b', 'COMPLIANT'], ['c', 'COMPLIANT'], heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
    expect(await sweepOn(one)).toEqual([heartbeat])
    expect(imported()).toEqual([])
  })

  it('writes a verdict that has changed, to both', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', closedPolicy)
    expect(await sweepOn(one)).toEqual([['a', 'COMPLIANT'], heartbeat])
    expect(imported()).toEqual(['a'])
  })

  it('writes a verdict whose annotation alone has changed', async () => {
    await sweepOn(1)
    fake.state.repositories.set('b', undefined)
    expect(await sweepOn(one)).toEqual([['b', 'COMPLIANT'], heartbeat])
    expect(fake.evaluations[0].Annotation).toBe('no policy')
  })

  it('sends unchanged findings to Security Hub once in 30 days, together, and AWS Config nothing', async () => {
    await sweepOn(1)
    const sent = []
    for (let n = 2; n <= 31; n++) {
      expect(await sweepOn(n)).toEqual([heartbeat])
      sent.push(imported())
    }
    expect(sent.filter((ids) => ids.length > 0)).toEqual([['a', 'b', 'c', account]])
  })

  it('sends every finding again, and AWS Config only its own result, when the settings are others', async () => {
    await sweepOn(1)
    const severity = { 'probe-repository-closed': { severity: 'LOW' } }
    const settings = JSON.stringify({ rules: severity })
    expect(await sweepOn(one, { settings })).toEqual([heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
    expect([...fake.findings.values()][0].FindingProviderFields.Severity.Label).toBe('LOW')
    expect(fake.evaluations.at(-1).Annotation).toContain(basis(settings))
    expect(await sweepOn(two, { settings })).toEqual([heartbeat])
    expect(imported()).toEqual([])
    expect(basis(settings)).not.toBe(basis())
  })

  it.each<[string, Fault, string]>([
    ['denied', { error: 'AccessDeniedException' }, 'AccessDeniedException'],
    ['throttled', { error: 'ThrottlingException' }, 'ThrottlingException'],
    ['not as documented', { answer: {} }, 'MalformedAnswer'],
  ])(
    'writes everything when the results before are %s, marks nothing gone, and says so',
    async (_name, fault, error) => {
      await sweepOn(1)
      fake.state.repositories.delete('a')
      failing('GetComplianceDetailsByConfigRule', fault)
      const warned: object[] = []
      const written = await sweepOn(one, { warn: (_message, fields) => warned.push(fields) })
      expect(written).toEqual([['b', 'COMPLIANT'], ['c', 'COMPLIANT'], heartbeat])
      const reason = `config:GetComplianceDetailsByConfigRule failed with ${error}`
      expect(fake.evaluations.at(-1).Annotation).toBe(
        `2 resources of type AWS::ECR::Repository were judged one by one. ${basis()} Not compared with the results before: ${reason}.`,
      )
      expect(warned).toEqual([{ rule: 'probe-repository-closed', reason }])
      expect([...fake.compliance.values()].find((shown) => shown.ComplianceResourceId === 'a').ComplianceType).toBe(
        'NON_COMPLIANT',
      )
    },
  )

  it('compares with nothing when the event does not name its rule', async () => {
    const event = { ...scheduledEvent(), configRuleName: undefined }
    await invoke(fake, event)
    expect(fake.evaluations.at(-1).Annotation).toContain('the event does not name its Config rule')
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('GetComplianceDetailsByConfigRule')
  })
})

describe('C12 AWS Config and Security Hub agree in the end', () => {
  it('C12 a sweep whose findings failed is not done: the next attempt sends them again', async () => {
    failing('BatchImportFindings')
    await expect(sweepOn(1)).rejects.toThrow('InternalException')
    expect(fake.evaluations.map((shown) => shown.ComplianceResourceId)).toEqual(['a', 'b', 'c'])
    works()
    expect(await sweepOn(1)).toEqual([heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
  })

  it('C12 a finding whose change event failed half-way is sent by the next sweep', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', closedPolicy)
    failing('BatchImportFindings')
    const item = { resourceId: 'a', resourceName: 'a', ARN: null, configurationItemCaptureTime: day(one) }
    await expect(invoke(fake, changeEvent({ item }), { now: day(one) })).rejects.toThrow('InternalException')
    works()
    expect(await sweepOn(two)).toEqual([heartbeat])
    expect(imported()).toEqual(['a'])
    expect(await sweepOn(three)).toEqual([heartbeat])
    expect(imported()).toEqual([])
  })

  it('C12 what is gone stays on AWS Config until Security Hub knows', async () => {
    await sweepOn(1)
    fake.state.repositories.delete('a')
    failing('BatchImportFindings')
    await expect(sweepOn(one)).rejects.toThrow('InternalException')
    expect(fake.compliance.get('AWS::ECR::Repository a').ComplianceType).toBe('NON_COMPLIANT')
    works()
    expect(await sweepOn(one)).toEqual([['a', 'NOT_APPLICABLE'], heartbeat])
    expect([...fake.findings.values()].find((found) => found.Resources[0].Id.endsWith('/a')).RecordState).toBe(
      'ARCHIVED',
    )
  })

  it('C7 where Security Hub is not enabled the account says so, and everything is sent once it is', async () => {
    fake.state.hubEnabled = false
    await sweepOn(1)
    expect(fake.evaluations.at(-1).Annotation).toBe(
      `Findings are not in Security Hub (Security Hub is not enabled in this account and region). 3 resources of type AWS::ECR::Repository were judged one by one. ${basis()}`,
    )
    fake.state.hubEnabled = true
    expect(await sweepOn(one)).toEqual([heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
    await sweepOn(two)
    expect(imported()).toEqual([])
  })
})

it('C7 with a queue before a Security Hub that is not enabled only news are queued, and everything once it is', async () => {
  const queue = fakeQueue({ now: () => 0 })
  const options = { sqs: queue.client, environment: { PULLPATH_FINDINGS_QUEUE_URL: queue.url } }
  const queued = () => queue.messages.splice(0).map(({ body }) => JSON.parse(body).Resources[0].Id.split('/').at(-1))
  fake.state.hubEnabled = false
  await sweepOn(1, options)
  expect(queued()).toEqual(['a', 'b', 'c'])
  for (let n = 2; n <= 31; n++) {
    expect(await sweepOn(n, options)).toEqual([heartbeat])
    expect(queued()).toEqual([])
  }
  expect(fake.evaluations.at(-1).Annotation).toMatch(/^Findings are not in Security Hub .* is not enabled/)
  fake.state.repositories.set('a', closedPolicy)
  await sweepOn(32, options)
  expect(queued()).toEqual(['a'])
  fake.state.hubEnabled = true
  await sweepOn(33, options)
  expect(queued()).toEqual(['a', 'b', 'c', account])
  expect(fake.evaluations.at(-1).Annotation).toBe(
    `3 resources of type AWS::ECR::Repository were judged one by one. ${basis()}`,
  )
})

it('C4 a sweep writes nothing to Security Hub when the result token is refused, even when AWS Config shows it all', async () => {
  await sweepOn(1)
  fake.state.repositories.delete('a')
  fake.state.token = 'another'
  await expect(sweepOn(one)).rejects.toThrow('refused the result token')
  expect(imported()).toEqual([])
})

describe('the jitter', () => {
  it('waits as long as its account and rule say, before anything is read', async () => {
    const waited: number[] = []
    await sweepOn(1, {
      remaining: () => 300_000,
      sleep: async (milliseconds) => {
        expect(fake.calls).toEqual([])
        waited.push(milliseconds)
      },
    })
    const arn = 'arn:aws:config:eu-central-1:111122223333:config-rule/config-rule-abcdef'
    expect(waited).toEqual([jitterOf(account, arn, 300_000)])
  })

  it('spreads accounts over a minute, and takes at most a fifth of the time there is', () => {
    const waits = [...Array(2_000).keys()].map((n) => jitterOf(String(100000000000 + n), 'rule', 900_000))
    const buckets = Map.groupBy(waits, (wait) => Math.floor(wait / 6_000))
    expect(Math.max(...waits)).toBeLessThan(60_000)
    expect([...buckets.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const bucket of buckets.values()) expect(bucket.length).toBeGreaterThan(120)
    expect(jitterOf('111122223333', 'rule', 50_000)).toBeLessThan(10_000)
    expect(jitterOf('111122223333', 'rule', -1)).toBe(0)
  })
})
