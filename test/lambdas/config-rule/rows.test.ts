// The rows of the fault matrix that AWS Config's events and results are about; each test begins with its row.
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noncompliant } from '../../../shared/model/verdict.ts'
import { defineRule } from '../../../shared/rules/define-rule.ts'
import { importFindings } from '../../../shared/sinks/security-hub/import-findings.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { probeRule } from '../../support/fake-aws/probe-rule.ts'
import { changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent, warmFunction } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const shown = () =>
  Object.fromEntries([...fake.compliance].map(([key, one]) => [key.split(' ')[1], one.ComplianceType]))
const hub = () => [...fake.findings.values()].map((one) => [one.Compliance.Status, one.RecordState])
const at = (time: string, more: object = {}) => changeEvent({ item: { configurationItemCaptureTime: time, ...more } })

describe('A3 a resource that is deleted, not recorded or out of scope', () => {
  const statuses = ['OK', 'ResourceDiscovered', 'ResourceNotRecorded', 'ResourceDeleted', 'ResourceDeletedNotRecorded']
  it.each(statuses.flatMap((status) => [[status, false] as const, [status, true] as const]))(
    'A3 %s, left scope %s: without a configuration it is NOT_APPLICABLE once it is gone, and archived once',
    async (configurationItemStatus, eventLeftScope) => {
      const event = changeEvent({ item: { configurationItemStatus, configuration: null }, event: { eventLeftScope } })
      await invoke(fake, event)
      await invoke(fake, event)
      expect(shown()).toEqual({ 'team/app': 'NOT_APPLICABLE' })
      expect(hub()).toEqual([['PASSED', 'ARCHIVED']])
    },
  )
})

describe('A4 a notification that does not fit', () => {
  it('A4 a scheduled one on a rule of changes is a sweep', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    await invoke(fake, scheduledEvent())
    expect(shown()['team/app']).toBe('NON_COMPLIANT')
  })
  it('A4 a change on a rule that runs on schedule is judged', async () => {
    const scheduledOnly = defineRule({
      ...probeRule,
      triggers: { change: false, scheduled: true, calls: [] },
    } as typeof probeRule)
    fake.state.repositories.set('team/app', openPolicy)
    await invoke(fake, changeEvent(), { rules: [scheduledOnly] })
    expect(shown()['team/app']).toBe('NON_COMPLIANT')
  })
  it.each([
    ['a delivered snapshot', 'ConfigurationSnapshotDeliveryCompleted', 'is not served'],
    ['an unknown kind', 'Surprise', 'expected a change, oversized change or scheduled notification'],
  ])('A4 %s is refused by name', async (_name, messageType, message) => {
    await expect(invoke(fake, changeEvent({ invoking: { messageType } }))).rejects.toThrow(message)
    expect(fake.calls).toEqual([])
  })
})

describe('A5 and A6 events more than once, and out of order', () => {
  const minute = (n: number) => `2026-03-01T10:0${n}:00.000Z`
  it('A5 A6 whatever order and number of events, the end is the verdict on what is there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom('OK', 'ResourceDeleted'),
        async (minutes, open, status) => {
          fake.compliance.clear()
          fake.findings.clear()
          fake.state.repositories.set('team/app', open ? openPolicy : closedPolicy)
          for (const n of minutes)
            await invoke(fake, at(minute(n), { configurationItemStatus: n === 2 ? status : 'OK' }))
          expect(shown()).toEqual({ 'team/app': open ? 'NON_COMPLIANT' : 'COMPLIANT' })
          expect(hub()).toEqual([[open ? 'FAILED' : 'PASSED', 'ACTIVE']])
        },
      ),
      { numRuns: 20 },
    )
  })
  it('A5 a sweep that is delivered twice ends as if it had come once', async () => {
    serveCompliance(fake)
    fake.state.repositories.set('a', openPolicy).set('b', closedPolicy)
    await invoke(fake, scheduledEvent())
    const once = [JSON.stringify([...fake.compliance]), JSON.stringify([...fake.findings])]
    await invoke(fake, scheduledEvent())
    expect([JSON.stringify([...fake.compliance]), JSON.stringify([...fake.findings])]).toEqual(once)
  })
})

