// Properties of one function of a Config rule under generated fault plans; those of the whole runtime are in test/faults/runtime.
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numRuns as times } from '../../faults/runs.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'

const numRuns = times(40)
const timeout = 20_000 + numRuns * 500

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

/** Repositories: their policy, or `gone`. */
type World = Readonly<Record<string, 'open' | 'closed' | 'none' | 'gone'>>
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const world: fc.Arbitrary<World> = fc
  .array(fc.constantFrom('open', 'closed', 'none', 'gone'), { minLength: names.length, maxLength: names.length })
  .map((states) => Object.fromEntries(names.map((name, index) => [name, states[index] ?? 'gone'])))
const policies = { open: openPolicy, closed: closedPolicy, none: undefined }

function fill(target: FakeAws, repositories: World): void {
  target.state.repositories.clear()
  for (const [name, state] of Object.entries(repositories)) {
    if (state !== 'gone') target.state.repositories.set(name, policies[state])
  }
}
function empty(target: FakeAws): void {
  for (const held of [target.compliance, target.findings, target.state.services]) held.clear()
  for (const list of [target.evaluations, target.calls]) list.length = 0
  target.state.plan = () => undefined
  serveCompliance(target)
}

const reads = ['DescribeRepositories', 'GetRepositoryPolicy', 'GetRegistryPolicy', 'GetComplianceDetailsByConfigRule']
const writes = ['PutEvaluations', 'BatchImportFindings']
const refusals: readonly Fault[] = [
  { error: 'ThrottlingException' },
  { error: 'AccessDeniedException' },
  { error: 'InternalFailure', status: 500 },
  { error: 'ExpiredTokenException' },
]
const malformed: readonly Fault[] = [
  { text: '' },
  { text: '<html></html>' },
  { text: '{"repositories": {}, "policyText": 1, "EvaluationResults": [{}]}' },
  { text: 'null' },
]
interface PlannedFault {
  readonly operation: string
  readonly nth: number
  readonly fault: Fault
  /** What the answer holds is true, and not everything. */
  readonly short: boolean
}
const nth = fc.integer({ min: 1, max: 10 })
const plannedFault: fc.Arbitrary<PlannedFault> = fc.oneof(
  fc.record({
    operation: fc.constantFrom(...reads),
    nth,
    fault: fc.constantFrom(...refusals, ...malformed),
    short: fc.constant(false),
  }),
  // A good answer to PutEvaluations may be empty: only a refusal says that nothing was taken.
  fc.record({
    operation: fc.constantFrom(...writes),
    nth,
    fault: fc.constantFrom(...refusals),
    short: fc.constant(false),
  }),
  fc.record({
    operation: fc.constant('PutEvaluations'),
    nth,
    fault: fc.constant<Fault>({
      answer: { FailedEvaluations: [{ ComplianceResourceType: 'AWS::ECR::Repository', ComplianceResourceId: 'a' }] },
    }),
    short: fc.constant(false),
  }),
  fc.record({
    operation: fc.constant('DescribeRepositories'),
    nth,
    fault: fc.constant<Fault>({ answer: { repositories: [] } }),
    short: fc.constant(true),
  }),
)
const plan = fc.array(plannedFault, { maxLength: 6 })

function play(target: FakeAws, faults: readonly PlannedFault[]): void {
  const counts = new Map<string, number>()
  target.state.plan = (operation, _n, body) => {
    const n = (counts.get(operation) ?? 0) + 1
    counts.set(operation, n)
    const found = faults.find((one) => one.operation === operation && one.nth === n)
    if (found && operation === 'PutEvaluations' && 'answer' in found.fault) takeAllBut(target, 'a', body.Evaluations)
    // A look at one repository never lies about it.
    return found?.short && body.repositoryNames ? undefined : found?.fault
  }
}

