import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MetricName } from '../../../shared/runtime/metrics.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'
import { changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'

let fake: FakeAws
let queue: FakeQueue
let counted: [MetricName, number][]
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  queue = fakeQueue({ now: () => 0 })
  counted = []
})
afterEach(() => fake.close())

const count = (name: MetricName, value: number) => void counted.push([name, value])
const options = (environment: Record<string, string> = { PULLPATH_FINDINGS_QUEUE_URL: queue.url }) => ({
  ...{ environment, count },
  sqs: queue.client,
})
const queued = () => queue.messages.map(({ body }) => JSON.parse(body).Compliance?.Status as string)
const annotation = () => fake.evaluations.find(({ ComplianceResourceId: id }) => id === '111122223333')?.Annotation

describe('findings of a Config rule', () => {
  it('go into the queue where the environment names one, and not to Security Hub', async () => {
    fake.state.repositories.set('registry/app', openPolicy)
    await invoke(fake, changeEvent({ item: { resourceName: 'registry/app', resourceId: 'registry/app' } }), options())
    expect(queued()).toEqual(['FAILED'])
    expect(fake.findings.size).toBe(0)
  })

  it('of a sweep are queued before the account says that the sweep is done', async () => {
    fake.state.repositories.set('a', openPolicy)
    fake.state.repositories.set('b', closedPolicy)
    await invoke(fake, scheduledEvent(), options())
    expect(queued()).toEqual(expect.arrayContaining(['FAILED', 'PASSED']))
    expect(annotation()).toMatch(/^2 resources/)
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('BatchImportFindings')
  })

  it('that the queue does not take leave the sweep without its heartbeat', async () => {
    fake.state.repositories.set('a', openPolicy)
    queue.refusing = () => ({ Code: 'InternalError', SenderFault: false })
    await expect(invoke(fake, scheduledEvent(), options())).rejects.toThrow(/the queue did not take/)
    expect(annotation()).toBeUndefined()
    expect(counted.map(([name]) => name)).not.toContain('HeartbeatAge')
  })

  it('go nowhere where the deployment sends none, whatever queue there is', async () => {
    fake.state.repositories.set('a', openPolicy)
    const off = { PULLPATH_FINDINGS_QUEUE_URL: queue.url, PULLPATH_SECURITY_HUB: 'off' }
    await invoke(fake, scheduledEvent(), options(off))
    expect([...queue.messages, ...fake.findings]).toEqual([])
    expect(annotation()).toContain('Findings are not in Security Hub')
  })
})

describe('the metrics of a Config rule', () => {
  it('of a change are the evaluations AWS Config took', async () => {
    fake.state.repositories.set('registry/app', openPolicy)
    await invoke(fake, changeEvent({ item: { resourceName: 'registry/app', resourceId: 'registry/app' } }), options())
    expect(counted).toEqual([['Evaluations', 1]])
  })

  it('of a sweep are the seconds since AWS Config asked for it, and full coverage', async () => {
    fake.state.repositories.set('a', openPolicy)
    await invoke(fake, scheduledEvent(), options())
    expect(new Map(counted)).toEqual(
      new Map([
        ['Evaluations', 1],
        ['HeartbeatAge', 3_600],
        ['Coverage', 100],
      ]),
    )
    expect(counted.filter(([name]) => name === 'Evaluations').map(([, value]) => value)).toEqual([1, 1])
  })

  it('of a sweep after one that failed for days are those of this one: the alarm ends with it', async () => {
    fake.state.repositories.set('a', openPolicy)
    await invoke(fake, scheduledEvent('2026-03-01T11:00:00.000Z'), options())
    counted = []
    const next = { ...options(), now: '2026-03-05T11:00:00.000Z' }
    await invoke(fake, scheduledEvent('2026-03-05T10:59:00.000Z'), next)
    expect(counted.find(([name]) => name === 'HeartbeatAge')).toEqual(['HeartbeatAge', 60])
  })

  it('of a listing that cannot be read are nothing known and no coverage', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException', status: 400 } : undefined
    await invoke(fake, scheduledEvent(), options())
    const values = new Map(counted)
    expect([values.get('Undetermined'), values.get('Coverage'), values.get('HeartbeatAge')]).toEqual([1, 0, 3_600])
  })
})