describe('A7 a capture time', () => {
  it.each([
    '2026-03-01T12:15:01.000Z',
    '9999-01-01T00:00:00.000Z',
    'yesterday',
    '1',
    '',
    'May',
    '2026-13-01T00:00:00Z',
  ])('A7 %s is refused, and nothing is called', async (time) => {
    await expect(invoke(fake, at(time))).rejects.toThrow('configurationItemCaptureTime')
    expect(fake.calls).toEqual([])
  })
  it('A7 any text is refused or is the time of the evaluation', async () => {
    fake.state.repositories.set('team/app', closedPolicy)
    const latest = Date.parse('2026-03-01T12:15:00.000Z')
    const time = fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.integer({ min: 0, max: latest + 60_000 }).map((milliseconds) => new Date(milliseconds).toISOString()),
    )
    await fc.assert(
      fc.asyncProperty(time, async (text) => {
        fake.evaluations.length = 0
        await invoke(fake, at(text)).catch(() => undefined)
        for (const one of fake.evaluations) {
          expect(one.OrderingTimestamp).toBeCloseTo(Date.parse(text) / 1000, 3)
          expect(one.OrderingTimestamp * 1000).toBeLessThanOrEqual(latest)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('A8 a forged event', () => {
  it.each([
    ['event.accountId', changeEvent({ event: { accountId: '999999999999' } })],
    [
      'event.configRuleArn',
      changeEvent({ event: { configRuleArn: 'arn:aws:config:us-east-1:111122223333:config-rule/x' } }),
    ],
    ['configurationItem.awsAccountId', changeEvent({ item: { awsAccountId: '999999999999' } })],
    ['configurationItem.awsRegion', changeEvent({ item: { awsRegion: 'us-east-1' } })],
    ['invokingEvent.awsAccountId', { ...scheduledEvent(), accountId: '999999999999' }],
  ])('A8 with another %s is refused before any call', async (field, event) => {
    await expect(invoke(fake, event)).rejects.toThrow(field)
    expect(fake.calls).toEqual([])
  })
  it('A8 cannot pass a repository that is open, nor take its finding away', async () => {
    serveCompliance(fake)
    fake.state.repositories.set('team/app', openPolicy)
    const item = { configuration: { RepositoryName: 'team/app', RepositoryPolicyText: closedPolicy } }
    for (const configurationItemStatus of ['OK', 'ResourceDeleted', 'ResourceDeletedNotRecorded']) {
      await invoke(fake, changeEvent({ item: { ...item, configurationItemStatus } }))
      expect(shown()).toEqual({ 'team/app': 'NON_COMPLIANT' })
      expect(hub()).toEqual([['FAILED', 'ACTIVE']])
    }
  })
})

it('A11 whatever events are lost, the next sweep ends as if none had been', async () => {
  serveCompliance(fake)
  const change = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    policy: fc.constantFrom(openPolicy, closedPolicy, undefined, 'deleted'),
    lost: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 10 }), async (changes) => {
      for (const held of [fake.compliance, fake.findings, fake.state.repositories]) held.clear()
      await invoke(fake, scheduledEvent('2026-03-01T09:00:00.000Z'))
      let minute = 10
      for (const { name, policy, lost } of changes) {
        if (policy === 'deleted') fake.state.repositories.delete(name)
        else fake.state.repositories.set(name, policy)
        const item = { resourceId: name, resourceName: name, ARN: null }
        if (!lost) await invoke(fake, at(`2026-03-01T10:${minute++}:00.000Z`, item))
      }
      await invoke(fake, scheduledEvent('2026-03-01T11:00:00.000Z'))
      for (const name of ['a', 'b', 'c', 'd']) {
        const there = fake.state.repositories.has(name)
        const verdict = fake.state.repositories.get(name) === openPolicy ? 'NON_COMPLIANT' : 'COMPLIANT'
        expect(shown()[name] ?? 'NOT_APPLICABLE').toBe(there ? verdict : 'NOT_APPLICABLE')
        const finding = [...fake.findings.values()].find((one) => one.Resources[0].Id.endsWith(`repository/${name}`))
        const status = there ? [verdict === 'COMPLIANT' ? 'PASSED' : 'FAILED', 'ACTIVE'] : ['PASSED', 'ARCHIVED']
        if (there || finding) expect([finding?.Compliance.Status, finding?.RecordState]).toEqual(status)
      }
    }),
    { numRuns: 25 },
  )
})

describe('C writing a sweep of 150 repositories', () => {
  const puts = () => fake.calls.filter(({ operation }) => operation === 'PutEvaluations').length
  beforeEach(() => {
    for (let n = 0; n < 150; n++) fake.state.repositories.set(`r${n}`, closedPolicy)
  })
  const failed = (times: number) => {
    fake.state.plan = (operation, _n, body) => {
      if (operation !== 'PutEvaluations' || times-- <= 0) return undefined
      const [first] = body.Evaluations
      return { answer: { FailedEvaluations: [first] } }
    }
  }

  it('C1 evaluations that AWS Config reports as failed are sent again', async () => {
    failed(2)
    await invoke(fake, scheduledEvent())
    expect(shown()).toHaveProperty('r0', 'COMPLIANT')
  })
  it('C1 one that keeps failing fails the invocation, and Security Hub is not told of it', async () => {
    fake.state.plan = (operation, _n, body) =>
      operation === 'PutEvaluations' &&
      body.Evaluations.some((one: { ComplianceResourceId: string }) => one.ComplianceResourceId === 'r7')
        ? {
            answer: {
              FailedEvaluations: [{ ComplianceResourceType: 'AWS::ECR::Repository', ComplianceResourceId: 'r7' }],
            },
          }
        : undefined
    await expect(invoke(fake, scheduledEvent())).rejects.toThrow(
      'did not accept 1 evaluation(s): AWS::ECR::Repository r7',
    )
    expect([...fake.findings.values()].filter((one) => one.Resources[0].Id.endsWith('/r7'))).toEqual([])
    expect(fake.findings.size).toBe(150)
  })
  it('C2 one that is invalid is found in a few calls, and the others are written', async () => {
    fake.state.plan = (operation, _n, body) =>
      operation === 'PutEvaluations' &&
      body.Evaluations.some((one: { ComplianceResourceId: string }) => one.ComplianceResourceId === 'r42')
        ? { error: 'ValidationException' }
        : undefined
    await expect(invoke(fake, scheduledEvent())).rejects.toThrow(
      'did not accept 1 evaluation(s): AWS::ECR::Repository r42',
    )
    expect(Object.keys(shown())).toHaveLength(150)
    expect(puts()).toBeLessThanOrEqual(14)
  })
  it('C3 an answer that was lost after AWS Config took the evaluations does no harm', async () => {
    serveCompliance(fake)
    fake.state.plan = (operation, n, body) => {
      if (operation !== 'PutEvaluations' || n !== 1) return undefined
      for (const one of body.Evaluations)
        fake.compliance.set(`${one.ComplianceResourceType} ${one.ComplianceResourceId}`, one)
      return { error: 'InternalFailure', status: 500 }
    }
    await expect(invoke(fake, scheduledEvent())).rejects.toThrow('InternalFailure')
    expect(fake.findings.size).toBe(0)
    await invoke(fake, scheduledEvent())
    expect(Object.values(shown()).filter((one) => one === 'COMPLIANT')).toHaveLength(150)
    expect(fake.findings.size).toBe(151)
  })
})

describe('C4 and C8 whom it may concern', () => {
  it.each([
    ['a change', changeEvent({ event: { resultToken: 'stale' } })],
    ['a sweep', { ...scheduledEvent(), resultToken: 'stale' }],
  ])('C4 a refused result token is named, and Security Hub is not told of %s', async (_name, event) => {
    fake.state.repositories.set('team/app', openPolicy)
    const failure = invoke(fake, event)
    await expect(failure).rejects.toThrow('refused the result token')
    await expect(failure).rejects.not.toThrow('stale')
    expect(fake.findings.size).toBe(0)
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('BatchImportFindings')
  })
  it('C8 a finding of another account never leaves the function', async () => {
    const finding = { Id: 'x', AwsAccountId: '999999999999' }
    const patience = { sleep: async () => undefined, random: () => 0 }
    const { securityHub: client } = clientsAt(fake.endpoint, 'eu-central-1')
    const sent = importFindings({ client, accountId: '111122223333', ...patience }, [finding as never])
    await expect(sent).rejects.toThrow('belongs to another account')
    expect(fake.calls).toEqual([])
  })
})

describe('D7 and D9 the process', () => {
  it('D7 a rule that throws on one resource leaves that one undetermined, and the others are judged', async () => {
    const brittle = defineRule({
      ...probeRule,
      evaluate: (resource: Parameters<typeof probeRule.evaluate>[0]) => {
        if (resource.ref.id === 'b') throw new Error('a bug')
        return noncompliant('judged')
      },
    } as typeof probeRule)
    for (const name of ['a', 'b', 'c']) fake.state.repositories.set(name, closedPolicy)
    await invoke(fake, scheduledEvent(), { rules: [brittle] })
    expect(
      fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType, one.Annotation?.slice(0, 13)]),
    ).toEqual([
      ['a', 'NON_COMPLIANT', 'judged'],
      ['b', 'NON_COMPLIANT', 'Undetermined:'],
      ['c', 'NON_COMPLIANT', 'judged'],
      ['111122223333', 'NOT_APPLICABLE', '3 resources o'],
    ])
  })

  it('D9 invocations of a warm function that overlap write what each would write alone', async () => {
    serveCompliance(fake)
    for (const name of ['a', 'b', 'c', 'd']) fake.state.repositories.set(name, name < 'c' ? openPolicy : closedPolicy)
    const events = [...Array(60).keys()].map((n) => {
      const name = ['a', 'b', 'c', 'd'][n % 4]
      return n % 15 === 0
        ? scheduledEvent()
        : at('2026-03-01T10:00:00.000Z', { resourceId: name, resourceName: name, ARN: null })
    })
    const broken = [...events, changeEvent({ event: { accountId: '999999999999' } }), { source: 'pullpath.sweep' }]
    const handler = warmFunction(fake)
    const outcomes = await Promise.allSettled(broken.map((event) => handler(event)))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2)
    expect(shown()).toEqual({
      ...{ a: 'NON_COMPLIANT', b: 'NON_COMPLIANT', c: 'COMPLIANT', d: 'COMPLIANT' },
      '111122223333': 'NOT_APPLICABLE',
    })
    expect(fake.findings.size).toBe(5)
  })
})