/** What AWS Config does not name as failed it has taken. */
function takeAllBut(target: FakeAws, failed: string, evaluations: readonly Evaluation[]): void {
  for (const one of evaluations.filter(({ ComplianceResourceId }) => ComplianceResourceId !== failed)) {
    target.evaluations.push(one)
    target.compliance.set(`${one.ComplianceResourceType} ${one.ComplianceResourceId}`, one)
  }
}
interface Evaluation {
  readonly ComplianceResourceType: string
  readonly ComplianceResourceId: string
}

const first = scheduledEvent('2026-03-01T09:00:00.000Z')
const faulty = scheduledEvent('2026-03-01T10:00:00.000Z')
const last = scheduledEvent('2026-03-01T11:00:00.000Z')
const account = '111122223333'
const verdictOf = (state: World[string]) =>
  state === 'open' ? 'NON_COMPLIANT' : state === 'gone' ? undefined : 'COMPLIANT'
const nameIn = (arn: string) => arn.split('repository/')[1]

/** Repository to verdict, and to status and record state; what is not applicable or archived is left out. */
function finalState(target: FakeAws) {
  const config = [...target.compliance.values()]
    .filter((one) => one.ComplianceType !== 'NOT_APPLICABLE')
    .map((one) => [one.ComplianceResourceId, one.ComplianceType])
  const hub = [...target.findings.values()]
    .filter((one) => one.RecordState === 'ACTIVE')
    .map((one) => [nameIn(one.Resources[0].Id), one.Compliance.Status])
  return { config: Object.fromEntries(config.sort()), hub: Object.fromEntries(hub.sort()) }
}
function truth(repositories: World) {
  const there = Object.entries(repositories).filter(([, state]) => state !== 'gone')
  return {
    config: Object.fromEntries(there.map(([name, state]) => [name, verdictOf(state)])),
    hub: Object.fromEntries(there.map(([name, state]) => [name, state === 'open' ? 'FAILED' : 'PASSED'])),
  }
}

/** P2, and that nothing which exists is said to be gone: of everything that was written. */
function expectNothingWrong(target: FakeAws, repositories: World): void {
  for (const one of target.evaluations) {
    const state = repositories[one.ComplianceResourceId]
    if (one.ComplianceResourceType !== 'AWS::ECR::Repository' || state === undefined) continue
    if (state === 'open') expect(one.ComplianceType).toBe('NON_COMPLIANT')
    if (state !== 'gone') expect(one.ComplianceType).not.toBe('NOT_APPLICABLE')
    if (state === 'gone') expect(one.ComplianceType).not.toBe('COMPLIANT')
  }
  const imported = target.calls.filter(({ operation }) => operation === 'BatchImportFindings')
  for (const finding of imported.flatMap(({ body }) => body.Findings)) {
    const state = repositories[nameIn(finding.Resources[0].Id) ?? '']
    if (state === 'open') expect(finding.Compliance.Status).not.toBe('PASSED')
    if (state !== undefined && state !== 'gone') expect(finding.RecordState).toBe('ACTIVE')
  }
}

/** Delivers an event as Lambda does: twice more when it fails. Returns whether it ended well. */
async function deliverEvent(target: FakeAws, event: unknown, check: () => void): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const done = await invoke(target, event).then(
      () => true,
      () => false,
    )
    check()
    if (done) return true
  }
  return false
}

const all = (state: World[string]): World => Object.fromEntries(names.map((name) => [name, state]))

/** A verdict that comes with the second attempt only, whose finding Security Hub then refuses: the third has to send it. */
const brokenOnce: [World, World, readonly PlannedFault[]] = [
  { ...all('open'), e: 'gone' },
  { ...all('open'), d: 'closed' },
  [
    { operation: 'GetRepositoryPolicy', nth: 4, fault: { error: 'ThrottlingException' }, short: false },
    { operation: 'BatchImportFindings', nth: 2, fault: { error: 'ThrottlingException' }, short: false },
  ],
]

describe('a sweep under faults', () => {
  it('P1 P2 P4 P6 P7 writes nothing wrong, says when it is not complete, and is made good by the next one', {
    timeout,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(world, world, plan, async (before, now, faults) => {
        empty(fake)
        fill(fake, before)
        await invoke(fake, first)
        expect(finalState(fake)).toEqual(truth(before))
        const fair = fake.calls.length
        fill(fake, now)
        play(fake, faults)
        fake.evaluations.length = 0
        fake.calls.length = 0
        let attempts = 0
        const done = await deliverEvent(fake, faulty, () => {
          attempts += 1
          expectNothingWrong(fake, now)
        })
        // P6: a fault costs some calls, never a multiple of the work.
        expect(fake.calls.length).toBeLessThanOrEqual(attempts * (3 * fair + 12 * (names.length + faults.length)))
        if (done && !faults.some(({ short }) => short)) expectComplete(now)
        fake.state.plan = () => undefined
        await invoke(fake, last)
        expect(finalState(fake)).toEqual(truth(now))
        const settled = [JSON.stringify([...fake.compliance]), JSON.stringify([...fake.findings])]
        await invoke(fake, last)
        expect([JSON.stringify([...fake.compliance]), JSON.stringify([...fake.findings])]).toEqual(settled)
      }),
      { numRuns, examples: [brokenOnce] },
    )
  })

  /** P1, P7: an invocation that ended well has a verdict on everything there is, or says what is missing. */
  function expectComplete(now: World): void {
    const whole = fake.compliance.get(`AWS::::Account ${account}`)
    expect(whole.OrderingTimestamp).toBe(Date.parse('2026-03-01T10:00:00.000Z') / 1000)
    if (whole.ComplianceType === 'NON_COMPLIANT') return void expect(whole.Annotation).toMatch(/^Undetermined: /)
    for (const [name, state] of Object.entries(now)) {
      if (state === 'gone') continue
      const shown = fake.compliance.get(`AWS::ECR::Repository ${name}`)
      if (!shown.Annotation.startsWith('Undetermined: ')) expect(shown.ComplianceType).toBe(verdictOf(state))
    }
  }

  it('P3 faults in one account change nothing in another', { timeout }, async () => {
    const other = await startFakeAws('222233334444')
    const functionArn = 'arn:aws:lambda:eu-central-1:222233334444:function:f'
    const event = JSON.parse(JSON.stringify(faulty).replaceAll(account, '222233334444'))
    try {
      await fc.assert(
        fc.asyncProperty(world, plan, async (repositories, faults) => {
          for (const target of [fake, other]) {
            empty(target)
            fill(target, repositories)
          }
          await invoke(other, event, { functionArn })
          const alone = JSON.stringify([other.evaluations, [...other.findings]])
          empty(other)
          play(fake, faults)
          await Promise.allSettled([invoke(fake, faulty), invoke(other, event, { functionArn })])
          expect(JSON.stringify([other.evaluations, [...other.findings]])).toBe(alone)
        }),
        { numRuns: Math.ceil(numRuns / 3) },
      )
    } finally {
      await other.close()
    }
  })

  it('P8 killed after any request, the next attempt makes it good', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(world, world, fc.integer({ min: 0, max: 30 }), async (before, now, requests) => {
        empty(fake)
        fill(fake, before)
        await invoke(fake, first)
        fill(fake, now)
        fake.evaluations.length = 0
        fake.calls.length = 0
        await killedAfter(requests, faulty)
        expectNothingWrong(fake, now)
        await invoke(fake, faulty)
        expect(finalState(fake)).toEqual(truth(now))
      }),
      { numRuns },
    )
  })
})

describe('a sweep in hops under faults', () => {
  it('P1 P2 whenever its time is up, the chain judges everything once it is whole, and never ends well when it is not', {
    timeout,
  }, async () => {
    const hop = fc.record({ looks: fc.integer({ min: 2, max: 12 }), faults: plan })
    await fc.assert(
      fc.asyncProperty(world, world, fc.array(hop, { maxLength: 4 }), async (before, now, hops) => {
        empty(fake)
        fill(fake, before)
        await invoke(fake, first)
        fill(fake, now)
        fake.evaluations.length = 0
        fake.calls.length = 0
        let next: unknown = faulty
        let failed = false
        for (let n = 0; next !== undefined && n < 8; n++) {
          const { looks, faults } = hops[n] ?? { looks: Number.POSITIVE_INFINITY, faults: [] }
          play(fake, faults)
          let asked = 0
          let followUp: unknown
          const remaining = () => (asked++ < looks ? 60_000 : 19_000)
          const continueLater = async (_functionArn: string, event: unknown) => {
            followUp = JSON.parse(JSON.stringify(event))
          }
          await invoke(fake, next, { remaining, continueLater }).catch(() => {
            failed = true
          })
          expectNothingWrong(fake, now)
          next = followUp
        }
        const closed = fake.evaluations.some(
          (one) =>
            one.ComplianceResourceType === 'AWS::::Account' &&
            one.OrderingTimestamp === Date.parse('2026-03-01T10:00:00.000Z') / 1000,
        )
        const lies = hops.some(({ faults }) => faults.some(({ short }) => short))
        // A chain that ended well has closed the sweep.
        if (!failed) expect(closed).toBe(true)
        if (!failed && !lies && hops.every(({ faults }) => faults.length === 0))
          expect(finalState(fake)).toEqual(truth(now))
        fake.state.plan = () => undefined
        await invoke(fake, last)
        expect(finalState(fake)).toEqual(truth(now))
      }),
      { numRuns },
    )
  })
})

/** Runs until the given number of requests was answered; the next one is never sent, and nothing happens after it. */
async function killedAfter(requests: number, event: unknown): Promise<void> {
  let left = requests
  const clients = clientsAt(fake.endpoint, 'eu-central-1')
  await new Promise<void>((resolve) => {
    for (const client of [clients.config, clients.ecr, clients.securityHub]) {
      const send = client.send.bind(client) as (...all: unknown[]) => unknown
      const mortal = (...all: unknown[]) => {
        if (left-- > 0) return send(...all)
        resolve()
        return new Promise(() => undefined)
      }
      Object.defineProperty(client, 'send', { value: mortal })
    }
    invoke(fake, event, { clients }).then(resolve, resolve)
  })
  // What was sent side by side with the last request may still arrive.
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Of a repository that is gone an older event comes late, and may not look: it must not bring the finding back. */
const toldLate: [World, [string, number][], readonly PlannedFault[]] = [
  { ...all('open'), g: 'gone' },
  [
    ['g', 11],
    ['a', 10],
    ['g', 10],
  ],
  [{ operation: 'DescribeRepositories', nth: 3, fault: { error: 'AccessDeniedException' }, short: false }],
]

describe('change events under faults', () => {
  it('P1 P2 P5 whatever fails and in whatever order they come, nothing wrong is written and the sweep makes it good', {
    timeout,
  }, async () => {
    const events = fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 10, max: 59 })), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(world, events, plan, async (now, changes, faults) => {
        empty(fake)
        fill(fake, now)
        play(fake, faults)
        for (const [name, minute] of changes) {
          const item = { resourceId: name, resourceName: name, ARN: null }
          const time = { configurationItemCaptureTime: `2026-03-01T09:${minute}:00.000Z` }
          const done = await deliverEvent(fake, changeEvent({ item: { ...item, ...time } }), () =>
            expectNothingWrong(fake, now),
          )
          const shown = fake.compliance.get(`AWS::ECR::Repository ${name}`)
          if (done && shown && !shown.Annotation?.startsWith('Undetermined: ')) {
            expect(shown.ComplianceType).toBe(verdictOf(now[name] ?? 'gone') ?? 'NOT_APPLICABLE')
          }
        }
        fake.state.plan = () => undefined
        await invoke(fake, last)
        expect(finalState(fake)).toEqual(truth(now))
      }),
      { numRuns, examples: [toldLate] },
    )
  })
})
